#include "call/pause.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fluxer::auth::call {

namespace {

/// The timer that the coroutine waits for never expires: the wheel, or an interruption, cancels it.
class sleeper final : public net::abortable, private core::timer_entry
{
public:
    sleeper(boost::asio::any_io_executor const& executor, net::timers& timers, milliseconds duration)
        : woken(executor, net::time_point::max())
    {
        timers.arm(*this, timers.now() + duration);
    }

    void abort() noexcept override { woken.cancel(); }

    boost::asio::steady_timer woken;

private:
    void expired() override { woken.cancel(); }
};

} // namespace

boost::asio::awaitable<void> pause(
    boost::asio::any_io_executor executor, net::timers& timers, net::watchdog& dog, phase why,
    milliseconds duration)
{
    sleeper mine(executor, timers, duration);
    dog.enter(why, dog.time_left() + milliseconds(1), mine);
    // A cancellation that came before, from within an event's callback, would wake nobody. It takes a turn all the same:
    // out of a cancelled coroutine that never waited this Asio throws into the context.
    auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    } else if (dog.interrupted() == net::interruption::none) {
        net::error_code ignored;
        co_await mine.woken.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    dog.leave();
}

} // namespace fluxer::auth::call
