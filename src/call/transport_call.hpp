#ifndef FLUXER_AUTH_CALL_TRANSPORT_CALL_HPP
#define FLUXER_AUTH_CALL_TRANSPORT_CALL_HPP

#include "http/exchange.hpp"
#include "net/executor_gate.hpp"
#include "net/watchdog.hpp"

#include <fluxer/auth/transport.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace fluxer::auth::call {

/// One attempt through an injected transport. Ends when it replies, or before that when the watchdog is interrupted or
/// the coroutine is cancelled; a later reply is thrown away.
///
/// @param request as it would have been written to a connection
boost::asio::awaitable<void> exchange(
    boost::asio::any_io_executor executor, std::shared_ptr<net::executor_gate> way_back,
    transport const& through, std::string_view request, limit_options const& limits, net::watchdog& dog,
    http::exchange_outcome& outcome);

} // namespace fluxer::auth::call

#endif
