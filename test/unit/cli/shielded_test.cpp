#include "cli/shielded.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

namespace {

namespace asio = boost::asio;
using namespace fluxer::auth::cli;

/// Waits for the timer as a call does: with a filter of its own, which lets all cancellation pass.
asio::awaitable<bool> wait_for(asio::steady_timer& end)
{
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    boost::system::error_code woken;
    co_await end.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    auto const state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() == asio::cancellation_type::none;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shielded_work)

BOOST_AUTO_TEST_CASE(is_not_cancelled_with_its_coroutine)
{
    asio::io_context context(1);
    asio::steady_timer end(context, asio::steady_timer::time_point::max());
    asio::cancellation_signal stop;
    bool untouched = false;
    auto const clean_up = [&]() -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        untouched = co_await shielded(wait_for(end));
    };
    asio::co_spawn(context, clean_up(), asio::bind_cancellation_slot(stop.slot(), asio::detached));
    context.poll();
    stop.emit(asio::cancellation_type::terminal);
    context.poll();
    BOOST_TEST(!untouched);
    end.cancel();
    context.run();
    BOOST_TEST(untouched);
}

BOOST_AUTO_TEST_SUITE_END()
