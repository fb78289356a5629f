#include "support/passkey.hpp"

#include "core/encoding.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

namespace fluxer::auth::test {

namespace {

namespace json = boost::json;

std::string encode(std::string_view bytes)
{
    return core::base64url_encode({reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()});
}

std::string client_data(std::string_view challenge, std::string_view origin)
{
    json::object members;
    members["type"] = "webauthn.get";
    members["challenge"] = challenge;
    members["origin"] = origin;
    members["crossOrigin"] = false;
    return json::serialize(members);
}

std::string authenticator_data(assertion_values const& values)
{
    auto const hash = core::sha256(values.rp_id);
    std::string data(hash.begin(), hash.end());
    data.push_back(values.user_verified ? '\x05' : '\x01');
    for (int shift = 24; shift >= 0; shift -= 8)
        data.push_back(static_cast<char>((values.counter >> shift) & 0xFF));
    return data;
}

} // namespace

struct passkey::key
{
    key()
        : pair(EVP_EC_gen("P-256"))
    {
        if (!pair)
            throw std::runtime_error("no P-256 key");
    }

    key(key const&) = delete;
    key& operator=(key const&) = delete;

    ~key() { EVP_PKEY_free(pair); }

    EVP_PKEY* pair;
};

passkey::passkey()
    : key_(std::make_unique<key>())
{
    std::array<unsigned char, 16> id{};
    RAND_bytes(id.data(), static_cast<int>(id.size()));
    credential_id_ = core::base64url_encode(id);
}

passkey::~passkey() = default;

std::vector<unsigned char> passkey::public_key() const
{
    unsigned char* bytes = nullptr;
    auto const size = i2d_PUBKEY(key_->pair, &bytes);
    if (size <= 0)
        throw std::runtime_error("the public key can't be written");
    std::vector<unsigned char> copy(bytes, bytes + size);
    OPENSSL_free(bytes);
    return copy;
}

std::string passkey::signature_of(std::string_view message) const
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    auto const* bytes = reinterpret_cast<unsigned char const*>(message.data());
    std::array<unsigned char, 128> signature{};
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, bytes, message.size()) != 1)
        throw std::runtime_error("the key can't sign");
    return {signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(size)};
}

json::value passkey::sign(std::string_view challenge, assertion_values const& values) const
{
    auto const client = client_data(challenge, values.origin);
    auto const authenticator = authenticator_data(values);
    auto const hash = core::sha256(client);
    auto const message = authenticator + std::string(hash.begin(), hash.end());
    auto const signature = signature_of(values.break_signature ? message + "x" : message);

    json::object inner;
    inner["clientDataJSON"] = encode(client);
    inner["authenticatorData"] = encode(authenticator);
    inner["signature"] = encode(signature);
    if (!values.user_handle.empty())
        inner["userHandle"] = values.user_handle;
    json::object response;
    response["id"] = credential_id_;
    response["rawId"] = credential_id_;
    response["type"] = "public-key";
    response["response"] = std::move(inner);
    response["clientExtensionResults"] = json::object();
    return response;
}

} // namespace fluxer::auth::test
