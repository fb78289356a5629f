#ifndef FLUXER_AUTH_TRANSPORT_HPP
#define FLUXER_AUTH_TRANSPORT_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/raw.hpp>

#include <functional>
#include <string>
#include <vector>

namespace fluxer::auth {

/// A request as it would have gone over a connection.
struct FLUXER_AUTH_DECL transport_request
{
    transport_request() = default;

    std::string method;
    secret target;               ///< with the base URL's path; some hold a ticket
    std::vector<header> headers; ///< `Authorization` holds the session token: handle with care
    secret body;                 ///< empty if there is none

    /// The first field of that name, whatever its case; empty view if there is none.
    std::string_view header_value(std::string_view name) const noexcept;
};

/// What a transport answers through, once; later answers are ignored. May be copied, kept and called on any thread;
/// once the client's io_context is gone it does nothing.
using transport_reply = std::function<void(result<raw_response> answer)>;

/// Takes the place of all connections (client_options::transport): one call of it is one attempt. Everything above
/// stays as it is: validation, limits, cancellation, retries, decoding, events. For tests of programs that use this
/// library, or to send requests by other means.
///
/// It is called on the client's executor and must not block; what it throws fails the attempt. A call whose limit runs
/// out, or that is cancelled, ends without waiting for the answer.
using transport = std::function<void(transport_request request, transport_reply reply)>;

} // namespace fluxer::auth

#endif
