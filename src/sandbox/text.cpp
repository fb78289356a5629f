#include "sandbox/text.hpp"

#include <algorithm>
#include <cstdint>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr char32_t byte_order_mark = 0xFEFF;
constexpr char32_t right_to_left_override = 0x202E;

int sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    if (lead >= 0xF0 && lead < 0xF5)
        return 4;
    return 0;
}

bool is_scalar_of_length(char32_t value, int length)
{
    if (length == 3)
        return value >= 0x800 && !(value >= 0xD800 && value < 0xE000);
    if (length == 4)
        return value >= 0x10000 && value < 0x110000;
    return true;
}

char32_t next_code_point(std::string_view text, std::size_t& at)
{
    auto const lead = static_cast<unsigned char>(text[at]);
    int const length = sequence_length(lead);
    if (length <= 1) {
        ++at;
        return length == 1 ? lead : replacement;
    }
    auto value = static_cast<char32_t>(lead & (0xFFU >> (length + 1)));
    std::size_t end = at + 1;
    for (int i = 1; i < length; ++i, ++end) {
        if (end >= text.size() || (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U) {
            at = end;
            return replacement;
        }
        value = (value << 6) | (static_cast<unsigned char>(text[end]) & 0x3FU);
    }
    at = end;
    return is_scalar_of_length(value, length) ? value : replacement;
}

void append(std::string& out, char32_t value)
{
    if (value < 0x80) {
        out.push_back(static_cast<char>(value));
        return;
    }
    int const trailing = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    auto const lead = trailing == 1 ? 0xC0U : trailing == 2 ? 0xE0U : 0xF0U;
    out.push_back(static_cast<char>(lead | (value >> (6 * trailing))));
    for (int i = trailing - 1; i >= 0; --i)
        out.push_back(static_cast<char>(0x80U | ((value >> (6 * i)) & 0x3FU)));
}

bool is_stripped(char32_t c)
{
    return c <= 0x09 || c == 0x0B || c == 0x0C || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
           c == right_to_left_override;
}

bool is_blank(char32_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == byte_order_mark;
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::string to_valid_utf8(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        bool const first = at == 0;
        auto const c = next_code_point(bytes, at);
        if (!(first && c == byte_order_mark))
            append(out, c);
    }
    return out;
}

std::size_t utf16_length(std::string_view utf8)
{
    std::size_t units = 0;
    for (std::size_t at = 0; at < utf8.size();)
        units += next_code_point(utf8, at) >= 0x10000 ? 2 : 1;
    return units;
}

std::string normalise(std::string_view utf8)
{
    std::u32string kept;
    for (std::size_t at = 0; at < utf8.size();) {
        auto const c = next_code_point(utf8, at);
        if (!is_stripped(c))
            kept.push_back(c);
    }
    auto const first = std::find_if_not(kept.begin(), kept.end(), is_blank);
    auto const last = std::find_if_not(kept.rbegin(), std::make_reverse_iterator(first), is_blank).base();
    std::string out;
    std::for_each(first, last, [&out](char32_t c) { append(out, c); });
    return out;
}

std::string to_lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && to_lower(left) == to_lower(right);
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size())
            return std::nullopt;
        int const high = hex_digit(text[i + 1]);
        int const low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out;
}

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (alphanumeric || unreserved.find(c) != std::string_view::npos) {
            out.push_back(c);
            continue;
        }
        out.push_back('%');
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15U]);
    }
    return out;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        auto const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        if (pair.substr(0, equals) != name)
            continue;
        if (equals == std::string_view::npos)
            return std::string{};
        std::string value(pair.substr(equals + 1));
        std::replace(value.begin(), value.end(), '+', ' ');
        return percent_decode(value).value_or(value);
    }
    return std::nullopt;
}

} // namespace fluxer::auth::sandbox_detail
