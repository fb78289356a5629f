#include "net/timers.hpp"

#include <utility>

namespace fluxer::auth::net {

timers::timers(asio::any_io_executor executor, std::shared_ptr<clock> injected)
    : executor_(std::move(executor))
    , clock_(std::move(injected))
    , gate_(std::make_shared<executor_gate>(executor_))
    , wheel_(now())
    , timer_(std::in_place, background_executor(executor_))
{}

void timers::arm(core::timer_entry& entry, time_point when)
{
    wheel_.arm(entry, when);
    schedule();
}

void timers::stop() noexcept
{
    timer_.reset();
    gate_->close();
    executor_ = {};
}

void timers::schedule()
{
    auto const wake_at = wheel_.next_wake();
    // An Asio timer that is due too early does no harm; moving it at each disarm would.
    if (!timer_ || !wake_at || (scheduled_ && *scheduled_ <= *wake_at))
        return;
    scheduled_ = *wake_at;
    wait_until(*wake_at);
}

void timers::wait_until(time_point when)
{
    if (clock_) {
        auto const wake = [weak = weak_from_this(), gate = gate_] {
            gate->post([weak] {
                if (auto const self = weak.lock(); self && self->timer_)
                    self->wake();
            });
        };
        clock_->wake_at(when, wake);
        // The clock may have gone on since the time was read, and may have nobody who moves it once more.
        if (clock_->now() >= when)
            wake();
        return;
    }
    timer_->expires_at(when);
    timer_->async_wait([weak = weak_from_this()](error_code const& ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->wake();
    });
    timer_->get_executor().forget_wait();
}

void timers::wake()
{
    scheduled_.reset();
    wheel_.advance(now());
    schedule();
}

} // namespace fluxer::auth::net
