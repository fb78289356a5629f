#include "net/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::net {

namespace {

/// What breaks its range is refused elsewhere, but may come here before; added as it is, it could wrap around.
milliseconds sane(milliseconds limit) noexcept
{
    return std::clamp(limit, milliseconds(0), milliseconds(std::chrono::days(7)));
}

} // namespace

watchdog::watchdog(std::shared_ptr<timers> timers, time_point start, milliseconds whole)
    : timers_(std::move(timers))
    , start_(start)
    , end_(start + sane(whole))
    , attempt_end_(time_point::max())
    , whole_limit_(whole)
{}

void watchdog::enter(auth::phase phase, milliseconds limit, abortable& target)
{
    phase_ = phase;
    if (interrupted_ != interruption::none) {
        target_ = &target;
        target.abort();
        return;
    }
    auto when = timers_->now() + limit;
    limit_ = limit;
    if (attempt_end_ < when) {
        when = attempt_end_;
        limit_ = attempt_limit_;
    }
    if (end_ < when) {
        when = end_;
        limit_ = whole_limit_;
    }
    timers_->arm(*this, when);
    // Not before: there may be no memory for that, and then the target goes.
    target_ = &target;
}

void watchdog::leave() noexcept
{
    disarm();
    target_ = nullptr;
}

void watchdog::begin_attempt(time_point start, milliseconds limit)
{
    attempt_limit_ = limit;
    attempt_end_ = start + limit;
}

void watchdog::end_attempt() noexcept
{
    attempt_end_ = time_point::max();
}

void watchdog::interrupt(interruption why) noexcept
{
    if (interrupted_ == interruption::none)
        interrupted_ = why;
    if (target_ != nullptr)
        target_->abort();
}

milliseconds watchdog::elapsed() const
{
    return std::chrono::duration_cast<milliseconds>(timers_->now() - start_);
}

milliseconds watchdog::time_left() const
{
    return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(end_ - timers_->now()));
}

bool watchdog::over()
{
    if (timers_->now() < end_)
        return false;
    limit_ = whole_limit_;
    return true;
}

void watchdog::expired()
{
    interrupt(interruption::timed_out);
}

} // namespace fluxer::auth::net
