#ifndef FLUXER_AUTH_NET_TIMERS_HPP
#define FLUXER_AUTH_NET_TIMERS_HPP

#include "core/timer_wheel.hpp"
#include "net/asio.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace fluxer::auth::net {

/// Runs a timer wheel on an executor with one Asio timer, whatever the number of entries.
class timers : public std::enable_shared_from_this<timers>
{
public:
    explicit timers(asio::any_io_executor executor);

    void arm(core::timer_entry& entry, time_point when);

    /// Lets go of the executor's timer for good; what is armed does not fire any more.
    void stop() noexcept;

private:
    void schedule();
    void wake();

    core::timer_wheel wheel_;
    std::optional<asio::steady_timer> timer_;
    std::optional<time_point> scheduled_;
};

} // namespace fluxer::auth::net

#endif
