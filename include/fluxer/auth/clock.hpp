#ifndef FLUXER_AUTH_CLOCK_HPP
#define FLUXER_AUTH_CLOCK_HPP

#include <fluxer/auth/config.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace fluxer::auth {

/// Where a client takes the time from: all limits, idle and maximum ages, pauses and durations of its calls go by it, but
/// not waits, sign-ins and other flows, which go by the system's steady clock. Derive from it to let a test's time stand
/// still or jump; a program in use needs none.
///
/// Thread safety: now() may be called from several threads at once.
class FLUXER_AUTH_DECL clock
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    virtual ~clock();

    /// Never goes back.
    virtual time_point now() const noexcept = 0;

    /// Has to call `wake` once, on any thread, when now() has reached `when`; not from within this function. A client
    /// asks for a time again and again: calls that came too early or for nothing do no harm, one that never comes lets
    /// calls hang. `wake` may not be called any more once the client's io_context is gone.
    virtual void wake_at(time_point when, std::function<void()> wake) = 0;
};

/// A clock that only moves when it is told to.
///
/// Thread safety: all functions may be called from several threads at once.
class FLUXER_AUTH_DECL manual_clock : public clock
{
public:
    manual_clock();
    ~manual_clock() override;

    time_point now() const noexcept override;
    void wake_at(time_point when, std::function<void()> wake) override;

    /// Moves on, by zero or more, and calls what is due then on this thread.
    void advance(milliseconds by);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace fluxer::auth

#endif
