#ifndef FLUXER_AUTH_CALL_ASK_GOVERNOR_HPP
#define FLUXER_AUTH_CALL_ASK_GOVERNOR_HPP

#include "call/rate_permit.hpp"
#include "net/executor_gate.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace fluxer::auth::call {

/// Asks for a permit once, and waits for the answer; without an answer, the caller finds out why from the watchdog and
/// the coroutine's cancellation state. Does not suspend when the governor answers at once.
boost::asio::awaitable<result<rate_verdict>> ask_governor(
    boost::asio::any_io_executor executor, std::shared_ptr<net::executor_gate> way_back, rate_permit& permit,
    net::watchdog& dog);

} // namespace fluxer::auth::call

#endif
