#ifndef FLUXER_AUTH_CLI_PERCENTILES_HPP
#define FLUXER_AUTH_CLI_PERCENTILES_HPP

#include <chrono>
#include <cstddef>
#include <vector>

namespace fluxer::auth::cli {

/// Durations of which percentiles are wanted. Keeps them all, so that the percentiles are exact.
class duration_samples
{
public:
    void reserve(std::size_t count) { samples_.reserve(count); }

    void add(std::chrono::steady_clock::duration sample)
    {
        samples_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(sample));
    }

    std::size_t size() const noexcept { return samples_.size(); }

    /// The smallest sample that at least `percent` of all do not exceed (nearest rank); 0 without samples.
    /// @param percent 0-100
    std::chrono::microseconds percentile(double percent) const;

private:
    std::vector<std::chrono::microseconds> samples_;
};

} // namespace fluxer::auth::cli

#endif
