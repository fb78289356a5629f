#ifndef FLUXER_AUTH_CORE_BACKOFF_HPP
#define FLUXER_AUTH_CORE_BACKOFF_HPP

#include <chrono>
#include <cstdint>
#include <functional>

namespace fluxer::auth::core {

/// Exponential backoff with full jitter: each pause is anything from zero to a bound that doubles with every
/// attempt, so that clients that failed together do not come back together.
class backoff
{
public:
    using duration = std::chrono::milliseconds;
    /// All values of uint64_t, equally likely.
    using random_function = std::function<std::uint64_t()>;

    /// @param base bound of the first pause; negative is taken as zero
    /// @param max no pause is longer; less than `base` is taken as `base`
    backoff(duration base, duration max) noexcept;

    /// The longest pause that may follow a failed attempt; the first one is 1.
    duration bound(unsigned attempt) const noexcept;

    /// The pause after a failed attempt.
    duration pause(unsigned attempt, random_function const& random) const;

private:
    duration base_;
    duration max_;
};

} // namespace fluxer::auth::core

#endif
