#include "http/header_block.hpp"

#include <algorithm>
#include <cstddef>

namespace fluxer::auth::http {

namespace {

/// Control characters others than tabs; line ends too.
// Without a way out of the loop, so that the compiler can look at many characters at once.
std::size_t count_controls(std::string_view text) noexcept
{
    // A narrow counter goes into vectors whole; it cannot overflow within a slice.
    constexpr std::size_t slice = 128;
    std::size_t sum = 0;
    for (; !text.empty(); text.remove_prefix(std::min(slice, text.size()))) {
        unsigned char controls = 0;
        for (auto const character : text.substr(0, slice)) {
            auto const code = static_cast<unsigned char>(character);
            auto const control = static_cast<unsigned>(code < 0x20) & static_cast<unsigned>(code != '\t');
            controls = static_cast<unsigned char>(controls + (control | static_cast<unsigned>(code == 0x7F)));
        }
        sum += controls;
    }
    return sum;
}

/// How many bytes of line ends, the last one whole or begun, the text ends with; one and a half are the most.
std::size_t trailing_line_ends(std::string_view text) noexcept
{
    for (std::string_view const end : {"\r\n\r", "\r\n", "\r"}) {
        if (text.ends_with(end))
            return end.size();
    }
    return 0;
}

/// What stands in a line without being a part of its end, of which the text has something.
char const* control_in(std::string_view text) noexcept
{
    for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
        if (at + 1 != text.size() && text[at + 1] != '\n')
            return "a carriage return without line feed in the header";
    }
    return "a control character in the header";
}

} // namespace

header_block look_at_header(std::string_view bytes, std::size_t seen) noexcept
{
    header_block found;
    // The line's end that came before tells what may follow it.
    auto const begin = seen - trailing_line_ends(bytes.substr(0, seen));
    std::size_t line_ends = 0;
    for (auto at = bytes.find('\n', begin); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r') {
            found.defect = "a line feed without carriage return in the header";
            return found;
        }
        ++line_ends;
        auto const next = bytes.substr(at + 1);
        if (next.starts_with(' ') || next.starts_with('\t')) {
            found.defect = "a folded header line";
            return found;
        }
        if (next.starts_with("\r\n")) {
            ++line_ends;
            found.length = at + 3;
            break;
        }
    }
    auto const text = bytes.substr(begin, found.length.value_or(bytes.size()) - begin);
    // Of the last line's end there may be the first half.
    auto const begun = text.ends_with('\r') ? 1U : 0U;
    if (count_controls(text) != 2 * line_ends + begun)
        found.defect = control_in(text);
    return found;
}

} // namespace fluxer::auth::http
