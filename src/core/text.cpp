#include "core/text.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

constexpr bool is_stripped(char32_t value) noexcept
{
    return value <= 0x09 || value == 0x0B || value == 0x0C || (value >= 0x0E && value <= 0x1F) ||
           value == 0x7F || value == 0x202E;
}

// What String.prototype.trim removes and is_stripped leaves.
constexpr bool is_trimmed(char32_t value) noexcept
{
    return value == 0x0A || value == 0x0D || value == 0x20 || value == 0xA0 || value == 0x1680 ||
           (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029 || value == 0x202F ||
           value == 0x205F || value == 0x3000 || value == 0xFEFF;
}

// Calls `visit(part, code_point)` for each character that is not stripped.
template <class Visit>
void for_each_kept(std::string_view text, Visit&& visit)
{
    while (!text.empty()) {
        auto const point = first_code_point(text);
        if (!is_stripped(point.value))
            visit(text.substr(0, point.bytes), point);
        text.remove_prefix(point.bytes);
    }
}

} // namespace

std::size_t counted_length(std::string_view text) noexcept
{
    std::size_t length = 0;
    std::size_t units = 0;
    for_each_kept(text, [&](std::string_view, code_point point) {
        auto const blank = is_trimmed(point.value);
        if (blank && length == 0)
            return;
        units += point.utf16_units();
        if (!blank)
            length = units;
    });
    return length;
}

std::string normalised(std::string_view text)
{
    std::string kept;
    std::size_t length = 0;
    for_each_kept(text, [&](std::string_view part, code_point point) {
        auto const blank = is_trimmed(point.value);
        if (blank && length == 0)
            return;
        kept += part;
        if (!blank)
            length = kept.size();
    });
    kept.resize(length);
    return kept;
}

bool is_visible_ascii(std::string_view text) noexcept
{
    // Without a way out of the loop, so that the compiler can look at many characters at once.
    unsigned char others = 0;
    for (auto const character : text) {
        auto const code = static_cast<unsigned char>(character);
        others = static_cast<unsigned char>(others | (code < 0x21) | (code > 0x7E));
    }
    return others == 0;
}

std::string lower_case(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char character) {
        return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
    });
    return lower;
}

} // namespace fluxer::auth::core
