#include "http/header_block.hpp"

#include <algorithm>
#include <cstddef>

namespace fluxer::auth::http {

namespace {

struct character_counts
{
    std::size_t returns = 0;
    std::size_t feeds = 0;
    std::size_t controls = 0; ///< others than these and tabs
};

// Without a way out of the loop, so that the compiler can look at many characters at once.
character_counts count(std::string_view text) noexcept
{
    // Narrow counters go into vectors whole; they cannot overflow within a slice.
    constexpr std::size_t slice = 128;
    character_counts sum;
    for (; !text.empty(); text.remove_prefix(std::min(slice, text.size()))) {
        unsigned char returns = 0;
        unsigned char feeds = 0;
        unsigned char controls = 0;
        for (auto const character : text.substr(0, slice)) {
            auto const code = static_cast<unsigned char>(character);
            returns = static_cast<unsigned char>(returns + (code == '\r'));
            feeds = static_cast<unsigned char>(feeds + (code == '\n'));
            auto const control = static_cast<unsigned>(code < 0x20) & static_cast<unsigned>(code != '\t');
            controls = static_cast<unsigned char>(controls + (control | static_cast<unsigned>(code == 0x7f)));
        }
        sum.returns += returns;
        sum.feeds += feeds;
        sum.controls += controls;
    }
    sum.controls -= sum.returns + sum.feeds;
    return sum;
}

/// How many bytes of a CRLF, whole or begun, the text ends with.
std::size_t trailing_line_end(std::string_view text) noexcept
{
    if (text.ends_with("\r\n"))
        return 2;
    return text.ends_with('\r') ? 1 : 0;
}

} // namespace

std::optional<std::size_t> header_length(std::string_view bytes, std::size_t seen) noexcept
{
    // What was there may end with the line feed before the empty line, and a part of that line.
    auto const begin = seen - std::min<std::size_t>(seen, 2);
    // A bare LF also ends the block here, so that header_defect sees it instead of waiting for more.
    for (auto at = bytes.find('\n', begin); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        auto const rest = bytes.substr(at + 1);
        if (rest.starts_with("\r\n"))
            return at + 3;
        if (rest.starts_with('\n'))
            return at + 2;
    }
    return std::nullopt;
}

char const* header_defect(std::string_view header, std::size_t seen) noexcept
{
    // A line's end that came before tells what may follow it.
    auto const begin = seen - trailing_line_end(header.substr(0, seen));
    auto const counts = count(header.substr(begin));
    if (counts.controls != 0)
        return "a control character in the header";
    // As many of the one as of the other, and each line feed behind a carriage return: so none stands alone. The line
    // feed of the last one may still come.
    if (counts.returns > counts.feeds + (header.ends_with('\r') ? 1 : 0))
        return "a carriage return without line feed in the header";
    for (auto at = header.find('\n', begin); at != std::string_view::npos; at = header.find('\n', at + 1)) {
        if (at == 0 || header[at - 1] != '\r')
            return "a line feed without carriage return in the header";
        auto const next = header.substr(at + 1);
        if (next.starts_with(' ') || next.starts_with('\t'))
            return "a folded header line";
    }
    return nullptr;
}

} // namespace fluxer::auth::http
