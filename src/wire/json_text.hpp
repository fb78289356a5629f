#ifndef FLUXER_AUTH_WIRE_JSON_TEXT_HPP
#define FLUXER_AUTH_WIRE_JSON_TEXT_HPP

#include "core/secret_buffer.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace fluxer::auth::wire {

/// Appends a JSON string with its quotes, without a copy elsewhere.
///
/// @param text valid UTF-8
void append_json_string(core::secret_buffer& out, std::string_view text);

/// Appends a value as it is. Boost.JSON does not look at the UTF-8 of its strings (trap T47).
void append_json_value(core::secret_buffer& out, boost::json::value const& value);

/// Appends text with everything but unreserved characters percent-encoded (RFC 3986 2.3).
void append_percent_encoded(core::secret_buffer& out, std::string_view text);

} // namespace fluxer::auth::wire

#endif
