#include "soft_passkey.hpp"

#include "core/encoding.hpp"

#include <boost/json/serialize.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

namespace sandbox_test {

namespace {

std::string encode(std::string_view bytes)
{
    return fluxer::auth::core::base64url_encode(
        {reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()});
}

std::string digest(std::string_view bytes)
{
    auto const hash = fluxer::auth::core::sha256(bytes);
    return std::string(hash.begin(), hash.end());
}

std::string ecdsa(EVP_PKEY* key, std::string_view message)
{
    auto const* bytes = reinterpret_cast<unsigned char const*>(message.data());
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    std::array<unsigned char, 128> signature{};
    auto size = signature.size();
    EVP_DigestSign(context, signature.data(), &size, bytes, message.size());
    EVP_MD_CTX_free(context);
    return std::string(signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(size));
}

} // namespace

soft_passkey::soft_passkey()
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free)
{}

std::vector<unsigned char> soft_passkey::spki() const
{
    unsigned char* der = nullptr;
    int const size = i2d_PUBKEY(key_.get(), &der);
    std::vector<unsigned char> bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

std::vector<unsigned char> soft_passkey::cose() const
{
    std::array<unsigned char, 65> point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    std::vector<unsigned char> bytes = {0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
    bytes.insert(bytes.end(), point.begin() + 1, point.begin() + 33);
    bytes.insert(bytes.end(), {0x22, 0x58, 0x20});
    bytes.insert(bytes.end(), point.begin() + 33, point.end());
    return bytes;
}

boost::json::object soft_passkey::sign(std::string_view challenge, options const& how) const
{
    boost::json::object client;
    client["type"] = "webauthn.get";
    client["challenge"] = challenge;
    client["origin"] = how.origin;
    auto const client_data = boost::json::serialize(client);

    auto authenticator_data = digest(how.rp_id);
    authenticator_data.push_back(static_cast<char>(how.flags));
    for (int shift = 24; shift >= 0; shift -= 8)
        authenticator_data.push_back(static_cast<char>((how.counter >> shift) & 0xFFU));

    boost::json::object inner;
    inner["clientDataJSON"] = encode(client_data);
    inner["authenticatorData"] = encode(authenticator_data);
    inner["signature"] = encode(ecdsa(key_.get(), authenticator_data + digest(client_data)));
    boost::json::object response;
    response["id"] = credential_id;
    response["rawId"] = credential_id;
    response["type"] = "public-key";
    response["clientExtensionResults"] = boost::json::object{};
    response["response"] = std::move(inner);
    return response;
}

} // namespace sandbox_test
