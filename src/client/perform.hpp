#ifndef FLUXER_AUTH_CLIENT_PERFORM_HPP
#define FLUXER_AUTH_CLIENT_PERFORM_HPP

#include "client/crossing.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace fluxer::auth::client_detail {

/// Work that is bound to an executor; all other is done where it is awaited.
template <class Work>
concept has_target =
    std::same_as<decltype(std::declval<Work const&>().target()), asio::any_io_executor const&>;

template <class Work>
using result_of_steps = std::remove_cvref_t<decltype(std::declval<Work&>().steps().result())>;

template <class Work>
using crossing_of = crossing<result_of_steps<Work>, Work>;

/// What work on its way is held by, if there may be any.
template <class Work>
using way_of = std::conditional_t<has_target<Work>, std::shared_ptr<crossing_of<Work>>, std::monostate>;

/// Tells the work where it is awaited; true: it belongs elsewhere.
template <class Work>
bool settle(Work& work, asio::any_io_executor const& here)
{
    if constexpr (requires { work.stay_on(here); })
        work.stay_on(here);
    if constexpr (has_target<Work>)
        return work.target() != here;
    else
        return false;
}

/// Without any executor, as after the end of its context, nothing can be done.
template <class Work>
bool is_lost([[maybe_unused]] Work const& work)
{
    if constexpr (has_target<Work>)
        return !work.target();
    else
        return false;
}

inline bool is_cancelled(asio::cancellation_state const& state) noexcept
{
    return state.cancelled() != asio::cancellation_type::none;
}

/// Awaits work that is made of steps, on its target. All three cancellation types get through, none throws, and afterwards
/// exceptions are as they were and the filter is Asio's default, terminal, since an earlier one can't be read: unless a
/// cancellation came, which stays visible to the next await.
///
/// If the work has them, stay_on() tells it first of all where it runs, and broke_off() that an exception has ended it.
///
/// Thousands of these may wait at once: what is not needed beyond a step is not in the frame.
///
/// @param finish makes the caller's result of the work's; here, so that it takes no coroutine of its own
template <made_of_steps Work, class Finish>
asio::awaitable<std::decay_t<std::invoke_result_t<Finish, result_of_steps<Work>>>> perform(
    Work work, Finish finish)
{
    way_of<Work> away;
    auto const throws = co_await asio::this_coro::throw_if_cancelled();
    auto state = co_await asio::this_coro::cancellation_state;
    auto const elsewhere = settle(work, co_await asio::this_coro::executor);
    if (is_lost(work) || is_cancelled(state))
        co_return finish(work.refuse());
    co_await asio::this_coro::throw_if_cancelled(false);
    std::exception_ptr thrown;
    try {
        if constexpr (has_target<Work>)
            if (elsewhere)
                away = std::make_shared<crossing_of<Work>>(work.target(), std::move(work));
        auto cancelled = false;
        for (auto filtered = false;;) {
            if (!filtered) {
                co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
                state = co_await asio::this_coro::cancellation_state;
                filtered = true;
            }
            if constexpr (has_target<Work>) {
                if (away) {
                    co_await cross(away);
                    break;
                }
            }
            auto const next = work.steps().advance();
            if (next == Work::step::over)
                break;
            if (is_cancelled(state) && !cancelled) {
                // It came meanwhile, and would not wake what is only awaited now. But a coroutine of co_spawn that ends
                // cancelled without ever having waited makes this Asio throw out of run().
                co_await asio::post(asio::use_awaitable);
            } else if (next == Work::step::detour) {
                co_await work.steps().detour();
                // What was awaited may have been performed like this, and left its own default.
                state = co_await asio::this_coro::cancellation_state;
                filtered = is_cancelled(state);
            } else if constexpr (can_wait<Work>) {
                co_await work.steps().ready();
            }
            cancelled = is_cancelled(state);
            work.steps().waited(cancelled);
        }
    } catch (...) {
        thrown = std::current_exception();
        if constexpr (requires { work.broke_off(); })
            work.broke_off();
    }
    state = co_await asio::this_coro::cancellation_state;
    if (!is_cancelled(state))
        co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (thrown)
        std::rethrow_exception(thrown);
    if constexpr (has_target<Work>)
        if (away)
            co_return finish(*std::move(away->value));
    // NOLINTNEXTLINE(bugprone-use-after-move): it is moved only where `away` is, which has returned above
    co_return finish(std::move(work.steps().result()));
}

/// Work that is one coroutine, as the detour of work that is made of steps.
template <class R, class Work>
class one_detour
{
public:
    enum class step { over, detour };

    explicit one_detour(Work work)
        : work_(std::move(work))
    {}

    asio::any_io_executor const& target() const requires has_target<Work> { return work_.target(); }

    one_detour& steps() noexcept { return *this; }

    step advance() const noexcept { return value_ ? step::over : step::detour; }

    asio::awaitable<void> detour() { value_.emplace(co_await work_()); }

    void waited(bool /*cancelled*/) const noexcept {}

    R& result() noexcept { return *value_; }

    R refuse() { return work_.refuse(); }

private:
    Work work_;
    std::optional<R> value_;
};

/// The same of a coroutine, `work()`.
template <class R, class Work>
asio::awaitable<R> perform(Work work)
{
    return perform(one_detour<R, Work>(std::move(work)), std::identity());
}

} // namespace fluxer::auth::client_detail

#endif
