#ifndef FLUXER_AUTH_HTTP_HEADER_BLOCK_HPP
#define FLUXER_AUTH_HTTP_HEADER_BLOCK_HPP

#include <cstddef>
#include <optional>
#include <string_view>

namespace fluxer::auth::http {

/// The length of the header at the front of `bytes`, its empty line included; nothing while that has not come.
///
/// @param seen so many bytes were here before, and had not been a whole header
std::optional<std::size_t> header_length(std::string_view bytes, std::size_t seen = 0) noexcept;

/// Why a header, or the beginning of one, must not be believed, or nullptr: control characters, line ends other than
/// CRLF, folded lines. A lenient parser and a strict one would read such a header in two ways (RFC 9112 §2.2, §5.2).
///
/// @param seen so many bytes were here before, and had no defect
char const* header_defect(std::string_view header, std::size_t seen = 0) noexcept;

} // namespace fluxer::auth::http

#endif
