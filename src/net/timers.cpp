#include "net/timers.hpp"

#include <utility>

namespace fluxer::auth::net {

timers::timers(asio::any_io_executor executor, std::shared_ptr<clock> injected)
    : executor_(std::move(executor))
    , clock_(std::move(injected))
    , back_(std::make_shared<way_back>(executor_))
    , wheel_(now())
    , timer_(std::in_place, background_executor(executor_))
{}

void timers::arm(core::timer_entry& entry, time_point when)
{
    wheel_.arm(entry, when);
    try {
        schedule();
    } catch (...) {
        wheel_.disarm(entry);
        throw;
    }
}

void timers::stop() noexcept
{
    timer_.reset();
    back_->gate.close();
    executor_ = {};
}

void timers::schedule()
{
    if (back_->lost.load(std::memory_order_relaxed)) {
        back_->lost.store(false, std::memory_order_relaxed);
        scheduled_.reset();
    }
    auto const wake_at = wheel_.next_wake();
    // An Asio timer that is due too early does no harm; moving it at each disarm would.
    if (!timer_ || !wake_at || (scheduled_ && *scheduled_ <= *wake_at))
        return;
    // Only once it is so: what would be believed to wake is not asked for again.
    wait_until(*wake_at);
    scheduled_ = *wake_at;
}

void timers::wait_until(time_point when)
{
    if (clock_) {
        auto const wake = [weak = weak_from_this(), back = back_] { back->wake(weak); };
        clock_->wake_at(when, wake);
        // The clock may have gone on since the time was read, and may have nobody who moves it once more.
        if (clock_->now() >= when)
            wake();
        return;
    }
    // Another timer, so that the present wait goes on if there is no memory for this one.
    background_timer next(timer_->get_executor(), when);
    next.async_wait(alarm(*this));
    next.get_executor().forget_wait();
    timer_ = std::move(next);
}

void timers::wake()
{
    scheduled_.reset();
    try {
        wheel_.advance(now());
    } catch (...) {
        // Those behind the entry that threw have their deadlines all the same.
        schedule();
        throw;
    }
    schedule();
}

void timers::way_back::wake(std::weak_ptr<timers> const& sleeping)
{
    try {
        gate.post([sleeping] {
            if (auto const of = sleeping.lock(); of && of->timer_)
                of->wake();
        });
    } catch (...) {
        lost.store(true, std::memory_order_relaxed);
        throw;
    }
}

timers::alarm::alarm(timers& of)
    : of_(of.weak_from_this())
    , back_(of.back_)
{}

timers::alarm::~alarm()
{
    if (!back_)
        return;
    try {
        back_->wake(of_);
    } catch (...) { // NOLINT(bugprone-empty-catch): the next entry that is armed brings another
    }
}

void timers::alarm::operator()(error_code const& ec)
{
    back_.reset();
    if (auto const of = of_.lock(); of && !ec)
        of->wake();
}

} // namespace fluxer::auth::net
