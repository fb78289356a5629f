#ifndef FLUXER_AUTH_BENCH_SUPPORT_METER_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_METER_HPP

#include "support/allocations.hpp"
#include "support/process.hpp"
#include "support/settings.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace fluxer::auth::bench {

/// Measures the requests of one thread between a warm-up and the end of the time set. Every peer asks it the same, so
/// that it costs all of them the same.
class meter
{
public:
    using clock = std::chrono::steady_clock;

    explicit meter(settings const& of);

    /// A request that began then has been answered.
    /// @returns false: no further one is to be begun
    bool answered(clock::time_point begin);

    bool over() const noexcept { return stage_ == stage::over; }

    /// Requests, CPU, time and latencies. Throws std::runtime_error if there was no request.
    boost::json::object result() const;

private:
    enum class stage { warming, measuring, over };

    struct snapshot
    {
        clock::time_point when;
        cpu_times cpu;
        std::optional<allocations> heap;
    };

    static snapshot take_snapshot(clock::time_point now);
    boost::json::object latencies() const;

    stage stage_ = stage::warming;
    std::chrono::nanoseconds length_;
    clock::time_point earliest_;
    std::uint64_t least_; ///< answers before the measuring
    std::uint64_t answers_ = 0;
    clock::time_point end_time_;
    snapshot start_;
    snapshot end_;
    std::vector<std::uint32_t> nanoseconds_;
};

} // namespace fluxer::auth::bench

#endif
