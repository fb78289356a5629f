#include "core/http_syntax.hpp"

#include <algorithm>
#include <array>

namespace fluxer::auth::core {

namespace {

constexpr std::array<std::string_view, 12> connection_headers{
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
};

char lower(char character) noexcept
{
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool is_visible(char character) noexcept
{
    return character > 0x20 && character < 0x7F;
}

bool is_blank(char character) noexcept
{
    return character == ' ' || character == '\t';
}

bool is_token_character(char character) noexcept
{
    constexpr std::string_view delimiters = "\"(),/:;<=>?@[\\]{}";
    return is_visible(character) && delimiters.find(character) == std::string_view::npos;
}

bool is_field_character(char character) noexcept
{
    return is_visible(character) || is_blank(character) || static_cast<unsigned char>(character) >= 0x80;
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

bool is_token(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_field_value(std::string_view text) noexcept
{
    if (text.empty())
        return true;
    return !is_blank(text.front()) && !is_blank(text.back()) &&
           std::all_of(text.begin(), text.end(), is_field_character);
}

bool is_request_target(std::string_view text) noexcept
{
    return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char character) {
               return is_visible(character) && character != '#';
           });
}

bool is_method(std::string_view text) noexcept
{
    return !text.empty() && text != "CONNECT" && std::all_of(text.begin(), text.end(), [](char character) {
        return character >= 'A' && character <= 'Z';
    });
}

bool is_connection_header(std::string_view name) noexcept
{
    return std::any_of(connection_headers.begin(), connection_headers.end(), [name](auto reserved) {
        return equal_ignoring_case(name, reserved);
    });
}

} // namespace fluxer::auth::core
