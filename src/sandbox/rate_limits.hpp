#ifndef FLUXER_AUTH_SANDBOX_RATE_LIMITS_HPP
#define FLUXER_AUTH_SANDBOX_RATE_LIMITS_HPP

#include "sandbox/clock.hpp"

#include <string>
#include <unordered_map>

namespace fluxer::auth::sandbox_detail {

struct rate
{
    int limit;
    std::chrono::milliseconds window;
};

struct rate_decision
{
    bool allowed = true;
    int limit = 0;
    int remaining = 0;
    /// When the bucket is entirely free again (contract 10.2).
    time_point free_again{};
    /// Whole seconds to the next permitted request, at least 1; 0 if this one is permitted.
    int retry_after = 0;
    /// The same without rounding.
    std::chrono::milliseconds wait{0};
};

/// Leaky buckets: a burst of `limit`, then one request per window/limit (contract 10.1).
class rate_limiter
{
public:
    rate_decision take(std::string const& key, rate const& allowance, time_point now);

    void clear() { buckets_.clear(); }

private:
    void drop_free_buckets(time_point now);

    std::unordered_map<std::string, time_point> buckets_; // when each will be empty
    std::size_t sweep_at_ = 4096;
};

} // namespace fluxer::auth::sandbox_detail

#endif
