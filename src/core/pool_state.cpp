#include "core/pool_state.hpp"

#include <algorithm>

namespace fluxer::auth::core {

std::string_view to_string(close_reason value) noexcept
{
    switch (value) {
    case close_reason::idle_timeout:
        return "idle for too long";
    case close_reason::too_old:
        return "reached its maximum age";
    case close_reason::enough_requests:
        return "reached its maximum number of requests";
    case close_reason::make_room:
        return "made room for a fresh connection";
    case close_reason::stopped:
        return "client stopped";
    case close_reason::not_reusable:
        return "not reusable after its last exchange";
    case close_reason::dead:
        return "closed by the server while idle";
    case close_reason::unexpected_bytes:
        return "the server sent bytes that belong to no request";
    case close_reason::unfinished:
        return "half a message had come before its first request";
    case close_reason::abandoned:
        return "its call was abandoned";
    case close_reason::no_memory:
        return "no memory to keep it";
    }
    return "unknown";
}

void pooled::expired()
{
    owner_->idle_expired(*this);
}

pool_state::pool_state(pool_settings settings, pool_driver& driver)
    : settings_(settings)
    , driver_(driver)
{}

pooled* pool_state::checkout(time_point now)
{
    // A connection is only idle while nobody waits for one, but for waiters that want a fresh one.
    while (!idle_.empty()) {
        auto& connection = idle_.front();
        unlink_idle(connection);
        if (auto const why = reason_to_retire(connection, now)) {
            driver_.discard(connection, *why);
            continue;
        }
        connection.was_idle = true;
        ++in_use_;
        return &connection;
    }
    return nullptr;
}

bool pool_state::enqueue(pool_waiter& waiter)
{
    if (waiter.served_before)
        waiters_.push_front(waiter);
    else if (waiting_ < settings_.max_waiting)
        waiters_.push_back(waiter);
    else
        return false;
    ++waiting_;
    if (waiter.fresh)
        ++fresh_waiting_;
    balance();
    return true;
}

void pool_state::leave(pool_waiter& waiter)
{
    if (!waiter.is_linked())
        return;
    waiter.unlink();
    --waiting_;
    if (waiter.fresh)
        --fresh_waiting_;
}

void pool_state::dial_succeeded(pooled& connection, time_point now)
{
    --connecting_;
    failures_in_a_row_ = 0;
    pausing_ = false;
    disarm();
    connection.owner_ = this;
    settle(connection, now, true);
    balance();
}

void pool_state::dial_failed()
{
    --connecting_;
    took_failure();
    balance();
}

void pool_state::took_failure()
{
    ++failures_in_a_row_;
    pausing_ = driver_.arm_dial_pause(*this, failures_in_a_row_);
    fail_first_waiter();
    if (failures_in_a_row_ > 1 && in_use_ == 0 && connecting_ == 0) {
        while (!waiters_.empty())
            fail_first_waiter();
    }
}

void pool_state::expired()
{
    pausing_ = false;
    balance();
}

void pool_state::fail_first_waiter()
{
    if (waiters_.empty())
        return;
    auto& waiter = waiters_.front();
    leave(waiter);
    waiter.failed = true;
    driver_.wake(waiter);
}

void pool_state::give_back(pooled& connection, time_point now)
{
    --in_use_;
    if (auto const why = reason_to_retire(connection, now))
        driver_.discard(connection, *why);
    else if (must_make_room())
        driver_.discard(connection, close_reason::make_room);
    else
        settle(connection, now, false);
    balance();
}

/// The first in the queue wants a connection made for it, and there is no place to make one: if those behind it took each
/// connection that comes back, it would wait for as long as there are any.
bool pool_state::must_make_room() const
{
    return !stopped_ && !pausing_ && !waiters_.empty() && waiters_.front().fresh &&
           unserved_fresh_waiters() != 0 && total() + 1 >= settings_.max_connections;
}

void pool_state::drop(pooled& connection, close_reason why)
{
    --in_use_;
    driver_.discard(connection, why);
    balance();
}

void pool_state::forget(pooled&) noexcept
{
    --in_use_;
    serve_later();
}

void pool_state::dial_abandoned() noexcept
{
    --connecting_;
    serve_later();
}

void pool_state::serve_later() noexcept
{
    if (stopped_ || waiters_.empty() || armed())
        return;
    try {
        driver_.arm(*this, time_point::min());
    } catch (...) { // NOLINT(bugprone-empty-catch): the next change serves them
    }
}

void pool_state::grow_to(std::size_t count)
{
    count = std::min(count, settings_.max_connections);
    auto const failures = failures_in_a_row_;
    while (!stopped_ && !draining_ && total() < count && connecting_ < settings_.max_connecting) {
        if (!dial())
            return took_failure();
        // It may be over already, and the next would be too.
        if (failures_in_a_row_ > failures)
            return;
    }
}

bool pool_state::dial()
{
    ++connecting_;
    try {
        driver_.start_dial();
        return true;
    } catch (...) {
        // Whoever happens to be here mostly has nothing to do with it: it is a failure to connect like any other.
        return false;
    }
}

void pool_state::drain()
{
    draining_ = true;
    discard_idle();
}

void pool_state::stop()
{
    stopped_ = true;
    disarm();
    discard_idle();
}

void pool_state::discard_idle()
{
    while (!idle_.empty()) {
        auto& connection = idle_.front();
        unlink_idle(connection);
        driver_.discard(connection, close_reason::stopped);
    }
}

std::size_t pool_state::position(pool_waiter const& waiter) const
{
    std::size_t position = 0;
    for (auto const& other : waiters_) {
        if (&other == &waiter)
            break;
        ++position;
    }
    return position;
}

std::optional<close_reason> pool_state::reason_to_retire(pooled const& connection, time_point now) const
{
    if (stopped_)
        return close_reason::stopped;
    if (now >= connection.retire_at)
        return close_reason::too_old;
    if (settings_.max_requests != 0 && connection.uses >= settings_.max_requests)
        return close_reason::enough_requests;
    if (connection.last_use && connection.uses >= *connection.last_use)
        return close_reason::enough_requests;
    return std::nullopt;
}

pool_waiter* pool_state::first_waiter_for(bool fresh_connection)
{
    for (auto& waiter : waiters_) {
        if (fresh_connection || !waiter.fresh)
            return &waiter;
    }
    return nullptr;
}

void pool_state::settle(pooled& connection, time_point now, bool fresh)
{
    if (stopped_) {
        driver_.discard(connection, close_reason::stopped);
        return;
    }
    if (auto* waiter = first_waiter_for(fresh))
        hand(connection, *waiter);
    else if (draining_)
        driver_.discard(connection, close_reason::stopped);
    else
        make_idle(connection, now);
}

void pool_state::make_idle(pooled& connection, time_point now)
{
    auto limit = settings_.idle_timeout;
    if (connection.keep_alive)
        limit = std::min(limit, *connection.keep_alive);
    try {
        driver_.arm(connection, now + limit);
    } catch (...) {
        // Whoever gave it back did well; and nothing is kept that nobody would close.
        driver_.discard(connection, close_reason::no_memory);
        return;
    }
    idle_.push_front(connection);
    ++idle_count_;
}

void pool_state::idle_expired(pooled& connection)
{
    unlink_idle(connection);
    driver_.discard(connection, close_reason::idle_timeout);
}

void pool_state::unlink_idle(pooled& connection)
{
    static_cast<pool_hook&>(connection).unlink();
    connection.disarm();
    --idle_count_;
}

void pool_state::hand(pooled& connection, pool_waiter& waiter)
{
    leave(waiter);
    ++in_use_;
    connection.was_idle = false;
    waiter.handed = &connection;
    driver_.wake(waiter);
}

void pool_state::balance()
{
    // A dial may be over before start_dial() returns. Its end must not begin the next one within itself: there may be as
    // many as there are waiters.
    if (balancing_)
        return;
    balancing_ = true;
    while (!stopped_ && !pausing_ && waiting_ > connecting_ && connecting_ < settings_.max_connecting) {
        if (total() >= settings_.max_connections) {
            if (unserved_fresh_waiters() == 0 || idle_.empty())
                break;
            auto& oldest = idle_.back();
            unlink_idle(oldest);
            driver_.discard(oldest, close_reason::make_room);
        }
        if (!dial())
            took_failure();
        else if (failures_in_a_row_ != 0)
            pausing_ = driver_.arm_dial_pause(*this, failures_in_a_row_);
    }
    balancing_ = false;
}

std::size_t pool_state::unserved_fresh_waiters() const
{
    return fresh_waiting_ > connecting_ ? fresh_waiting_ - connecting_ : 0;
}

} // namespace fluxer::auth::core
