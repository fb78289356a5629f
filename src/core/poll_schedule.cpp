#include "core/poll_schedule.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

// 60 polls a minute are allowed to all clients behind one address together (contract 11).
constexpr std::chrono::milliseconds shortest_interval{2'000};

// Doubling stops to matter long before it could overflow.
constexpr unsigned most_doublings = 16;

} // namespace

poll_schedule::poll_schedule(
    poll_settings settings, time_point expiry, std::optional<time_point> deadline, random_source random)
    : settings_(settings)
    , expiry_(expiry)
    , deadline_(deadline)
    , random_(random)
{
    settings_.interval = std::max(settings_.interval, shortest_interval);
    settings_.max_backoff = std::max(settings_.max_backoff, settings_.interval);
}

poll_schedule::step poll_schedule::after_pending(time_point now)
{
    failures_ = 0;
    return next(now, jittered(settings_.interval));
}

poll_schedule::step poll_schedule::after_failure(time_point now, std::optional<milliseconds> retry_after)
{
    ++failures_;
    auto const doublings = std::min(failures_ - 1, most_doublings);
    auto pause = std::min(settings_.interval * (1 << doublings), settings_.max_backoff);
    pause = jittered(pause);
    if (!retry_after)
        return next(now, pause);
    auto const following = next(now, std::max(pause, *retry_after));
    // The last poll comes at the end, but not if the server does not want it that early.
    if (following.what == verdict::again && following.pause < *retry_after)
        return {verdict::gave_up, {}};
    return following;
}

poll_schedule::step poll_schedule::next(time_point now, milliseconds pause) const
{
    if (deadline_ && now >= *deadline_)
        return {verdict::gave_up, {}};
    if (now >= expiry_)
        return {verdict::expired, {}};
    auto end = expiry_;
    if (deadline_ && *deadline_ < end)
        end = *deadline_;
    // Rounded up, so that the last poll comes at the end and not a moment before it.
    auto const left = std::chrono::ceil<milliseconds>(end - now);
    return {verdict::again, std::min(pause, left)};
}

poll_schedule::milliseconds poll_schedule::jittered(milliseconds pause)
{
    auto const spread = static_cast<std::uint64_t>(pause.count()) * settings_.jitter_percent / 100;
    return pause + milliseconds(static_cast<std::int64_t>(random_() % (spread + 1)));
}

} // namespace fluxer::auth::core
