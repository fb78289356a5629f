#ifndef FLUXER_AUTH_NET_WATCHDOG_HPP
#define FLUXER_AUTH_NET_WATCHDOG_HPP

#include "net/timers.hpp"

#include <fluxer/auth/error.hpp>

#include <memory>

namespace fluxer::auth::net {

/// Something that can be made to end at once: whoever awaits it gets an error.
class abortable
{
public:
    virtual void abort() noexcept = 0;

protected:
    ~abortable() = default;
};

/// Why an await ended before its time.
enum class interruption : std::uint8_t { none, timed_out, cancelled, shut_down };

/// One work's limits: ends whatever is awaited when the phase's limit or the work's own end comes. Built on callbacks
/// instead of operator||, which in this Asio waits for the loser (trap T6).
class watchdog : private core::timer_entry
{
public:
    /// @param end when the whole work has to be over; `whole` is that limit for error messages
    watchdog(std::shared_ptr<timers> timers, time_point start, milliseconds whole);

    /// Enters a phase. Its end is the earliest of the limit's, the attempt's and the work's.
    void enter(auth::phase phase, milliseconds limit, abortable& target);

    /// The awaited thing is over; its limit too.
    void leave() noexcept;

    /// A limit over several phases, until lifted.
    void begin_attempt(time_point start, milliseconds limit);
    void end_attempt() noexcept;

    /// Ends what is awaited, now or as soon as a phase is entered.
    void interrupt(interruption why) noexcept;

    interruption interrupted() const noexcept { return interrupted_; }

    auth::phase phase() const noexcept { return phase_; }

    /// The limit that ran out.
    milliseconds limit() const noexcept { return limit_; }

    time_point start() const noexcept { return start_; }

    time_point end() const noexcept { return end_; }

    time_point now() const noexcept { return timers_->now(); }

    milliseconds elapsed() const;

    /// Until the work's end; zero if that has passed.
    milliseconds time_left() const;

    /// True if there is no time left; the work's own limit is then the one that ran out.
    bool over();

private:
    void expired() override;

    std::shared_ptr<timers> timers_;
    time_point start_;
    time_point end_;
    time_point attempt_end_;
    milliseconds whole_limit_;
    milliseconds attempt_limit_{0};
    milliseconds limit_{0};
    abortable* target_ = nullptr;
    auth::phase phase_ = auth::phase::validation;
    interruption interrupted_ = interruption::none;
};

} // namespace fluxer::auth::net

#endif
