#include "core/printable.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

bool disturbs_a_line(char32_t code_point) noexcept
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
           (code_point >= 0x200E && code_point <= 0x200F) || (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF;
}

bool is_of_a_secret(char character) noexcept
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

// The shortest of them is the session token: "flx_" and 36 characters.
constexpr std::size_t shortest_token = 40;

/// The server's own codes may be as long, but have no small letters.
bool may_be_a_token(std::string_view word) noexcept
{
    return word.size() >= shortest_token && std::any_of(word.begin(), word.end(), [](char character) {
               return character >= 'a' && character <= 'z';
           });
}

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
        auto const point = first_code_point(text);
        if (!point.is_valid())
            line += '?';
        else if (disturbs_a_line(point.value))
            line += ' ';
        else
            line += text.substr(0, point.bytes);
        text.remove_prefix(point.bytes);
    }
    return line;
}

std::string printable_without_tokens(std::string_view text, std::size_t max_characters)
{
    std::string kept;
    kept.reserve(text.size());
    for (auto rest = text; !rest.empty();) {
        auto const end = std::find_if_not(rest.begin(), rest.end(), is_of_a_secret);
        auto const length = static_cast<std::size_t>(end - rest.begin());
        auto const word = rest.substr(0, length);
        kept += may_be_a_token(word) ? std::string_view("[redacted]") : word;
        rest.remove_prefix(length);
        if (!rest.empty()) {
            kept += rest.front();
            rest.remove_prefix(1);
        }
    }
    return printable(kept, max_characters);
}

} // namespace fluxer::auth::core
