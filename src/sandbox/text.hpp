#ifndef FLUXER_AUTH_SANDBOX_TEXT_HPP
#define FLUXER_AUTH_SANDBOX_TEXT_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// As a JavaScript TextDecoder does it: a byte order mark is dropped, each malformed sequence becomes U+FFFD.
std::string to_valid_utf8(std::string_view bytes);

/// Length as the server counts it (contract, "Notation").
std::size_t utf16_length(std::string_view utf8);

/// Strips control characters and U+202E, then trims (contract 2).
std::string normalise(std::string_view utf8);

std::string to_lower(std::string_view text);

bool equal_ignoring_case(std::string_view left, std::string_view right);

/// Empty for a malformed escape sequence.
std::optional<std::string> percent_decode(std::string_view text);

/// For the value of a query parameter.
std::string percent_encode(std::string_view text);

/// Value of a parameter of a query string, decoded; `+` is a blank.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

} // namespace fluxer::auth::sandbox_detail

#endif
