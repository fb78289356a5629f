#ifndef FLUXER_AUTH_OBSERVER_HPP
#define FLUXER_AUTH_OBSERVER_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/operation.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace fluxer::auth {

/// Every `_start` is followed by exactly one `_end` of the same call or connection, whatever happens in
/// between.
enum class event_kind : std::uint8_t {
    call_start,
    call_end, ///< status and code tell how
    queue_start,
    queue_end, ///< a connection is there, or code tells why not
    attempt_start,
    attempt_end,
    request_sent, ///< its last byte was handed to the kernel
    first_byte,
    retry,         ///< a further attempt follows, after `duration`; detail says why
    retry_refused, ///< a failure that might have passed is final; detail says why
    throttled,     ///< the call waits for the rate governor
    resolve_start,
    resolve_end,
    connect_start,
    connect_end,
    proxy_start,
    proxy_end,
    handshake_start,
    handshake_end,
    connection_open,   ///< ready for requests
    connection_reused, ///< taken from the idle list for a call
    connection_closed, ///< detail says why
};

FLUXER_AUTH_DECL std::string_view to_string(event_kind value) noexcept;

/// One thing that happened. Holds no secret: neither bodies, headers nor targets. The views live during the
/// call of on_event only.
struct FLUXER_AUTH_DECL event
{
    event() = default;

    event_kind kind = event_kind::call_start;
    auth::operation operation = auth::operation::raw;
    std::uint64_t call = 0;       ///< numbers the calls of a client from 1; 0: not of a call
    unsigned attempt = 0;         ///< numbers the attempts of a call from 1
    std::uint64_t connection = 0; ///< numbers the connections of a client from 1; 0: none yet
    std::chrono::steady_clock::time_point when;
    std::chrono::microseconds duration{0}; ///< of what has ended
    boost::system::error_code code;        ///< success, or why it failed
    int status = 0;                        ///< HTTP status where there is one
    std::string_view detail;               ///< a few words, or the remote endpoint
};

/// Derive from it to log, count or trace.
///
/// Executor: called on the client's executor, from inside its work: be quick. An exception is swallowed.
/// Thread safety: one client calls it from one thread at a time.
class FLUXER_AUTH_DECL observer
{
public:
    virtual ~observer();
    virtual void on_event(event const& what) = 0;
};

} // namespace fluxer::auth

#endif
