#ifndef FLUXER_AUTH_CLIENT_CROSSING_HPP
#define FLUXER_AUTH_CLIENT_CROSSING_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fluxer::auth::client_detail {

namespace asio = boost::asio;

/// Work of one executor that a coroutine of another one awaits. Built on callbacks: in this Asio, cancelling a
/// `co_await co_spawn(other_executor, …)` is a use after free (trap T7).
template <class R, class Work>
struct crossing
{
    crossing(asio::any_io_executor target_, Work work_)
        : target(std::move(target_))
        , work(std::in_place, std::move(work_))
    {}

    asio::any_io_executor target;
    // All that follows is touched on the target only, until it has ended.
    std::optional<Work> work;
    asio::cancellation_signal cancel;
    bool cancel_requested = false; ///< the signal is not seen by a coroutine that has not begun
    std::optional<R> value;
    std::exception_ptr thrown;
    Work* running = nullptr;
    bool ended = false;

    /// The work, begun or not; none once it has ended.
    Work* present() noexcept { return work ? &*work : running; }

    /// On the target: ends the work as the caller's cancellation would.
    void stop(asio::cancellation_type type)
    {
        if (ended)
            return;
        cancel_requested = true;
        cancel.emit(type);
    }
};

/// Shows work to whoever shares the crossing, as long as it is there.
template <class R, class Work>
class announced_work
{
public:
    announced_work(crossing<R, Work>& in, Work& work)
        : in_(in)
    {
        in_.running = &work;
    }

    announced_work(announced_work const&) = delete;
    announced_work& operator=(announced_work const&) = delete;

    ~announced_work() { in_.running = nullptr; }

private:
    crossing<R, Work>& in_;
};

template <class R, class Work>
asio::awaitable<void> run_crossing(std::shared_ptr<crossing<R, Work>> state)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    // In this frame, so that it ends on the target, with which the frame is destroyed: it holds the engine, and a
    // connection.
    auto work = std::exchange(state->work, std::nullopt);
    announced_work<R, Work> const announced(*state, *work);
    try {
        if (state->cancel_requested)
            state->value.emplace(work->refuse());
        else
            state->value.emplace(co_await (*work)());
    } catch (...) {
        state->thrown = std::current_exception();
    }
}

/// Goes to the target with the caller's handler, and back.
template <class R, class Work, class Handler>
class crossing_operation
{
public:
    crossing_operation(Handler handler, std::shared_ptr<crossing<R, Work>> state)
        : home_(asio::make_work_guard(
              asio::any_io_executor(asio::get_associated_executor(handler, state->target))))
        , handler_(std::move(handler))
        , state_(std::move(state))
    {}

    /// On the target, to begin.
    void operator()()
    {
        auto const target = state_->target;
        auto const slot = state_->cancel.slot();
        auto const state = state_;
        asio::co_spawn(target, run_crossing(state), asio::bind_cancellation_slot(slot, std::move(*this)));
    }

    /// On the target, at the end.
    void operator()(std::exception_ptr)
    {
        state_->ended = true;
        auto const home = home_.get_executor();
        asio::post(home, [self = std::move(*this)]() mutable { self.come_home(); });
    }

private:
    void come_home()
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        state_.reset();
        std::move(handler_)();
    }

    asio::executor_work_guard<asio::any_io_executor> home_;
    Handler handler_;
    std::shared_ptr<crossing<R, Work>> state_;
};

template <class R, class Work>
void begin_crossing(std::shared_ptr<crossing<R, Work>> const& state, auto handler)
{
    if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
        slot.assign([weak = std::weak_ptr(state)](asio::cancellation_type type) {
            auto const alive = weak.lock();
            if (!alive)
                return;
            asio::post(alive->target, [weak, type] {
                if (auto const running = weak.lock())
                    running->stop(type);
            });
        });
    }
    auto const target = state->target;
    asio::dispatch(target, crossing_operation<R, Work, decltype(handler)>(std::move(handler), state));
}

/// Awaits the work on its executor. Whoever shares it may cancel it there.
template <class R, class Work>
asio::awaitable<R> cross(std::shared_ptr<crossing<R, Work>> state)
{
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        [](auto handler, std::shared_ptr<crossing<R, Work>> of) { begin_crossing(of, std::move(handler)); },
        asio::use_awaitable, state);
    if (state->thrown)
        std::rethrow_exception(state->thrown);
    co_return *std::move(state->value);
}

template <class R, class Work>
asio::awaitable<R> cross(asio::any_io_executor target, Work work)
{
    return cross(std::make_shared<crossing<R, Work>>(std::move(target), std::move(work)));
}

/// Where the awaiting coroutine runs, as a target of perform().
struct right_here_t
{};

inline constexpr right_here_t right_here;

/// Awaits `work()` on the target executor, right here if this coroutine runs there already; without any, as after the
/// end of its context, the work is refused. All three cancellation
/// types get through, none throws, and afterwards exceptions are as they were and the filter is Asio's default,
/// terminal, since an earlier one can't be read: unless a cancellation came, which stays visible to the next await.
///
/// Work that is made of steps (call::call_run tells what they are) takes no coroutine of its own here.
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
        } else if constexpr (requires { work.steps(); }) {
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
