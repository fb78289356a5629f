#include "cli/duration_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fluxer::auth::cli {

// Bucket numbers: up to 16 us one bucket for each; above, the power of two and the four bits below its leading one.
std::size_t duration_histogram::bucket_of(std::uint64_t microseconds) noexcept
{
    if (microseconds < steps)
        return static_cast<std::size_t>(microseconds);
    auto const shift = static_cast<std::size_t>(std::bit_width(microseconds)) - 5;
    return steps * shift + static_cast<std::size_t>(microseconds >> shift);
}

std::uint64_t duration_histogram::end_of(std::size_t bucket) noexcept
{
    if (bucket < 2 * steps)
        return bucket;
    auto const shift = bucket / steps - 1;
    auto const leading = static_cast<std::uint64_t>(bucket % steps + steps);
    return ((leading + 1) << shift) - 1;
}

void duration_histogram::add(std::chrono::steady_clock::duration sample) noexcept
{
    using std::chrono::microseconds;
    auto const rounded = std::max(std::chrono::duration_cast<microseconds>(sample), microseconds(0));
    ++counts_[bucket_of(static_cast<std::uint64_t>(rounded.count()))];
    ++size_;
    largest_ = std::max(largest_, rounded);
}

std::chrono::microseconds duration_histogram::percentile(double percent) const noexcept
{
    if (size_ == 0)
        return std::chrono::microseconds(0);
    auto const count = static_cast<double>(size_);
    // Rounding errors must not lift a rank.
    auto const rank =
        static_cast<std::uint64_t>(std::clamp(std::ceil(percent * count / 100 - 1e-9), 1.0, count));
    std::uint64_t seen = 0;
    std::size_t bucket = 0;
    while ((seen += counts_[bucket]) < rank)
        ++bucket;
    return std::min(std::chrono::microseconds(end_of(bucket)), largest_);
}

} // namespace fluxer::auth::cli
