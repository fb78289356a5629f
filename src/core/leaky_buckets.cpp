#include "core/leaky_buckets.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

/// The official client's, where a 429 names no time (contract 10.3).
constexpr milliseconds default_retry_after{5'000};

/// The server's own limit is free again within a second (contract 10.4). What somebody else says in its name, with a wait of
/// a day, must not hold up everything that a process does.
constexpr milliseconds longest_global_block{60'000};

std::string name_of(rate_limit_key const& key)
{
    std::string name;
    name.reserve(key.bucket.size() + 1 + key.subject.size());
    name += key.bucket;
    name += '\0';
    name += key.subject;
    return name;
}

milliseconds rounded_up(std::chrono::nanoseconds time)
{
    return std::max(std::chrono::ceil<milliseconds>(time), milliseconds(0));
}

} // namespace

void leaky_buckets::configure(bucket& one, unsigned limit, duration window)
{
    one.limit = std::max(limit, 1U);
    one.window = std::max<duration>(window, milliseconds(1));
    one.interval = std::max<duration>(one.window / one.limit, std::chrono::microseconds(1));
    one.lead = one.interval * (one.limit - 1);
}

void leaky_buckets::take(bucket& one, time_point now) noexcept
{
    one.empty_at = std::max(one.empty_at, now) + one.interval;
    ++one.under_way;
}

// The server has counted this one by now, and each of the others either before or still has it to count, whatever the order
// they were granted in.
void leaky_buckets::count_now(bucket& one, time_point now) noexcept
{
    one.empty_at = empty_at_latest(one, now + rounding);
    --one.under_way;
}

void leaky_buckets::give_back(bucket& one, time_point now) noexcept
{
    one.empty_at = std::max(one.empty_at - one.interval, std::min(one.empty_at, now));
    --one.under_way;
}

void leaky_buckets::count(bucket& one, time_point now) noexcept
{
    one.empty_at = empty_at_latest(one, now + rounding) + one.interval;
    // If more than the limit went, the server's is a wider one; and after the window nothing is counted any more.
    one.empty_at = std::min(one.empty_at, now + rounding + one.window);
}

// More than the limit are under way if the server has told of a lower one: it counts no more than that.
leaky_buckets::duration leaky_buckets::held(bucket const& one) noexcept
{
    return one.interval * static_cast<duration::rep>(std::min<std::size_t>(one.under_way, one.limit));
}

leaky_buckets::time_point leaky_buckets::empty_at_latest(bucket const& one, time_point now) noexcept
{
    return std::max(one.empty_at, now + held(one));
}

leaky_buckets::time_point leaky_buckets::free_at(bucket const& one, time_point now) noexcept
{
    return std::max(one.blocked_until, empty_at_latest(one, now) - one.lead);
}

bucket_level leaky_buckets::level_of(bucket const& one, time_point now)
{
    bucket_level level;
    level.limit = one.limit;
    level.window = std::chrono::ceil<milliseconds>(one.window);
    level.empty_in = rounded_up(empty_at_latest(one, now) - now);
    level.blocked_for = rounded_up(one.blocked_until - now);
    return level;
}

leaky_buckets::bucket& leaky_buckets::find(rate_limit_key const& key)
{
    auto const [place, is_new] = buckets_.try_emplace(name_of(key));
    if (is_new)
        configure(place->second, key.limit, key.window);
    return place->second;
}

bool leaky_buckets::is_at_rest(bucket const& one, time_point now) noexcept
{
    return one.under_way == 0 && one.empty_at <= now && one.blocked_until <= now && one.queue.empty();
}

bool leaky_buckets::is_at_rest(time_point now) const
{
    return waiters_.empty() &&
           std::ranges::all_of(buckets_, [now](auto const& entry) { return is_at_rest(entry.second, now); });
}

void leaky_buckets::drop_those_at_rest(time_point now)
{
    if (buckets_.size() < sweep_at_)
        return;
    std::erase_if(buckets_, [now](auto const& entry) { return is_at_rest(entry.second, now); });
    sweep_at_ = std::max<std::size_t>(1024, buckets_.size() * 2);
}

bool leaky_buckets::others_first(bucket& one, std::uint64_t arrival, time_point now)
{
    while (!one.queue.empty() && one.queue.begin()->first < arrival) {
        auto& first = waiters_.at(one.queue.begin()->second);
        if (first.due + patience >= now)
            return true;
        unqueue(first);
    }
    return false;
}

void leaky_buckets::queue_at(bucket& one, std::uint64_t ticket, waiter& mine)
{
    if (mine.at == &one)
        return;
    unqueue(mine);
    auto const place = one.queue.emplace(mine.arrival, ticket).first;
    // Nearly always the last one; who comes from another limit may have arrived before those that wait here.
    auto const is_last = std::next(place) == one.queue.end();
    mine.place = one.departed + (is_last ? one.queue.size() - 1 : 0);
    mine.at = &one;
}

void leaky_buckets::unqueue(waiter& mine)
{
    if (mine.at == nullptr)
        return;
    mine.at->queue.erase(mine.arrival);
    ++mine.at->departed;
    mine.at = nullptr;
}

rate_verdict leaky_buckets::ask(std::uint64_t ticket, std::span<rate_limit_key const> keys, time_point now)
{
    drop_those_at_rest(now);
    auto const known = waiters_.find(ticket);
    auto const arrival = known == waiters_.end() ? ++arrivals_ : known->second.arrival;
    bucket* in_the_way = nullptr;
    rate_limit_key const* its_key = nullptr;
    std::vector<slot> all;
    all.reserve(keys.size());
    for (auto const& key : keys) {
        auto& one = find(key);
        all.push_back({&one, key.scope == rate_scope::global});
        auto const blocked = free_at(one, now) > now || others_first(one, arrival, now);
        if (blocked && (in_the_way == nullptr || free_at(one, now) > free_at(*in_the_way, now))) {
            in_the_way = &one;
            its_key = &key;
        }
    }

    rate_verdict verdict;
    if (in_the_way == nullptr) {
        give_back(ticket, now);
        for (auto const& each : under_way_.emplace(ticket, std::move(all)).first->second)
            take(*each.of, now);
        leave(ticket);
        verdict.granted = true;
        return verdict;
    }
    auto& mine = waiters_[ticket];
    mine.arrival = arrival;
    queue_at(*in_the_way, ticket, mine);
    auto const ahead = mine.place > in_the_way->departed ? mine.place - in_the_way->departed : 0;
    auto const until_free = std::max<duration>(free_at(*in_the_way, now) - now, milliseconds(1));
    verdict.wait = rounded_up(until_free + in_the_way->interval * static_cast<duration::rep>(ahead));
    verdict.bucket = its_key->bucket;
    mine.due = now + std::min<duration>(verdict.wait, longest_wait);
    return verdict;
}

void leaky_buckets::leave(std::uint64_t ticket)
{
    auto const known = waiters_.find(ticket);
    if (known == waiters_.end())
        return;
    unqueue(known->second);
    waiters_.erase(known);
}

std::vector<leaky_buckets::slot> leaky_buckets::take_slots(std::uint64_t ticket) noexcept
{
    auto const known = under_way_.extract(ticket);
    return known ? std::move(known.mapped()) : std::vector<slot>();
}

void leaky_buckets::give_back(std::uint64_t ticket, time_point now)
{
    for (auto const& each : take_slots(ticket))
        give_back(*each.of, now);
}

std::optional<leaky_buckets::time_point> leaky_buckets::told_empty_at(
    bucket const& one, rate_answer const& answer, bool counted, time_point now)
{
    // When the server looked is not known, nor whether it had counted what else is under way; but what is counted here
    // must not raise the count by that.
    auto const looked = counted ? now - answer.age : now + held(one);
    if (answer.remaining) {
        auto const used = one.limit - std::min(one.limit, *answer.remaining);
        // What remains is rounded down, so that a slot more may be free. Of a request that is not counted here, one is
        // used for certain.
        return looked + one.interval * (counted && used != 0 ? used - 1 : used);
    }
    // Newer servers may say nothing else (contract 10.2). No bucket takes longer than its window to be free.
    if (answer.reset_after)
        return looked + std::min<duration>(*answer.reset_after, one.window);
    return std::nullopt;
}

void leaky_buckets::learn(
    std::uint64_t ticket, std::span<rate_limit_key const> keys, rate_answer const& answer, time_point now)
{
    drop_those_at_rest(now);
    auto const slots = take_slots(ticket);
    for (auto const& each : slots) {
        if (answer.counted || each.global)
            count_now(*each.of, now);
        else
            give_back(*each.of, now);
    }
    auto const refusal = answer.status == 429 ? std::optional(refused_by(keys, answer)) : std::nullopt;
    for (auto const& key : keys) {
        auto& one = find(key);
        // It is not where it left before any limit was seen, or a session's user was.
        bool const counted = std::ranges::any_of(slots, [&one](slot const& each) { return each.of == &one; });
        // The figures of a refusal are those of the limit that refused.
        bool const is_told =
            key.scope == rate_scope::bucket && refusal.value_or(rate_scope::bucket) == rate_scope::bucket;
        if (is_told && answer.limit && *answer.limit > 0 && *answer.limit != one.limit)
            configure(one, *answer.limit, one.window);
        if (auto const told = is_told ? told_empty_at(one, answer, counted, now) : std::nullopt)
            one.empty_at = std::max(one.empty_at, *told);
        // What the server refused it has not counted.
        else if (!counted && !refusal && (answer.counted || key.scope == rate_scope::global))
            count(one, now);
    }
    if (!refusal)
        return;
    auto const wait = answer.retry_after.value_or(default_retry_after);
    refused(
        keys, *refusal, *refusal == rate_scope::global ? std::min(wait, longest_global_block) : wait, now);
}

rate_scope leaky_buckets::refused_by(std::span<rate_limit_key const> keys, rate_answer const& answer)
{
    if (answer.global)
        return rate_scope::global;
    auto const has_inner =
        std::ranges::any_of(keys, [](rate_limit_key const& key) { return key.scope == rate_scope::inner; });
    if (!has_inner)
        return rate_scope::bucket;
    // A wait that the bucket cannot have caused comes from an inner limit.
    auto const wait = answer.retry_after.value_or(default_retry_after);
    auto const cannot_be_its = [&](rate_limit_key const& key) {
        auto const& one = find(key);
        auto longest = one.interval;
        if (answer.limit && *answer.limit > 0)
            longest = std::max<duration>(longest, one.window / *answer.limit);
        return key.scope == rate_scope::bucket &&
               wait > std::chrono::ceil<milliseconds>(longest) + milliseconds(1'000);
    };
    return std::ranges::any_of(keys, cannot_be_its) ? rate_scope::inner : rate_scope::bucket;
}

void leaky_buckets::refused(
    std::span<rate_limit_key const> keys, rate_scope by, milliseconds wait, time_point now)
{
    // Which of the inner limits is not said: of the caller's own count of them the fullest, and that of the e-mail address,
    // which holds up nobody else.
    bool const inner = by == rate_scope::inner;
    bucket* fullest = nullptr;
    for (auto const& key : keys) {
        if (key.scope != by)
            continue;
        auto& one = find(key);
        if (!inner || key.subject.starts_with("email:"))
            block(one, wait, now);
        // Of windows that differ, compared as parts of the whole.
        auto const share = [now](bucket const& of) {
            return std::chrono::duration<double>(empty_at_latest(of, now) - now) / of.window;
        };
        if (fullest == nullptr || share(one) > share(*fullest))
            fullest = &one;
    }
    if (inner && fullest != nullptr)
        block(*fullest, wait, now);
}

void leaky_buckets::block(bucket& one, milliseconds wait, time_point now)
{
    one.blocked_until = std::max(one.blocked_until, now + wait);
}

void leaky_buckets::add(rate_limit_key const& key, bucket_level const& level, time_point now)
{
    auto& one = find(key);
    configure(one, level.limit, level.window);
    one.empty_at = std::max(one.empty_at, now + level.empty_in);
    block(one, level.blocked_for, now);
}

} // namespace fluxer::auth::core
