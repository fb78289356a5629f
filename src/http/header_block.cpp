#include "http/header_block.hpp"

namespace fluxer::auth::http {

std::optional<std::size_t> header_length(std::string_view bytes) noexcept
{
    // A bare LF also ends the block here, so that header_defect sees it instead of waiting for more.
    for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        auto const rest = bytes.substr(at + 1);
        if (rest.starts_with("\r\n"))
            return at + 3;
        if (rest.starts_with('\n'))
            return at + 2;
    }
    return std::nullopt;
}

char const* header_defect(std::string_view header) noexcept
{
    char previous = '\n';
    bool line_start = true;
    bool first_line = true;
    for (auto const character : header) {
        auto const code = static_cast<unsigned char>(character);
        if (previous == '\r' && character != '\n')
            return "a carriage return without line feed in the header";
        if (character == '\n') {
            if (previous != '\r')
                return "a line feed without carriage return in the header";
            line_start = true;
            first_line = false;
        } else if (character != '\r') {
            if ((code < 0x20 && character != '\t') || code == 0x7f)
                return "a control character in the header";
            if (line_start && !first_line && (character == ' ' || character == '\t'))
                return "a folded header line";
            line_start = false;
        }
        previous = character;
    }
    return nullptr;
}

} // namespace fluxer::auth::http
