#ifndef FLUXER_AUTH_CORE_POLL_SCHEDULE_HPP
#define FLUXER_AUTH_CORE_POLL_SCHEDULE_HPP

#include "core/random.hpp"

#include <chrono>
#include <optional>

namespace fluxer::auth::core {

struct poll_settings
{
    std::chrono::milliseconds interval{2'000};
    unsigned jitter_percent = 20;
    std::chrono::milliseconds max_backoff{30'000};
};

/// When to poll next, and when to stop: no clock of its own.
///
/// Pauses end at moments that all schedules have in common, a few milliseconds apart. Ten thousand waits that woke one by
/// one would cost the process a wake-up each, which takes several times as long as the poll.
class poll_schedule
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    enum class verdict { again, expired, gave_up };

    struct step
    {
        verdict what = verdict::again;
        milliseconds pause{0}; ///< before polling again
        time_point at{};       ///< its end
    };

    /// @param expiry when the ticket or code ends; one more poll happens then, and no further but after one that failed
    /// @param deadline the caller's own; no poll happens after it
    poll_schedule(
        poll_settings settings, time_point expiry, std::optional<time_point> deadline,
        random_source random = random_source());

    /// The last poll was answered, with "not yet".
    step after_pending(time_point now);

    /// The last poll said that it is over, which the very next one may show to be wrong (contract 9.2).
    step soon(time_point now);

    /// The last poll's answer was lost, and with it maybe what can be read again for `window`: until then the pauses
    /// stay short, whatever fails, and the end does not come.
    void answer_lost(time_point now, milliseconds window);

    /// The last poll failed in a way that time may mend; `retry_after` is what the server asked for. What came before
    /// the end, unseen, can be read for `window` beyond it.
    step after_failure(
        time_point now, std::optional<milliseconds> retry_after, milliseconds window = milliseconds(0));

    unsigned failures_in_a_row() const noexcept { return failures_; }

private:
    /// @param not_before the next look may be so late, whatever has ended by then
    step next(time_point now, milliseconds pause, time_point not_before = time_point::min()) const;
    static time_point common_moment(time_point not_before);
    milliseconds jittered(milliseconds pause);

    poll_settings settings_;
    time_point expiry_;
    std::optional<time_point> deadline_;
    random_source random_;
    std::optional<time_point> short_until_;
    time_point unseen_until_; ///< as of the last poll
    unsigned failures_ = 0;
};

} // namespace fluxer::auth::core

#endif
