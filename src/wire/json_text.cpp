#include "wire/json_text.hpp"

#include "core/recycled_memory.hpp"

#include <boost/json/serializer.hpp>

#include <array>

namespace fluxer::auth::wire {

namespace {

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

constexpr bool needs_escape(char character) noexcept
{
    return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

constexpr auto escape_table = [] {
    std::array<bool, 256> table{};
    for (unsigned code = 0; code < table.size(); ++code)
        table[code] = needs_escape(static_cast<char>(code));
    return table;
}();

// By table and without a way out of the loop: the texts are short, and nearly always plain.
bool is_plain(std::string_view text) noexcept
{
    auto escapes = false;
    for (auto const character : text)
        escapes |= escape_table[static_cast<unsigned char>(character)];
    return !escapes;
}

void append_escaped(core::secret_buffer& out, char character)
{
    switch (character) {
    case '"':
        return out.append("\\\"");
    case '\\':
        return out.append("\\\\");
    case '\b':
        return out.append("\\b");
    case '\f':
        return out.append("\\f");
    case '\n':
        return out.append("\\n");
    case '\r':
        return out.append("\\r");
    case '\t':
        return out.append("\\t");
    default:
        break;
    }
    auto const code = static_cast<unsigned char>(character);
    out.append("\\u00");
    out.push_back(lower_digits[code >> 4]);
    out.push_back(lower_digits[code & 0x0F]);
}

constexpr bool is_unreserved(char character) noexcept
{
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z') || character == '-' || character == '.' ||
           character == '_' || character == '~';
}

} // namespace

void append_json_string(core::secret_buffer& out, std::string_view text)
{
    out.push_back('"');
    if (is_plain(text)) {
        out.append(text);
        return out.push_back('"');
    }
    std::size_t start = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (!needs_escape(text[index]))
            continue;
        out.append(text.substr(start, index - start));
        append_escaped(out, text[index]);
        start = index + 1;
    }
    out.append(text.substr(start));
    out.push_back('"');
}

void append_json_value(core::secret_buffer& out, boost::json::value const& value)
{
    boost::json::serializer serializer;
    serializer.reset(&value);
    std::array<char, 1024> piece;
    while (!serializer.done()) {
        auto const text = serializer.read(piece.data(), piece.size());
        out.append({text.data(), text.size()});
    }
    core::cleanse(piece.data(), piece.size());
}

void append_percent_encoded(core::secret_buffer& out, std::string_view text)
{
    for (auto const character : text) {
        if (is_unreserved(character)) {
            out.push_back(character);
            continue;
        }
        auto const code = static_cast<unsigned char>(character);
        out.push_back('%');
        out.push_back(upper_digits[code >> 4]);
        out.push_back(upper_digits[code & 0x0F]);
    }
}

} // namespace fluxer::auth::wire
