#include "core/poll_schedule.hpp"

#include <algorithm>
#include <cstdint>
#include <ratio>

namespace fluxer::auth::core {

namespace {

// 60 polls a minute are allowed to all clients behind one address together (contract 11).
constexpr std::chrono::milliseconds shortest_interval{2'000};

// Some polls fall into the 60 s of contract 9.2 even if each takes its time.
constexpr std::chrono::milliseconds longest_short_pause{8'000};

// Short beside any pause, and long enough for dozens of ten thousand waits to share it.
using common_ticks = std::chrono::duration<std::int64_t, std::ratio<8, 1'000>>;

// Doubling stops to matter long before it could overflow.
constexpr unsigned most_doublings = 16;

} // namespace

poll_schedule::poll_schedule(
    poll_settings settings, time_point expiry, std::optional<time_point> deadline, random_source random)
    : settings_(settings)
    , expiry_(expiry)
    , deadline_(deadline)
    , random_(random)
    , unseen_until_(expiry)
{
    settings_.interval = std::max(settings_.interval, shortest_interval);
    settings_.max_backoff = std::max(settings_.max_backoff, settings_.interval);
}

poll_schedule::step poll_schedule::after_pending(time_point now)
{
    failures_ = 0;
    short_until_.reset();
    unseen_until_ = expiry_;
    return next(now, jittered(settings_.interval));
}

poll_schedule::step poll_schedule::soon(time_point now)
{
    failures_ = 0;
    unseen_until_ = expiry_;
    auto const pause = jittered(shortest_interval);
    // The look that wants it may have been the last one, at the very end.
    return next(now, pause, now + pause);
}

void poll_schedule::answer_lost(time_point now, milliseconds window)
{
    if (!short_until_)
        short_until_ = now + window;
}

poll_schedule::step poll_schedule::after_failure(
    time_point now, std::optional<milliseconds> retry_after, milliseconds window)
{
    ++failures_;
    unseen_until_ = expiry_ + window;
    auto const doublings = std::min(failures_ - 1, most_doublings);
    auto const is_beyond = now >= expiry_ && now < unseen_until_;
    auto const hurried = is_beyond || (short_until_ && now < *short_until_);
    auto const base = hurried ? shortest_interval : settings_.interval;
    auto const most = hurried ? longest_short_pause : settings_.max_backoff;
    auto pause = jittered(std::min(base * (1 << doublings), most));
    if (hurried)
        pause = std::min(pause, longest_short_pause);
    if (!retry_after)
        return next(now, pause);
    auto const following = next(now, std::max(pause, *retry_after));
    // The last poll comes at the end, but not if the server does not want it that early.
    if (following.what == verdict::again && following.pause < *retry_after)
        return {is_beyond ? verdict::expired : verdict::gave_up, {}, {}};
    return following;
}

poll_schedule::step poll_schedule::next(time_point now, milliseconds pause, time_point not_before) const
{
    if (deadline_ && now >= *deadline_)
        return {verdict::gave_up, {}, {}};
    // What a lost answer brought can be read again, whatever has ended meanwhile.
    auto end = std::max({expiry_, short_until_.value_or(expiry_), not_before});
    if (now >= end)
        end = std::max(end, unseen_until_);
    if (now >= end)
        return {verdict::expired, {}, {}};
    if (deadline_ && *deadline_ < end)
        end = *deadline_;
    auto const at = std::min(common_moment(now + pause), end);
    return {verdict::again, std::chrono::ceil<milliseconds>(at - now), at};
}

poll_schedule::time_point poll_schedule::common_moment(time_point not_before)
{
    return time_point(std::chrono::ceil<common_ticks>(not_before.time_since_epoch()));
}

poll_schedule::milliseconds poll_schedule::jittered(milliseconds pause)
{
    auto const spread = static_cast<std::uint64_t>(pause.count()) * settings_.jitter_percent / 100;
    return pause + milliseconds(static_cast<std::int64_t>(random_() % (spread + 1)));
}

} // namespace fluxer::auth::core
