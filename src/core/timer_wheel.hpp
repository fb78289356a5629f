#ifndef FLUXER_AUTH_CORE_TIMER_WHEEL_HPP
#define FLUXER_AUTH_CORE_TIMER_WHEEL_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fluxer::auth::core {

class timer_wheel;

/// A place in a circular list; alone when it points to itself.
struct timer_link
{
    timer_link() noexcept = default;
    timer_link(timer_link const&) = delete;
    timer_link& operator=(timer_link const&) = delete;
    ~timer_link() = default;

    bool alone() const noexcept { return next == this; }

    void insert_before(timer_link& position) noexcept;
    void remove() noexcept;
    /// Moves all that follow `head` in its list to the end of this one's.
    void take_all(timer_link& head) noexcept;

    timer_link* next = this;
    timer_link* previous = this;
};

/// Something that happens at a deadline. Derive from it; it is part of whatever waits, so that arming allocates
/// nothing. Its destructor disarms it.
class timer_entry : private timer_link
{
public:
    bool armed() const noexcept { return wheel_ != nullptr; }

protected:
    timer_entry() noexcept = default;
    virtual ~timer_entry();

    void disarm() noexcept { unlink(); }

private:
    friend class timer_wheel;

    /// The entry is disarmed already: it may be armed again or destroyed here.
    virtual void expired() = 0;

    void unlink() noexcept;

    timer_wheel* wheel_ = nullptr;
    std::uint64_t tick_ = 0;
    std::uint16_t slot_ = 0;
};

/// All deadlines of a client behind one timer: arming and disarming take constant time whatever their number.
///
/// Time is counted in ticks of 4 ms. Level L has 64 slots of 64^L ticks each; an entry is in the lowest level
/// whose slots tell its tick from the present one, and moves down when the wheel reaches its slot. Seven levels
/// cover all that a steady_clock can express, so there is no deadline that is too far away.
///
/// Not safe for threads. Either of wheel and entry may be destroyed first, but the wheel not from within
/// advance().
class timer_wheel
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    static constexpr std::chrono::milliseconds tick{4};

    /// @param start no later than the first advance
    explicit timer_wheel(time_point start) noexcept;
    timer_wheel(timer_wheel const&) = delete;
    timer_wheel& operator=(timer_wheel const&) = delete;
    /// Disarms what is armed.
    ~timer_wheel();

    /// Fires the entry in the first advance() whose time is not before the deadline, rounded up to a tick. An
    /// armed entry is moved. A deadline that has passed fires in the next advance(), never in a running one.
    void arm(timer_entry& entry, time_point deadline) noexcept;

    void disarm(timer_entry& entry) noexcept { entry.unlink(); }

    /// When to call advance() next: not after the earliest deadline's tick, but maybe before it, when entries
    /// have to move down. Nothing if nothing is armed.
    std::optional<time_point> next_wake() const noexcept;

    /// Fires all that is due by `now`, in the order of their ticks, those of one tick in the order of arming.
    /// Entries may arm, disarm and destroy themselves and others meanwhile. If one throws, those behind it fire
    /// in the next advance().
    ///
    /// @returns how many entries fired
    std::size_t advance(time_point now);

    bool empty() const noexcept { return size_ == 0; }

    std::size_t size() const noexcept { return size_; }

private:
    friend class timer_entry;

    static constexpr unsigned slot_bits = 6;
    static constexpr unsigned slots_per_level = 1U << slot_bits;
    static constexpr unsigned levels = 7;
    static constexpr std::uint16_t no_slot = 0xFFFF;

    struct next_slot
    {
        std::uint16_t slot = no_slot; ///< over all levels
        std::uint64_t first_tick = 0;
    };

    std::uint64_t tick_not_before(time_point deadline) const noexcept;
    std::uint64_t last_tick_by(time_point now) const noexcept;
    time_point time_of(std::uint64_t tick_number) const noexcept;
    void insert(timer_entry& entry) noexcept;
    void append(timer_entry& entry, timer_link& list) noexcept;
    next_slot find_next() const noexcept;
    void collect(std::uint64_t target, timer_link& due) noexcept;
    void release(std::uint16_t slot) noexcept;

    std::array<timer_link, levels * slots_per_level> slots_;
    std::array<std::uint64_t, levels> occupied_{};
    timer_link overdue_; ///< armed when their tick had passed
    time_point start_;
    std::uint64_t now_ = 0; ///< all ticks up to this one have fired
    std::size_t size_ = 0;
};

} // namespace fluxer::auth::core

#endif
