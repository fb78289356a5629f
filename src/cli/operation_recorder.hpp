#ifndef FLUXER_AUTH_CLI_OPERATION_RECORDER_HPP
#define FLUXER_AUTH_CLI_OPERATION_RECORDER_HPP

#include "cli/duration_histogram.hpp"

#include <fluxer/auth/observer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fluxer::auth::cli {

/// What a client did for one operation.
struct operation_record
{
    operation_record() = default;

    std::uint64_t calls = 0;           ///< that ended
    std::uint64_t errors = 0;          ///< of those; a login that a mail has to let pass is one
    std::uint64_t requests = 0;        ///< on a connection, repetitions included
    std::uint64_t throttled = 0;       ///< calls that waited for the rate governor
    std::uint64_t answers_429 = 0;     ///< too many requests
    duration_histogram call_times;     ///< from the call to its end, all waiting included
    duration_histogram exchange_times; ///< of requests on their connection
};

/// Counts and times a client's operations.
class operation_recorder final : public observer
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// @param learnt from when on a 429 says that something is amiss
    explicit operation_recorder(time_point learnt)
        : learnt_(learnt)
    {}

    void on_event(event const& what) override;

    operation_record const& of(operation which) const noexcept
    {
        return records_[static_cast<std::size_t>(which)];
    }

    /// Of all operations.
    std::uint64_t throttled() const noexcept;
    std::uint64_t answers_429() const noexcept;

    std::uint64_t late_answers_429() const noexcept { return late_429_; }

private:
    std::uint64_t sum(std::uint64_t operation_record::*what) const noexcept;

    std::array<operation_record, static_cast<std::size_t>(operation::raw) + 1> records_{};
    time_point learnt_;
    std::uint64_t late_429_ = 0;
};

} // namespace fluxer::auth::cli

#endif
