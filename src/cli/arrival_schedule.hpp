#ifndef FLUXER_AUTH_CLI_ARRIVAL_SCHEDULE_HPP
#define FLUXER_AUTH_CLI_ARRIVAL_SCHEDULE_HPP

#include "cli/chaos_plan.hpp"

#include <chrono>
#include <cstdint>

namespace fluxer::auth::cli {

enum class arrivals : std::uint8_t {
    poisson, ///< as independent users come: pauses are exponentially distributed
    fixed,   ///< with the same pause between any two
};

/// When the users of an open loop come, whatever becomes of those before them. Has no clock.
class arrival_schedule
{
public:
    using duration = std::chrono::steady_clock::duration;

    /// @param rate users per second in the long run, above 0
    arrival_schedule(arrivals how, double rate, std::uint64_t seed) noexcept;

    /// The next user's time since the beginning; the first one comes at 0.
    duration next() noexcept;

private:
    double pause() noexcept;

    arrivals how_;
    double rate_;
    chaos_random random_;
    double seconds_ = 0; ///< of the next one
    std::uint64_t count_ = 0;
};

} // namespace fluxer::auth::cli

#endif
