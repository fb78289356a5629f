#ifndef FLUXER_AUTH_CORE_LEAKY_BUCKETS_HPP
#define FLUXER_AUTH_CORE_LEAKY_BUCKETS_HPP

#include <fluxer/auth/rate.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fluxer::auth::core {

/// What one limit has been used for, as times from now.
struct bucket_level
{
    unsigned limit = 1;
    milliseconds window{1'000};
    milliseconds empty_in{0};    ///< until nothing is counted any more
    milliseconds blocked_for{0}; ///< a server's own word that nothing goes before
};

/// Counts requests against limits as the server does (contract 10.1): `limit` at once, then one per window / limit. A
/// request goes when all of its limits let it, and no earlier one waits for any of those. Who waits for one limit does
/// not hold up those that need only others.
///
/// A request's slot begins to become free when the server counts it, which it has done once it is over, and may not have
/// done before: waiting for a connection and the way to the server take what time they take.
///
/// Pure: time is an argument. Not safe for threads.
class leaky_buckets
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// A server may count in whole milliseconds, and its timers are no better than ours.
    static constexpr milliseconds rounding{10};
    /// Who was told to wait and has not come back this long after its time loses its turn to others.
    static constexpr milliseconds patience{2'000};
    /// Nobody is told to wait longer before asking again: a place in front may have become free.
    static constexpr milliseconds longest_wait{1'000};

    /// Grants, and counts the request until learn() or give_back() is told of its end, or notes that `ticket` waits.
    ///
    /// @returns when not granted, how long until it probably will be; that may be longer than longest_wait
    rate_verdict ask(std::uint64_t ticket, std::span<rate_limit_key const> keys, time_point now);

    /// Forgets one that waits.
    void leave(std::uint64_t ticket);

    /// Uncounts a request that was granted and has not been sent.
    void give_back(std::uint64_t ticket, time_point now);

    /// A request against these limits is over. Counts it against those that it was not granted by, and takes in what the
    /// server says: others may use them too.
    void learn(
        std::uint64_t ticket, std::span<rate_limit_key const> keys, rate_answer const& answer,
        time_point now);

    /// Counts as another process has done.
    void add(rate_limit_key const& key, bucket_level const& level, time_point now);

    /// Calls `visit(bucket, subject, bucket_level)` for all that are not at rest.
    template <class Visit>
    void for_each(time_point now, Visit&& visit) const
    {
        for (auto const& [name, one] : buckets_) {
            auto const level = level_of(one, now);
            if (level.empty_in.count() == 0 && level.blocked_for.count() == 0)
                continue;
            auto const separator = name.find('\0');
            visit(name.substr(0, separator), name.substr(separator + 1), level);
        }
    }

    /// Whether nothing is counted, and nobody waits or is under way.
    bool is_at_rest(time_point now) const;

    std::size_t size() const noexcept { return buckets_.size(); }

    std::size_t waiting() const noexcept { return waiters_.size(); }

private:
    using duration = time_point::duration;

    struct bucket
    {
        unsigned limit = 1;
        duration window{};
        duration interval{};
        duration lead{};           ///< how long before it is empty a request may go
        std::size_t under_way = 0; ///< granted, and not known to be over
        time_point empty_at{};     ///< if the server has counted all of those when they were granted
        time_point blocked_until{};
        std::map<std::uint64_t, std::uint64_t> queue; ///< tickets by arrival
        std::uint64_t departed = 0;                   ///< from the queue
    };

    /// Of one request on one limit.
    struct slot
    {
        bucket* of = nullptr;
        bool global = false;
    };

    struct waiter
    {
        std::uint64_t arrival = 0;
        bucket* at = nullptr;
        std::uint64_t place = 0; ///< value of `departed` at which it is first
        time_point due{};
    };

    static void configure(bucket& one, unsigned limit, duration window);
    static void take(bucket& one, time_point now) noexcept;
    static void count_now(bucket& one, time_point now) noexcept;
    static void give_back(bucket& one, time_point now) noexcept;
    /// Of a request that nobody asked for.
    static void count(bucket& one, time_point now) noexcept;
    /// What those under way take.
    static duration held(bucket const& one) noexcept;
    static time_point empty_at_latest(bucket const& one, time_point now) noexcept;
    static time_point free_at(bucket const& one, time_point now) noexcept;
    static bool is_at_rest(bucket const& one, time_point now) noexcept;
    static bucket_level level_of(bucket const& one, time_point now);
    /// As the server says.
    static std::optional<time_point> told_empty_at(
        bucket const& one, rate_answer const& answer, bool counted, time_point now);

    /// Makes it if there is none; no other is removed.
    bucket& find(rate_limit_key const& key);
    bool others_first(bucket& one, std::uint64_t arrival, time_point now);
    void queue_at(bucket& one, std::uint64_t ticket, waiter& mine);
    void unqueue(waiter& mine);
    void block(bucket& one, milliseconds wait, time_point now);
    /// Whose limit a 429 tells of.
    rate_scope refused_by(std::span<rate_limit_key const> keys, rate_answer const& answer);
    void refused(std::span<rate_limit_key const> keys, rate_scope by, milliseconds wait, time_point now);
    /// Those it was granted, of which nobody else knows any more.
    std::vector<slot> take_slots(std::uint64_t ticket) noexcept;
    void drop_those_at_rest(time_point now);

    std::unordered_map<std::string, bucket> buckets_;
    std::unordered_map<std::uint64_t, waiter> waiters_;
    std::unordered_map<std::uint64_t, std::vector<slot>> under_way_;
    std::uint64_t arrivals_ = 0;
    std::size_t sweep_at_ = 1024;
};

} // namespace fluxer::auth::core

#endif
