#include "core/signing_key.hpp"

#include "core/cbor.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::core {

namespace {

constexpr std::size_t coordinate_size = 32;
constexpr std::size_t longest_signature = 72;

[[noreturn]] void fail(char const* what)
{
    ERR_clear_error();
    throw std::runtime_error(what);
}

std::string_view view_of(unsigned char const* bytes, std::size_t size) noexcept
{
    return {reinterpret_cast<char const*>(bytes), size}; // NOLINT(*-reinterpret-cast)
}

bool is_p256(EVP_PKEY* key)
{
    std::array<char, 32> group{};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

} // namespace

signing_key::signing_key()
    : pair_(EVP_EC_gen("P-256"), &EVP_PKEY_free)
{
    if (!pair_)
        fail("no P-256 key could be made");
}

signing_key::signing_key(std::shared_ptr<EVP_PKEY> pair)
    : pair_(std::move(pair))
{}

std::optional<signing_key> signing_key::imported(std::string_view der)
{
    auto const* at = reinterpret_cast<unsigned char const*>(der.data()); // NOLINT(*-reinterpret-cast)
    auto const* const end = at + der.size();
    std::shared_ptr<EVP_PKEY> pair(
        d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, static_cast<long>(der.size())), &EVP_PKEY_free);
    if (!pair || at != end || !is_p256(pair.get())) {
        ERR_clear_error();
        return std::nullopt;
    }
    return signing_key(std::move(pair));
}

secret signing_key::exported() const
{
    unsigned char* bytes = nullptr;
    auto const size = i2d_PrivateKey(pair_.get(), &bytes);
    if (size <= 0)
        fail("the private key cannot be written");
    secret der(view_of(bytes, static_cast<std::size_t>(size)));
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return der;
}

std::string signing_key::public_cose() const
{
    std::array<unsigned char, 1 + 2 * coordinate_size> point{}; // SEC 1 §2.3.3, uncompressed
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(
            pair_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) != 1 ||
        size != point.size())
        fail("the public key cannot be written");
    cbor_writer key;
    key.map(5);
    key.integer(1), key.integer(2);  // kty: EC2
    key.integer(3), key.integer(-7); // alg: ES256
    key.integer(-1), key.integer(1); // crv: P-256
    key.integer(-2), key.bytes(view_of(point.data() + 1, coordinate_size));
    key.integer(-3), key.bytes(view_of(point.data() + 1 + coordinate_size, coordinate_size));
    return key.written();
}

std::string signing_key::sign(std::string_view message) const
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    auto const* bytes = reinterpret_cast<unsigned char const*>(message.data()); // NOLINT(*-reinterpret-cast)
    std::array<unsigned char, longest_signature> signature{};
    auto size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, pair_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, bytes, message.size()) != 1)
        fail("the key cannot sign");
    return std::string(view_of(signature.data(), size));
}

} // namespace fluxer::auth::core
