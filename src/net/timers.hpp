#ifndef FLUXER_AUTH_NET_TIMERS_HPP
#define FLUXER_AUTH_NET_TIMERS_HPP

#include "core/timer_wheel.hpp"
#include "net/asio.hpp"
#include "net/background_executor.hpp"
#include "net/executor_gate.hpp"

#include <fluxer/auth/clock.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/wait_traits.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace fluxer::auth::net {

/// Runs a timer wheel on an executor with one Asio timer, whatever the number of entries. Whatever has a limit is work
/// of its own, so that the timer need not keep the context running.
class timers : public std::enable_shared_from_this<timers>
{
public:
    /// @param injected where the time is taken from; null: the system's steady clock
    explicit timers(asio::any_io_executor executor, std::shared_ptr<clock> injected = nullptr);

    time_point now() const noexcept { return clock_ ? clock_->now() : std::chrono::steady_clock::now(); }

    /// If it throws, the entry is not armed, and the others are as they were.
    void arm(core::timer_entry& entry, time_point when);

    /// Lets go of the executor's timer for good; what is armed does not fire any more.
    void stop() noexcept;

private:
    /// The way back to the executor, from wherever an alarm goes off.
    struct way_back
    {
        explicit way_back(asio::any_io_executor executor)
            : gate(std::move(executor))
        {}

        /// May throw for want of memory; `lost` then says so.
        void wake(std::weak_ptr<timers> const& sleeping);

        executor_gate gate; // the clock may outlive the executor
        std::atomic<bool> lost{false};
    };

    /// What the Asio timer calls. There may be no memory to call it: then it is destroyed instead, maybe beside the
    /// executor, and sees to it that the deadlines are looked at all the same.
    class alarm
    {
    public:
        explicit alarm(timers& of);
        alarm(alarm&&) noexcept = default;
        alarm& operator=(alarm&&) = delete;
        ~alarm();

        void operator()(error_code const& ec);

    private:
        std::weak_ptr<timers> of_;
        std::shared_ptr<way_back> back_; // none once it was called
    };

    void schedule();
    void wait_until(time_point when);
    void wake();

    asio::any_io_executor executor_;
    std::shared_ptr<clock> clock_;
    std::shared_ptr<way_back> back_;
    core::timer_wheel wheel_;
    using background_timer = asio::basic_waitable_timer<
        std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, background_executor>;

    std::optional<background_timer> timer_;
    std::optional<time_point> scheduled_;
};

} // namespace fluxer::auth::net

#endif
