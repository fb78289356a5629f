#include "cli/percentiles.hpp"

#include <algorithm>
#include <cmath>

namespace fluxer::auth::cli {

std::chrono::microseconds duration_samples::percentile(double percent) const
{
    if (samples_.empty())
        return std::chrono::microseconds{0};
    auto const count = static_cast<double>(samples_.size());
    // Rounding errors must not lift a rank: 99 % of 100 is the 99th, even where 99.0 / 100 * 100 exceeds 99.
    auto const exact = percent * count / 100;
    auto const rank = std::clamp(std::ceil(exact - 1e-9), 1.0, count);
    auto sorted = samples_;
    auto const wanted = sorted.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
    std::ranges::nth_element(sorted, wanted);
    return *wanted;
}

} // namespace fluxer::auth::cli
