#include "core/encoding.hpp"

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace fluxer::auth::core {

namespace {

constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

} // namespace

std::string base64url_encode(std::span<unsigned char const> bytes)
{
    std::string text((bytes.size() * 4 + 2) / 3, '\0');
    auto* out = text.data();
    std::uint32_t bits = 0;
    int count = 0;
    for (auto const byte : bytes) {
        bits = (bits << 8) | byte;
        for (count += 8; count >= 6; *out++ = base64url_alphabet[(bits >> count) & 63U])
            count -= 6;
    }
    if (count > 0)
        *out = base64url_alphabet[(bits << (6 - count)) & 63U];
    return text;
}

std::string base64_encode(std::span<unsigned char const> bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');          // EVP writes a NUL behind the text
    auto* const out = reinterpret_cast<unsigned char*>(text.data()); // NOLINT(*-reinterpret-cast)
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(out, bytes.data(), static_cast<int>(bytes.size()))));
    return text;
}

std::optional<std::string> base64url_decode(std::string_view text)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (auto const character : text) {
        auto const value = base64url_alphabet.find(character);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 255U));
        }
    }
    if ((bits & ((1U << count) - 1U)) != 0)
        return std::nullopt;
    return bytes;
}

std::optional<std::string> base32_decode(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() * 5 / 8);
    std::uint32_t bits = 0;
    int count = 0;
    for (auto character : text) {
        if (character == ' ' || character == '-' || character == '=')
            continue;
        if (character >= 'a' && character <= 'z')
            character = static_cast<char>(character - 'a' + 'A');
        auto const value = base32_alphabet.find(character);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 5) | static_cast<std::uint32_t>(value);
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 255U));
        }
    }
    return bytes;
}

std::array<unsigned char, 32> sha256(std::string_view bytes)
{
    // The one-shot SHA256() of OpenSSL 3 looks the algorithm up by its name each time. Never freed, as OpenSSL may end
    // before the last user.
    static EVP_MD const* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(
        EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::array<unsigned char, 32> digest{};
    if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

} // namespace fluxer::auth::core
