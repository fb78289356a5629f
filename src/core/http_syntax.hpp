#ifndef FLUXER_AUTH_CORE_HTTP_SYNTAX_HPP
#define FLUXER_AUTH_CORE_HTTP_SYNTAX_HPP

#include <string_view>

namespace fluxer::auth::core {

/// As header names compare: ASCII letters only.
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// RFC 9110 §5.6.2: a header name, for example.
bool is_token(std::string_view text) noexcept;

/// RFC 9110 §5.5: visible characters, obs-text, and blanks or tabs between them; may be empty.
bool is_field_value(std::string_view text) noexcept;

/// What may stand in a request line: begins with '/', visible ASCII, no fragment.
bool is_request_target(std::string_view text) noexcept;

/// Upper-case letters only: stricter than RFC 9110 §9.1, which allows any token. Not CONNECT, whose success would make
/// the connection another one (§9.3.6).
bool is_method(std::string_view text) noexcept;

/// Headers that decide where a message ends or what becomes of the connection: this library's alone, since a
/// second one makes the two ends disagree.
bool is_connection_header(std::string_view name) noexcept;

} // namespace fluxer::auth::core

#endif
