#ifndef FLUXER_AUTH_CLIENT_PERFORM_HPP
#define FLUXER_AUTH_CLIENT_PERFORM_HPP

#include "client/crossing.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace fluxer::auth::client_detail {

/// Where the awaiting coroutine runs, as a target of perform().
struct right_here_t
{};

inline constexpr right_here_t right_here;

/// Awaits `work()` on the target executor, right here if this coroutine runs there already; without any, as after the
/// end of its context, the work is refused. All three cancellation types get through, none throws, and afterwards
/// exceptions are as they were and the filter is Asio's default, terminal, since an earlier one can't be read: unless a
/// cancellation came, which stays visible to the next await.
///
/// Work may be made of steps instead, which take no coroutine of their own. If it has them, stay_on() tells it first of
/// all where it runs, and broke_off() that an exception has ended it.
///
/// @param target an executor, or right_here
/// @param finish makes the caller's result of the work's; here, so that it takes no coroutine of its own
template <class R, class Target, class Work, class Finish>
asio::awaitable<std::decay_t<std::invoke_result_t<Finish, R>>> perform(
    Target target, Work work, Finish finish)
{
    constexpr auto may_cross = !std::is_same_v<Target, right_here_t>;
    auto const throws = co_await asio::this_coro::throw_if_cancelled();
    auto const before = co_await asio::this_coro::cancellation_state;
    auto const here = co_await asio::this_coro::executor;
    if constexpr (requires { work.stay_on(here); })
        work.stay_on(here);
    auto refused = before.cancelled() != asio::cancellation_type::none;
    if constexpr (may_cross)
        refused = refused || !target;
    if (refused)
        co_return finish(work.refuse());
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    std::optional<R> value;
    std::exception_ptr thrown;
    try {
        if constexpr (may_cross) {
            if (here != target)
                value.emplace(co_await cross<R>(std::move(target), std::move(work)));
        }
        if (value) {
            // It was done elsewhere.
        } else if constexpr (made_of_steps<Work>) {
            auto& run = work.steps();
            for (auto next = run.advance(); next != Work::step::over; next = run.advance()) {
                if (next == Work::step::detour)
                    co_await run.detour();
                else
                    co_await run.ready();
                auto const state = co_await asio::this_coro::cancellation_state;
                auto const cancelled = state.cancelled() != asio::cancellation_type::none;
                // What was awaited may have been performed like this, and left its own default.
                if (next == Work::step::detour && !cancelled)
                    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
                run.waited(cancelled);
            }
            value.emplace(std::move(run.result()));
        } else {
            value.emplace(co_await work());
        }
    } catch (...) {
        thrown = std::current_exception();
        if constexpr (requires { work.broke_off(); })
            work.broke_off();
    }
    auto const after = co_await asio::this_coro::cancellation_state;
    if (after.cancelled() == asio::cancellation_type::none)
        co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (thrown)
        std::rethrow_exception(thrown);
    co_return finish(*std::move(value));
}

template <class R, class Target, class Work>
asio::awaitable<R> perform(Target target, Work work)
{
    return perform<R>(std::move(target), std::move(work), std::identity());
}

} // namespace fluxer::auth::client_detail

#endif
