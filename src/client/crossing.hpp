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

/// The work, from its beginning to its end with whatever holds this: something that is destroyed with the target, since it
/// holds the engine, and a connection. Whoever shares the crossing sees it as long as it is there.
template <class R, class Work>
class taken_work
{
public:
    explicit taken_work(crossing<R, Work>& from)
        : from_(from)
        , work_(*std::exchange(from.work, std::nullopt))
    {
        from_.running = &work_;
    }

    taken_work(taken_work const&) = delete;
    taken_work& operator=(taken_work const&) = delete;

    ~taken_work() { from_.running = nullptr; }

    Work& get() noexcept { return work_; }

private:
    crossing<R, Work>& from_;
    Work work_;
};

template <class R, class Work>
asio::awaitable<void> run_crossing(std::shared_ptr<crossing<R, Work>> state)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    taken_work<R, Work> taken(*state);
    auto& work = taken.get();
    try {
        if (state->cancel_requested)
            state->value.emplace(work.refuse());
        else
            state->value.emplace(co_await work());
    } catch (...) {
        state->thrown = std::current_exception();
    }
}

/// Work that is made of steps, as a call is (call::call_run), which take no coroutine.
template <class Work>
concept made_of_steps = requires(Work work)
{
    work.steps();
};

/// Some of which may be a wait.
template <class Work>
concept can_wait = requires(Work work)
{
    work.steps().ready();
};

/// What goes to the target with the caller's handler, and back: at one place in memory, since Asio moves handlers about.
template <class R, class Work, class Handler>
struct crossing_luggage
{
    crossing_luggage(Handler handler_, std::shared_ptr<crossing<R, Work>> state_)
        : home(asio::make_work_guard(
              asio::any_io_executor(asio::get_associated_executor(handler_, state_->target))))
        , handler(std::move(handler_))
        , state(std::move(state_))
    {}

    asio::executor_work_guard<asio::any_io_executor> home;
    Handler handler;
    std::shared_ptr<crossing<R, Work>> state;
    std::optional<taken_work<R, Work>> work; ///< that is made of steps, once it has begun
};

template <class R, class Work, class Handler>
using luggage_ptr = std::unique_ptr<crossing_luggage<R, Work, Handler>>;

/// On the target, at the end.
template <class R, class Work, class Handler>
void go_home(luggage_ptr<R, Work, Handler> with)
{
    with->work.reset();
    with->state->ended = true;
    auto const home = with->home.get_executor();
    asio::post(home, [with = std::move(with)]() mutable {
        auto handler = std::move(with->handler);
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        with.reset();
        std::move(handler)();
    });
}

template <class R, class Work, class Handler>
void take_steps(luggage_ptr<R, Work, Handler> with, bool waited);

/// What steps wait with, on the target.
template <class R, class Work, class Handler>
class after_step
{
public:
    using executor_type = asio::any_io_executor;
    using cancellation_slot_type = asio::cancellation_slot;

    explicit after_step(luggage_ptr<R, Work, Handler> with)
        : with_(std::move(with))
    {}

    executor_type get_executor() const noexcept { return with_->state->target; }

    cancellation_slot_type get_cancellation_slot() const noexcept { return with_->state->cancel.slot(); }

    void operator()()
    {
        // What was awaited left its own way of being cancelled there.
        with_->state->cancel.slot().clear();
        take_steps(std::move(with_), true);
    }

    void operator()(std::exception_ptr thrown)
    {
        if (!thrown)
            return (*this)();
        with_->state->thrown = std::move(thrown);
        go_home(std::move(with_));
    }

private:
    luggage_ptr<R, Work, Handler> with_;
};

template <class R, class Work, class Steps>
asio::awaitable<void> take_detour(crossing<R, Work>& state, Steps& steps)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    if (state.cancel_requested) // before this coroutine had begun
        state.cancel.emit(asio::cancellation_type::terminal);
    co_await steps.detour();
}

/// As far as they go without waiting. Where a wait cannot begin for want of memory, its handler is destroyed, with all
/// that it carries, and the exception leaves the target's run().
template <class R, class Work, class Handler>
void take_steps(luggage_ptr<R, Work, Handler> with, bool waited)
{
    auto& state = *with->state;
    auto& steps = with->work->get().steps();
    try {
        if (waited)
            steps.waited(state.cancel_requested);
        auto const next = steps.advance();
        if (next == Work::step::over) {
            state.value.emplace(std::move(steps.result()));
        } else if (next == Work::step::detour) {
            auto detour = take_detour(state, steps);
            asio::co_spawn(state.target, std::move(detour), after_step<R, Work, Handler>(std::move(with)));
            return;
        } else if constexpr (can_wait<Work>) {
            auto wait = steps.ready();
            std::move(wait)(after_step<R, Work, Handler>(std::move(with)));
            return;
        }
    } catch (...) {
        if (!with)
            throw;
        state.thrown = std::current_exception();
    }
    go_home(std::move(with));
}

/// Goes to the target with the caller's handler.
template <class R, class Work, class Handler>
class crossing_operation
{
public:
    explicit crossing_operation(luggage_ptr<R, Work, Handler> with)
        : with_(std::move(with))
    {}

    /// On the target, to begin.
    void operator()()
    {
        auto& state = *with_->state;
        if constexpr (made_of_steps<Work>) {
            with_->work.emplace(state);
            if (!state.cancel_requested)
                return take_steps(std::move(with_), false);
            state.value.emplace(with_->work->get().refuse());
            go_home(std::move(with_));
        } else {
            auto const shared = with_->state;
            asio::co_spawn(
                shared->target, run_crossing(shared),
                asio::bind_cancellation_slot(shared->cancel.slot(), std::move(*this)));
        }
    }

    /// On the target, at the end of a coroutine.
    void operator()(std::exception_ptr) { go_home(std::move(with_)); }

private:
    luggage_ptr<R, Work, Handler> with_;
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
    using handler_type = decltype(handler);
    auto const target = state->target;
    auto with = std::make_unique<crossing_luggage<R, Work, handler_type>>(std::move(handler), state);
    asio::dispatch(target, crossing_operation<R, Work, handler_type>(std::move(with)));
}

/// Awaits the work on its executor; what came of it is in `value` then. Whoever shares it may cancel it there.
template <class R, class Work>
asio::awaitable<void> cross(std::shared_ptr<crossing<R, Work>> state)
{
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        [](auto handler, std::shared_ptr<crossing<R, Work>> of) { begin_crossing(of, std::move(handler)); },
        asio::use_awaitable, state);
    if (state->thrown)
        std::rethrow_exception(state->thrown);
}

} // namespace fluxer::auth::client_detail

#endif
