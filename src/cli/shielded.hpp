#ifndef FLUXER_AUTH_CLI_SHIELDED_HPP
#define FLUXER_AUTH_CLI_SHIELDED_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace fluxer::auth::cli {

/// Work that the awaiting coroutine's cancellation does not reach, such as cleaning up. Disabling cancellation is not enough
/// for calls, which replace their coroutine's filter. Whoever awaits it must have throw_if_cancelled off.
template <class T>
boost::asio::awaitable<T> shielded(boost::asio::awaitable<T> work)
{
    auto const here = co_await boost::asio::this_coro::executor;
    co_return co_await boost::asio::co_spawn(
        here, std::move(work),
        boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(), boost::asio::use_awaitable));
}

} // namespace fluxer::auth::cli

#endif
