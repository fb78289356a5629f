#ifndef FLUXER_AUTH_HTTP_HEADER_BLOCK_HPP
#define FLUXER_AUTH_HTTP_HEADER_BLOCK_HPP

#include <cstddef>
#include <optional>
#include <string_view>

namespace fluxer::auth::http {

/// The header at the front of some bytes, as far as it has come.
struct header_block
{
    std::optional<std::size_t> length; ///< its empty line included; nothing while that has not come

    /// Why it must not be believed, or nullptr: control characters, line ends other than CRLF, folded lines. A lenient
    /// parser and a strict one would read such a header in two ways (RFC 9112 §2.2, §5.2).
    char const* defect = nullptr;
};

/// @param seen so many of the bytes were looked at before, and were neither whole nor defective
header_block look_at_header(std::string_view bytes, std::size_t seen = 0) noexcept;

} // namespace fluxer::auth::http

#endif
