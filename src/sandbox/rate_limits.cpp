#include "sandbox/rate_limits.hpp"

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

rate_decision rate_limiter::take(std::string const& key, rate const& allowance, time_point now)
{
    drop_free_buckets(now);
    using std::chrono::milliseconds;
    milliseconds const slot{std::max<milliseconds::rep>(1, allowance.window.count() / allowance.limit)};
    auto& empty_at = buckets_[key];
    empty_at = std::max(empty_at, now);
    auto const level = empty_at - now;

    rate_decision decision;
    decision.limit = allowance.limit;
    if (level + slot > slot * allowance.limit) {
        auto const wait = level + slot - slot * allowance.limit;
        decision.allowed = false;
        decision.wait = wait;
        decision.retry_after =
            std::max(1, static_cast<int>(std::chrono::ceil<std::chrono::seconds>(wait).count()));
    } else {
        empty_at += slot;
        decision.remaining = static_cast<int>((slot * allowance.limit - (empty_at - now)) / slot);
    }
    decision.free_again = empty_at;
    return decision;
}

void rate_limiter::drop_free_buckets(time_point now)
{
    if (buckets_.size() < sweep_at_)
        return;
    std::erase_if(buckets_, [now](auto const& bucket) { return bucket.second <= now; });
    sweep_at_ = std::max<std::size_t>(4096, buckets_.size() * 2);
}

} // namespace fluxer::auth::sandbox_detail
