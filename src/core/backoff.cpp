#include "core/backoff.hpp"

#include <algorithm>

namespace fluxer::auth::core {

backoff::backoff(duration base, duration max) noexcept
    : base_(std::max(base, duration::zero()))
    , max_(std::max(max, base_))
{}

backoff::duration backoff::bound(unsigned attempt) const noexcept
{
    auto bound = base_;
    for (unsigned doubled = 1; doubled < attempt && bound < max_ && bound > duration::zero(); ++doubled)
        bound = bound > max_ / 2 ? max_ : bound * 2;
    return bound;
}

backoff::duration backoff::pause(unsigned attempt, random_function const& random) const
{
    auto const choices = static_cast<std::uint64_t>(bound(attempt).count()) + 1;
    return duration(static_cast<duration::rep>(random() % choices));
}

} // namespace fluxer::auth::core
