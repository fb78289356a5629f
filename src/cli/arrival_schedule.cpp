#include "cli/arrival_schedule.hpp"

#include <cmath>

namespace fluxer::auth::cli {

namespace {

/// Evenly distributed over 0 (excluded) to 1 (included).
double unit(std::uint64_t bits) noexcept
{
    return (static_cast<double>(bits >> 11) + 1) * 0x1p-53;
}

} // namespace

arrival_schedule::arrival_schedule(arrivals how, double rate, std::uint64_t seed) noexcept
    : how_(how)
    , rate_(rate)
    , random_(seed)
{}

arrival_schedule::duration arrival_schedule::next() noexcept
{
    auto const due = seconds_;
    ++count_;
    // Fixed ones from their number: sums of pauses would drift.
    seconds_ = how_ == arrivals::fixed ? static_cast<double>(count_) / rate_ : seconds_ + pause();
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(due));
}

double arrival_schedule::pause() noexcept
{
    return -std::log(unit(random_.next())) / rate_;
}

} // namespace fluxer::auth::cli
