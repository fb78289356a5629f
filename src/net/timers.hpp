#ifndef FLUXER_AUTH_NET_TIMERS_HPP
#define FLUXER_AUTH_NET_TIMERS_HPP

#include "core/timer_wheel.hpp"
#include "net/asio.hpp"
#include "net/background_executor.hpp"
#include "net/executor_gate.hpp"

#include <fluxer/auth/clock.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/wait_traits.hpp>

#include <memory>
#include <optional>

namespace fluxer::auth::net {

/// Runs a timer wheel on an executor with one Asio timer, whatever the number of entries. Whatever has a limit is work
/// of its own, so that the timer need not keep the context running.
class timers : public std::enable_shared_from_this<timers>
{
public:
    /// @param injected where the time is taken from; null: the system's steady clock
    explicit timers(asio::any_io_executor executor, std::shared_ptr<clock> injected = nullptr);

    time_point now() const noexcept { return clock_ ? clock_->now() : std::chrono::steady_clock::now(); }

    void arm(core::timer_entry& entry, time_point when);

    /// Lets go of the executor's timer for good; what is armed does not fire any more.
    void stop() noexcept;

private:
    void schedule();
    void wait_until(time_point when);
    void wake();

    asio::any_io_executor executor_;
    std::shared_ptr<clock> clock_;
    std::shared_ptr<executor_gate> gate_; // the clock may outlive the executor
    core::timer_wheel wheel_;
    using background_timer = asio::basic_waitable_timer<
        std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, background_executor>;

    std::optional<background_timer> timer_;
    std::optional<time_point> scheduled_;
};

} // namespace fluxer::auth::net

#endif
