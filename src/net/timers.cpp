#include "net/timers.hpp"

#include <utility>

namespace fluxer::auth::net {

timers::timers(asio::any_io_executor executor)
    : wheel_(std::chrono::steady_clock::now())
    , timer_(std::in_place, background_executor(executor))
{}

void timers::arm(core::timer_entry& entry, time_point when)
{
    wheel_.arm(entry, when);
    schedule();
}

void timers::stop() noexcept
{
    timer_.reset();
}

void timers::schedule()
{
    auto const wake_at = wheel_.next_wake();
    // An Asio timer that is due too early does no harm; moving it at each disarm would.
    if (!timer_ || !wake_at || (scheduled_ && *scheduled_ <= *wake_at))
        return;
    scheduled_ = *wake_at;
    timer_->expires_at(*wake_at);
    timer_->async_wait([weak = weak_from_this()](error_code const& ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->wake();
    });
    timer_->get_executor().forget_wait();
}

void timers::wake()
{
    scheduled_.reset();
    wheel_.advance(std::chrono::steady_clock::now());
    schedule();
}

} // namespace fluxer::auth::net
