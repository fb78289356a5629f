#ifndef FLUXER_AUTH_SANDBOX_WIRE_HPP
#define FLUXER_AUTH_SANDBOX_WIRE_HPP

#include "sandbox/exchange.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

struct wire_options
{
    bool keep_alive = true;
    bool head = false; // a HEAD request: no body, but its length
    std::string_view request_id;
    std::string_view date;
};

/// Bytes of a response. A 204 has neither body nor Content-Length (contract 15); header names are in lower
/// case.
std::string to_wire(reply const& answer, wire_options const& how);

/// What the server says to bytes that are no request of HTTP/1.1: no body, and the end of the connection.
std::string rejection(int status);

/// IMF-fixdate of RFC 9110 section 5.6.7 for the current real time.
std::string http_date();

} // namespace fluxer::auth::sandbox_detail

#endif
