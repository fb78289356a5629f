#include <fluxer/auth/helpers.hpp>

#include "core/encoding.hpp"
#include "core/secret_buffer.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace fluxer::auth {

namespace {

constexpr std::chrono::seconds totp_period{30};
constexpr std::uint32_t totp_modulus = 1'000'000;
constexpr std::size_t totp_digits = 6;
constexpr std::string_view handoff_alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
constexpr std::size_t handoff_length = 8;

using sha1_digest = std::array<unsigned char, 20>;

std::array<unsigned char, 8> big_endian(std::uint64_t number) noexcept
{
    std::array<unsigned char, 8> bytes{};
    for (auto index = bytes.size(); index > 0; --index) {
        bytes[index - 1] = static_cast<unsigned char>(number & 0xFFU);
        number >>= 8;
    }
    return bytes;
}

std::optional<sha1_digest> hmac_sha1(std::string_view key, std::span<unsigned char const> message)
{
    sha1_digest digest{};
    unsigned length = 0;
    auto const* const done = HMAC(
        EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), digest.data(),
        &length);
    if (done == nullptr || length != digest.size())
        return std::nullopt;
    return digest;
}

/// RFC 4226 §5.3.
std::uint32_t truncated(sha1_digest const& digest) noexcept
{
    auto const offset = digest.back() & 0x0FU;
    std::uint32_t number = digest[offset] & 0x7FU;
    for (std::size_t index = 1; index < 4; ++index)
        number = (number << 8) | digest[offset + index];
    return number;
}

secret six_digits(std::uint32_t number)
{
    std::array<char, totp_digits> digits{};
    for (auto index = digits.size(); index > 0; --index) {
        digits[index - 1] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    secret code(std::string_view(digits.data(), digits.size()));
    OPENSSL_cleanse(digits.data(), digits.size());
    return code;
}

bool is_blank(char character) noexcept
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

/// A link copied from a mail often brings its line's end along.
std::string_view without_blanks_behind(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

char upper(char character) noexcept
{
    return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
}

} // namespace

std::string session_id_hash(secret const& token)
{
    return core::base64url_encode(core::sha256(token.reveal()));
}

bool is_session_of(auth_session const& session, secret const& token)
{
    return session.id_hash == session_id_hash(token);
}

std::optional<secret> totp_code(secret const& key, std::chrono::system_clock::time_point when)
{
    auto decoded = core::base32_decode(key.reveal());
    if (!decoded)
        return std::nullopt;
    secret const bytes(std::move(*decoded));
    if (bytes.empty())
        return std::nullopt;
    auto const period = std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()) / totp_period;
    auto const digest = hmac_sha1(bytes.reveal(), big_endian(static_cast<std::uint64_t>(period)));
    if (!digest)
        return std::nullopt;
    return six_digits(truncated(*digest) % totp_modulus);
}

std::optional<secret> token_from_link(std::string_view link)
{
    constexpr std::string_view name = "token=";
    auto const hash = link.find('#');
    if (hash == std::string_view::npos)
        return std::nullopt;
    for (auto rest = link.substr(hash + 1);;) {
        auto const end = rest.find('&');
        auto const parameter = without_blanks_behind(rest.substr(0, end));
        if (parameter.starts_with(name) && parameter.size() > name.size())
            return secret(parameter.substr(name.size()));
        if (end == std::string_view::npos)
            return std::nullopt;
        rest.remove_prefix(end + 1);
    }
}

std::optional<secret> normalize_handoff_code(std::string_view code)
{
    core::secret_buffer normalized;
    std::size_t length = 0;
    for (auto const character : code) {
        if (character == '-' || is_blank(character))
            continue;
        auto const letter = upper(character);
        if (length == handoff_length || handoff_alphabet.find(letter) == std::string_view::npos)
            return std::nullopt;
        if (length == handoff_length / 2)
            normalized.push_back('-');
        normalized.push_back(letter);
        ++length;
    }
    if (length != handoff_length)
        return std::nullopt;
    return secret(normalized.view());
}

} // namespace fluxer::auth
