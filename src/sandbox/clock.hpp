#ifndef FLUXER_AUTH_SANDBOX_CLOCK_HPP
#define FLUXER_AUTH_SANDBOX_CLOCK_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace fluxer::auth::sandbox_detail {

using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

/// The system clock plus what tests have added to it.
class adjustable_clock
{
public:
    time_point now() const
    {
        auto const real = std::chrono::system_clock::now();
        return std::chrono::floor<std::chrono::milliseconds>(real) +
               std::chrono::milliseconds{offset_ms_.load()};
    }

    void advance(std::chrono::milliseconds by) { offset_ms_ += by.count(); }

private:
    std::atomic<std::chrono::milliseconds::rep> offset_ms_{0};
};

/// Since the epoch, as JWT and ALTCHA count.
inline std::int64_t seconds_of(time_point time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// ISO 8601 with milliseconds and Z (contract 2.3).
std::string to_iso8601(time_point time);

} // namespace fluxer::auth::sandbox_detail

#endif
