#ifndef FLUXER_AUTH_FLOWS_ASK_HPP
#define FLUXER_AUTH_FLOWS_ASK_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace fluxer::auth::flows_detail {

/// Awaits a user's handler, in which cancellation throws as everywhere in Asio. Afterwards the coroutine is as a flow
/// wants it.
///
/// @returns nothing: it was cancelled
template <class T>
boost::asio::awaitable<std::optional<T>> ask(boost::asio::awaitable<T> handler)
{
    co_await boost::asio::this_coro::throw_if_cancelled(true);
    std::optional<T> value;
    std::exception_ptr thrown;
    try {
        value.emplace(co_await std::move(handler));
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const after = co_await boost::asio::this_coro::cancellation_state;
    if (after.cancelled() != boost::asio::cancellation_type::none)
        co_return std::nullopt;
    if (thrown)
        std::rethrow_exception(thrown);
    co_return value;
}

} // namespace fluxer::auth::flows_detail

#endif
