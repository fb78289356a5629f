#ifndef FLUXER_AUTH_CALL_REPLY_SLOT_HPP
#define FLUXER_AUTH_CALL_REPLY_SLOT_HPP

#include "net/executor_gate.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace fluxer::auth::call {

/// What a coroutine waits for that is answered from outside, on any thread. Lives in the coroutine's care, so that a
/// late reply finds out that nobody waits any more.
template <class Answer>
struct reply_slot
{
    explicit reply_slot(boost::asio::any_io_executor const& executor)
        : woken(executor, net::time_point::max())
    {}

    boost::asio::steady_timer woken;
    std::optional<Answer> answer;
};

/// The time in which a question is asked, on this thread: a reply takes effect at once then.
class asking
{
public:
    explicit asking(void const* slot) noexcept
        : before_(std::exchange(current, slot))
    {}

    asking(asking const&) = delete;
    asking& operator=(asking const&) = delete;

    ~asking() { current = before_; }

    static bool is_about(void const* slot) noexcept { return current == slot; }

private:
    static inline thread_local void const* current = nullptr;
    void const* before_; ///< a question of its own may be asked within one
};

/// Replies within the question are there when it returns; all others go through the executor. They may be kept, and
/// called, for longer than its context is there.
template <class Answer>
std::function<void(Answer)> reply_to(
    std::shared_ptr<reply_slot<Answer>> const& slot, std::shared_ptr<net::executor_gate> way_back)
{
    return [weak = std::weak_ptr(slot), name = slot.get(), way_back = std::move(way_back)](Answer answer) {
        if (weak.expired())
            return;
        // Not by the thread alone: a strand's coroutine may be on another one by now, which uses what is in the slot.
        if (asking::is_about(name)) {
            auto const waiting = weak.lock();
            if (waiting && !waiting->answer)
                waiting->answer.emplace(std::move(answer));
            return;
        }
        way_back->post([weak, answer = std::move(answer)]() mutable {
            auto const waiting = weak.lock();
            if (!waiting || waiting->answer)
                return;
            waiting->answer.emplace(std::move(answer));
            waiting->woken.cancel();
        });
    };
}

/// Ends with the answer, or without it when the watchdog interrupts or the coroutine is cancelled.
template <class Answer>
boost::asio::awaitable<void> wait_for_reply(
    std::shared_ptr<reply_slot<Answer>> slot, net::watchdog& dog, phase where, milliseconds limit)
{
    class waiter final : public net::abortable
    {
    public:
        explicit waiter(boost::asio::steady_timer& woken)
            : woken_(woken)
        {}

        void abort() noexcept override { woken_.cancel(); }

    private:
        boost::asio::steady_timer& woken_;
    };

    waiter mine(slot->woken);
    dog.enter(where, limit, mine);
    while (!slot->answer && dog.interrupted() == net::interruption::none) {
        // A cancellation that came before would wake nobody.
        auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            break;
        boost::system::error_code ignored;
        co_await slot->woken.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    dog.leave();
}

} // namespace fluxer::auth::call

#endif
