#include "text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace fluxer::auth::conformance {

namespace {

int hex_digit(char character) noexcept
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

/// The octet of an escape at the text's beginning; nothing if there is no whole one.
std::optional<char> escape_at(std::string_view text) noexcept
{
    if (text.size() < 3 || text[0] != '%')
        return std::nullopt;
    auto const high = hex_digit(text[1]);
    auto const low = hex_digit(text[2]);
    return high < 0 || low < 0 ? std::nullopt : std::optional(static_cast<char>(high * 16 + low));
}

bool is_unreserved(char character) noexcept
{
    auto const byte = static_cast<unsigned char>(character);
    return byte < 0x80 &&
           (std::isalnum(byte) != 0 || std::string_view("-._~").find(character) != std::string_view::npos);
}

bool is_blank(char character) noexcept
{
    return std::isspace(static_cast<unsigned char>(character)) != 0;
}

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

std::string lower_case(std::string_view text)
{
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return lowered;
}

bool same_name(std::string_view left, std::string_view right)
{
    return lower_case(left) == lower_case(right);
}

std::string const* find_header(header_list const& headers, std::string_view name)
{
    auto const found = std::find_if(
        headers.begin(), headers.end(), [name](header const& field) { return same_name(field.name, name); });
    return found == headers.end() ? nullptr : &found->value;
}

bool has_word(header_list const& headers, std::string_view name, std::string_view word)
{
    auto const* value = find_header(headers, name);
    if (value == nullptr)
        return false;
    for (std::string_view rest = *value; !rest.empty();) {
        auto const comma = std::min(rest.find(','), rest.size());
        if (same_name(trimmed(rest.substr(0, comma)), word))
            return true;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return false;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string decoded;
    while (!text.empty()) {
        auto const octet = escape_at(text);
        if (!octet && text.front() == '%')
            return std::nullopt;
        decoded += octet.value_or(text.front());
        text.remove_prefix(octet ? 3 : 1);
    }
    return decoded;
}

std::string normalised_target(std::string_view target)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string normal;
    while (!target.empty()) {
        auto const octet = escape_at(target);
        if (octet && !is_unreserved(*octet)) {
            auto const byte = static_cast<unsigned char>(*octet);
            normal += {'%', digits[byte / 16], digits[byte % 16]};
        } else {
            normal += octet.value_or(target.front());
        }
        target.remove_prefix(octet ? 3 : 1);
    }
    return normal;
}

std::string collapsed(std::string_view text)
{
    std::string line;
    for (auto const character : trimmed(text))
        if (!is_blank(character))
            line += character;
        else if (line.back() != ' ')
            line += ' ';
    return line;
}

} // namespace fluxer::auth::conformance
