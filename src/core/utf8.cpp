#include "core/utf8.hpp"

namespace fluxer::auth::core {

code_point first_code_point(std::string_view text) noexcept
{
    auto const lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80)
        return {lead, 1};
    std::size_t const bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes)
        return {};
    auto value = static_cast<char32_t>(lead & (0xFF >> (bytes + 1)));
    for (std::size_t index = 1; index < bytes; ++index) {
        auto const next = static_cast<unsigned char>(text[index]);
        if ((next & 0xC0) != 0x80)
            return {};
        value = value << 6 | (next & 0x3F);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {};
    return {value, bytes};
}

bool is_valid_utf8(std::string_view text) noexcept
{
    unsigned char all = 0;
    for (auto const character : text)
        all = static_cast<unsigned char>(all | static_cast<unsigned char>(character));
    if (all < 0x80)
        return true;
    while (!text.empty()) {
        auto const point = first_code_point(text);
        if (!point.is_valid())
            return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

} // namespace fluxer::auth::core
