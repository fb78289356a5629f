#ifndef FLUXER_AUTH_CLI_DRIVE_LEDGER_HPP
#define FLUXER_AUTH_CLI_DRIVE_LEDGER_HPP

#include "cli/drive_mix.hpp"
#include "cli/duration_histogram.hpp"

#include <fluxer/auth/error.hpp>

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace fluxer::auth::cli {

/// Why a flow failed: what counts as the same reason compares equal.
struct flow_failure
{
    flow_failure() = default;

    /// @param end how the flow as a whole ended, where that says more than the error does; may be empty
    explicit flow_failure(error const& why, std::string_view end = {});
    flow_failure(std::string operation_, std::string reason_);

    std::string operation;
    std::string reason;
    std::string phase;   ///< how far the call had come; may be empty
    std::string example; ///< the error in one line; does not tell reasons apart

    friend bool operator==(flow_failure const& left, flow_failure const& right)
    {
        return (left <=> right) == std::strong_ordering::equal;
    }

    friend std::strong_ordering operator<=>(flow_failure const& left, flow_failure const& right);
};

/// The course of one flow.
struct flow_times
{
    using time_point = std::chrono::steady_clock::time_point;

    flow_times() = default;

    time_point due;     ///< when its user came
    time_point started; ///< later than that if as many flows as allowed were under way
    time_point ended;   ///< with a session
};

/// What became of the flows. Not for several threads.
class drive_ledger
{
public:
    struct counts
    {
        counts() = default;

        std::uint64_t started = 0;
        std::uint64_t completed = 0;
        std::uint64_t failed = 0;
        std::uint64_t cancelled = 0; ///< by the end of the drive

        std::uint64_t ended() const noexcept { return completed + failed + cancelled; }
    };

    struct failure_key
    {
        flow_kind kind;
        flow_failure why;

        friend auto operator<=>(failure_key const&, failure_key const&) = default;
    };

    void start(flow_kind kind);
    void complete(flow_kind kind, flow_times const& when);
    void fail(flow_kind kind, flow_failure why);
    void cancel(flow_kind kind);

    counts const& of(flow_kind kind) const noexcept { return counts_[index(kind)]; }

    counts total() const noexcept;

    /// From its start to its session.
    duration_histogram const& service_times(flow_kind kind) const noexcept { return service_[index(kind)]; }

    /// From its user's coming to its session: what that user sees.
    duration_histogram const& latencies(flow_kind kind) const noexcept { return latency_[index(kind)]; }

    /// From its user's coming to its start, of all kinds.
    duration_histogram const& start_delays() const noexcept { return delays_; }

    std::map<failure_key, std::uint64_t> const& failures() const noexcept { return failures_; }

private:
    static std::size_t index(flow_kind kind) noexcept { return static_cast<std::size_t>(kind); }

    std::array<counts, flow_kinds> counts_{};
    std::array<duration_histogram, flow_kinds> service_{};
    std::array<duration_histogram, flow_kinds> latency_{};
    duration_histogram delays_;
    std::map<failure_key, std::uint64_t> failures_;
};

} // namespace fluxer::auth::cli

#endif
