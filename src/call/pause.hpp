#ifndef FLUXER_AUTH_CALL_PAUSE_HPP
#define FLUXER_AUTH_CALL_PAUSE_HPP

#include "net/timers.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/awaitable.hpp>

namespace fluxer::auth::call {

/// Waits, for a further attempt or for its turn. Ends early when the watchdog is interrupted or the coroutine is cancelled, which the
/// caller finds out there.
boost::asio::awaitable<void> pause(
    boost::asio::any_io_executor executor, net::timers& timers, net::watchdog& dog, phase why,
    milliseconds duration);

} // namespace fluxer::auth::call

#endif
