#include "core/printable.hpp"

#include <algorithm>
#include <cstdint>

namespace fluxer::auth::core {

namespace {

struct decoded
{
    std::uint32_t code_point = 0;
    std::size_t length = 0; ///< 0: not UTF-8
};

unsigned char byte_at(std::string_view text, std::size_t index) noexcept
{
    return static_cast<unsigned char>(text[index]);
}

std::size_t sequence_length(unsigned char first) noexcept
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    if (first >= 0xF0 && first < 0xF5)
        return 4;
    return 0;
}

/// RFC 3629: overlong forms, surrogates and what lies beyond U+10FFFF are refused.
bool is_canonical(std::uint32_t code_point, std::size_t length) noexcept
{
    if (length == 3)
        return code_point >= 0x800 && (code_point < 0xD800 || code_point > 0xDFFF);
    if (length == 4)
        return code_point >= 0x10000 && code_point <= 0x10FFFF;
    return true;
}

decoded decode_first(std::string_view text) noexcept
{
    auto const length = sequence_length(byte_at(text, 0));
    if (length == 0 || length > text.size())
        return {};
    if (length == 1)
        return {byte_at(text, 0), 1};
    std::uint32_t code_point = byte_at(text, 0) & (0xFFU >> (length + 1));
    for (std::size_t index = 1; index < length; ++index) {
        auto const byte = byte_at(text, index);
        if ((byte & 0xC0U) != 0x80U)
            return {};
        code_point = (code_point << 6) | (byte & 0x3FU);
    }
    return is_canonical(code_point, length) ? decoded{code_point, length} : decoded{};
}

bool disturbs_a_line(std::uint32_t code_point) noexcept
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
           (code_point >= 0x200E && code_point <= 0x200F) || (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF;
}

bool is_token_character(char character) noexcept
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

// The shortest of them is the session token: "flx_" and 36 characters.
constexpr std::size_t shortest_token = 40;

} // namespace

std::string printable(std::string_view text, std::size_t max_characters)
{
    std::string line;
    line.reserve(std::min(text.size(), max_characters));
    for (std::size_t characters = 0; !text.empty(); ++characters) {
        if (characters == max_characters) {
            line += "…";
            break;
        }
        auto const [code_point, length] = decode_first(text);
        if (length == 0)
            line += '?';
        else if (disturbs_a_line(code_point))
            line += ' ';
        else
            line += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return line;
}

std::string printable_without_tokens(std::string_view text, std::size_t max_characters)
{
    std::string kept;
    kept.reserve(text.size());
    for (auto rest = text; !rest.empty();) {
        auto const end = std::find_if_not(rest.begin(), rest.end(), is_token_character);
        auto const length = static_cast<std::size_t>(end - rest.begin());
        auto const word = rest.substr(0, length);
        kept += length >= shortest_token ? std::string_view("[redacted]") : word;
        rest.remove_prefix(length);
        if (!rest.empty()) {
            kept += rest.front();
            rest.remove_prefix(1);
        }
    }
    return printable(kept, max_characters);
}

} // namespace fluxer::auth::core
