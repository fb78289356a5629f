#include "core/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace fluxer::auth::core {

namespace {

/// Puts back what has not fired when an entry throws.
class put_back
{
public:
    put_back(timer_link& from, timer_link& to) noexcept
        : from_(from)
        , to_(to)
    {}

    put_back(put_back const&) = delete;
    put_back& operator=(put_back const&) = delete;

    ~put_back() { to_.take_all(from_); }

private:
    timer_link& from_;
    timer_link& to_;
};

} // namespace

void timer_link::insert_before(timer_link& position) noexcept
{
    next = &position;
    previous = position.previous;
    previous->next = this;
    position.previous = this;
}

void timer_link::remove() noexcept
{
    previous->next = next;
    next->previous = previous;
    next = this;
    previous = this;
}

void timer_link::take_all(timer_link& head) noexcept
{
    if (head.alone())
        return;
    head.next->previous = previous;
    head.previous->next = this;
    previous->next = head.next;
    previous = head.previous;
    head.next = &head;
    head.previous = &head;
}

timer_entry::~timer_entry()
{
    unlink();
}

void timer_entry::unlink() noexcept
{
    if (wheel_ == nullptr)
        return;
    auto const was_last = next == previous;
    remove();
    if (was_last)
        wheel_->release(slot_);
    --wheel_->size_;
    wheel_ = nullptr;
}

timer_wheel::timer_wheel(time_point start) noexcept
    : start_(start)
{}

timer_wheel::~timer_wheel()
{
    for (auto& slot : slots_)
        overdue_.take_all(slot);
    while (!overdue_.alone()) {
        auto& entry = static_cast<timer_entry&>(*overdue_.next);
        entry.remove();
        entry.wheel_ = nullptr;
    }
}

void timer_wheel::arm(timer_entry& entry, time_point deadline) noexcept
{
    entry.unlink();
    entry.wheel_ = this;
    entry.tick_ = tick_not_before(deadline);
    ++size_;
    if (entry.tick_ > now_)
        insert(entry);
    else
        append(entry, overdue_);
}

std::optional<timer_wheel::time_point> timer_wheel::next_wake() const noexcept
{
    if (!overdue_.alone())
        return time_of(now_);
    auto const next = find_next();
    if (next.slot == no_slot)
        return std::nullopt;
    return time_of(next.first_tick);
}

std::size_t timer_wheel::advance(time_point now)
{
    timer_link due;
    due.take_all(overdue_);
    collect(std::max(last_tick_by(now), now_), due);
    put_back const unfired(due, overdue_);
    std::size_t fired = 0;
    while (!due.alone()) {
        auto& entry = static_cast<timer_entry&>(*due.next);
        entry.unlink();
        ++fired;
        entry.expired();
    }
    return fired;
}

std::uint64_t timer_wheel::tick_not_before(time_point deadline) const noexcept
{
    if (deadline <= start_)
        return 0;
    // Not by std::chrono::ceil: its last step could overflow at the end of the clock's range.
    auto const elapsed = deadline - start_;
    auto const whole = elapsed / tick;
    return static_cast<std::uint64_t>(elapsed % tick == clock::duration::zero() ? whole : whole + 1);
}

std::uint64_t timer_wheel::last_tick_by(time_point now) const noexcept
{
    return now <= start_ ? 0 : static_cast<std::uint64_t>((now - start_) / tick);
}

timer_wheel::time_point timer_wheel::time_of(std::uint64_t tick_number) const noexcept
{
    auto const latest = static_cast<std::uint64_t>((time_point::max() - start_) / tick);
    if (tick_number > latest)
        return time_point::max();
    return start_ + tick * static_cast<std::int64_t>(tick_number);
}

void timer_wheel::insert(timer_entry& entry) noexcept
{
    // The highest bit in which the entry's tick differs from the present one names the level.
    auto const highest_bit = static_cast<unsigned>(std::bit_width(entry.tick_ ^ now_)) - 1;
    auto const level = highest_bit / slot_bits;
    auto const slot = static_cast<unsigned>(entry.tick_ >> (level * slot_bits)) % slots_per_level;
    auto const index = level * slots_per_level + slot;
    append(entry, slots_[index]);
    entry.slot_ = static_cast<std::uint16_t>(index);
    occupied_[level] |= std::uint64_t{1} << slot;
}

void timer_wheel::append(timer_entry& entry, timer_link& list) noexcept
{
    entry.slot_ = no_slot;
    entry.insert_before(list);
}

timer_wheel::next_slot timer_wheel::find_next() const noexcept
{
    // All of a level's entries share the present slot of the next level, so the lowest level is the earliest.
    for (unsigned level = 0; level < levels; ++level) {
        if (occupied_[level] == 0)
            continue;
        auto const slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
        auto const shift = level * slot_bits;
        auto const above = now_ >> (shift + slot_bits) << (shift + slot_bits);
        return {
            static_cast<std::uint16_t>(level * slots_per_level + slot),
            above + (std::uint64_t{slot} << shift)};
    }
    return {};
}

void timer_wheel::collect(std::uint64_t target, timer_link& due) noexcept
{
    for (auto next = find_next(); next.slot != no_slot && next.first_tick <= target; next = find_next()) {
        now_ = next.first_tick;
        timer_link arrived;
        arrived.take_all(slots_[next.slot]);
        release(next.slot);
        while (!arrived.alone()) {
            auto& entry = static_cast<timer_entry&>(*arrived.next);
            entry.remove();
            if (entry.tick_ > now_)
                insert(entry);
            else
                append(entry, due);
        }
    }
    now_ = target;
}

void timer_wheel::release(std::uint16_t slot) noexcept
{
    if (slot == no_slot)
        return;
    occupied_[slot / slots_per_level] &= ~(std::uint64_t{1} << (slot % slots_per_level));
}

} // namespace fluxer::auth::core
