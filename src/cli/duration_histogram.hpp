#ifndef FLUXER_AUTH_CLI_DURATION_HISTOGRAM_HPP
#define FLUXER_AUTH_CLI_DURATION_HISTOGRAM_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fluxer::auth::cli {

/// Durations of which percentiles are wanted, in memory that does not grow with their number: percentiles are
/// rounded up, by 1/16 at most.
class duration_histogram
{
public:
    /// @param sample less than nothing counts as nothing
    void add(std::chrono::steady_clock::duration sample) noexcept;

    std::uint64_t size() const noexcept { return size_; }

    /// A duration that at least `percent` of all do not exceed (nearest rank); 0 without samples.
    /// @param percent 0-100
    std::chrono::microseconds percentile(double percent) const noexcept;

    /// Exact.
    std::chrono::microseconds largest() const noexcept { return largest_; }

private:
    static constexpr std::size_t steps = 16; ///< of each power of two
    static constexpr std::size_t powers = 64;

    static std::size_t bucket_of(std::uint64_t microseconds) noexcept;
    static std::uint64_t end_of(std::size_t bucket) noexcept;

    std::array<std::uint64_t, steps * powers> counts_{};
    std::uint64_t size_ = 0;
    std::chrono::microseconds largest_{0};
};

} // namespace fluxer::auth::cli

#endif
