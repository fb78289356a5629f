#include "sandbox/crypto.hpp"

#include "core/encoding.hpp"
#include "sandbox/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t salt_size = 16;

template <std::size_t Size>
std::array<unsigned char, Size> hmac(EVP_MD const* digest, std::string_view key, std::string_view data)
{
    std::array<unsigned char, Size> code{};
    unsigned size = 0;
    auto const* bytes = reinterpret_cast<unsigned char const*>(data.data());
    if (!HMAC(digest, key.data(), static_cast<int>(key.size()), bytes, data.size(), code.data(), &size) ||
        size != Size)
        throw std::runtime_error("HMAC failed");
    return code;
}

std::string hash_with_salt(std::string_view salt, std::string_view password)
{
    std::string salted(salt);
    salted += password;
    auto const digest = core::sha256(salted);
    OPENSSL_cleanse(salted.data(), salted.size());
    return std::string(salt) + std::string(digest.begin(), digest.end());
}

} // namespace

std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::string_view data)
{
    return hmac<20>(EVP_sha1(), key, data);
}

std::array<unsigned char, 32> hmac_sha256(std::string_view key, std::string_view data)
{
    return hmac<32>(EVP_sha256(), key, data);
}

std::string hash_password(std::string_view password)
{
    return hash_with_salt(random_bytes(salt_size), password);
}

bool password_matches(std::string_view password, std::string_view hash)
{
    return equal_in_constant_time(hash_with_salt(hash.substr(0, salt_size), password), hash);
}

bool equal_in_constant_time(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string base32_encode(std::string_view bytes)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (char const c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 5;) {
            count -= 5;
            text.push_back(alphabet[(bits >> count) & 31U]);
        }
    }
    if (count > 0)
        text.push_back(alphabet[(bits << (5 - count)) & 31U]);
    return text;
}

} // namespace fluxer::auth::sandbox_detail
