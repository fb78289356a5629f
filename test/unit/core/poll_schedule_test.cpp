#include "core/poll_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

using fluxer::auth::core::poll_schedule;
using fluxer::auth::core::poll_settings;
using fluxer::auth::core::random_source;
using verdict = poll_schedule::verdict;
using namespace std::chrono_literals;

namespace {

constexpr poll_schedule::time_point start{1000s};

poll_settings settings(std::chrono::milliseconds interval, unsigned jitter, std::chrono::milliseconds backoff)
{
    poll_settings made;
    made.interval = interval;
    made.jitter_percent = jitter;
    made.max_backoff = backoff;
    return made;
}

poll_schedule without_jitter(
    poll_schedule::time_point expiry = start + 1h,
    std::optional<poll_schedule::time_point> deadline = std::nullopt)
{
    return {settings(2s, 0, 30s), expiry, deadline, random_source(1)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(poll_schedules)

BOOST_AUTO_TEST_CASE(polls_at_the_interval)
{
    auto schedule = without_jitter();
    for (int count = 0; count < 10; ++count) {
        auto const step = schedule.after_pending(start);
        BOOST_TEST((step.what == verdict::again));
        BOOST_TEST((step.pause == 2s));
    }
}

// What wakes together costs the process one wake-up.
BOOST_AUTO_TEST_CASE(pauses_end_at_moments_in_common)
{
    auto schedule = without_jitter();
    auto const together = schedule.after_pending(start).at;
    BOOST_TEST((together == start + 2s));
    for (auto const later : {1ns, 1'500'000ns, 8'000'000ns}) {
        auto const step = without_jitter().after_pending(start + later);
        BOOST_TEST((step.at == together + 8ms));
        BOOST_TEST((step.pause == std::chrono::ceil<std::chrono::milliseconds>(step.at - (start + later))));
    }
}

BOOST_AUTO_TEST_CASE(no_moment_in_common_is_later_than_the_end)
{
    auto const now = start + 1ms;
    BOOST_TEST((without_jitter(now + 2s).after_pending(now).at == now + 2s));
    BOOST_TEST((without_jitter(now + 1h, now + 2s).after_pending(now).at == now + 2s));
}

BOOST_AUTO_TEST_CASE(an_interval_below_two_seconds_is_two_seconds)
{
    for (auto const interval : {0ms, 1ms, 1999ms}) {
        poll_schedule schedule(settings(interval, 0, 30s), start + 1h, std::nullopt, random_source(1));
        BOOST_TEST((schedule.after_pending(start).pause == 2s));
    }
}

BOOST_AUTO_TEST_CASE(jitter_only_adds)
{
    poll_schedule schedule(settings(10s, 20, 30s), start + 1h, std::nullopt, random_source(7));
    auto least = 1h + 0ms;
    auto most = 0ms;
    for (int count = 0; count < 2'000; ++count) {
        auto const pause = schedule.after_pending(start).pause;
        least = std::min(least, pause);
        most = std::max(most, pause);
    }
    BOOST_TEST((least >= 10s && least < 10'050ms));
    BOOST_TEST((most <= 12s && most > 11'950ms));
}

// The session is readable for 60 s (contract 9.2), and a caller's interval may be longer.
BOOST_AUTO_TEST_CASE(a_lost_answer_keeps_the_pauses_short_for_its_window)
{
    poll_schedule schedule(settings(30min, 0, 1h), start + 10h, std::nullopt, random_source(1));
    schedule.answer_lost(start, 60s);
    auto now = start;
    int polls = 0;
    for (; now < start + 60s; ++polls) {
        auto const pause = schedule.after_failure(now, std::nullopt).pause;
        BOOST_TEST((pause >= 2s && pause <= 8s));
        now += pause;
        // Another loss does not prolong it.
        schedule.answer_lost(now, 60s);
    }
    BOOST_TEST(polls >= 7);
    BOOST_TEST((schedule.after_failure(now, std::nullopt).pause >= 30min));
    BOOST_TEST((schedule.after_pending(now).pause == 30min));
    BOOST_TEST((schedule.after_failure(now, std::nullopt).pause == 30min));
}

BOOST_AUTO_TEST_CASE(jitter_does_not_slow_down_a_hurry)
{
    poll_schedule schedule(settings(30min, 100, 1h), start + 10h, std::nullopt, random_source(1));
    schedule.answer_lost(start, 60s);
    for (auto now = start; now < start + 60s;) {
        auto const pause = schedule.after_failure(now, std::nullopt).pause;
        BOOST_TEST((pause >= 2s && pause <= 8'008ms)); // and the common moment's part
        now += pause;
    }
}

BOOST_AUTO_TEST_CASE(what_a_lost_answer_brought_is_looked_for_beyond_the_expiry)
{
    poll_schedule schedule(settings(2s, 0, 30s), start + 10s, std::nullopt, random_source(1));
    schedule.answer_lost(start + 5s, 60s);
    auto now = start + 5s;
    auto last = now;
    for (auto next = schedule.after_failure(now, std::nullopt); next.what == verdict::again;
         next = schedule.after_failure(now, std::nullopt)) {
        now += next.pause;
        last = now;
    }
    BOOST_TEST((last == start + 65s));
    // An answer says that there is nothing to be looked for.
    BOOST_TEST((schedule.after_pending(start + 12s).what == verdict::expired));
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_hurry)
{
    poll_schedule schedule(settings(30min, 0, 1h), start + 10h, std::nullopt, random_source(1));
    schedule.answer_lost(start, 60s);
    BOOST_TEST((schedule.after_failure(start, std::nullopt).pause == 2s));
    schedule.after_pending(start + 2s);
    BOOST_TEST((schedule.after_failure(start + 4s, std::nullopt).pause == 30min));
}

BOOST_AUTO_TEST_CASE(what_has_to_be_confirmed_is_asked_soon)
{
    poll_schedule schedule(settings(30min, 0, 1h), start + 10h, std::nullopt, random_source(1));
    BOOST_TEST((schedule.soon(start).pause == 2s));
    // The look that wants it may have been the last one, and then there is one more.
    auto const beyond = schedule.soon(start + 10h);
    BOOST_TEST((beyond.what == verdict::again));
    BOOST_TEST((beyond.at == start + 10h + 2s));
    BOOST_TEST((schedule.after_pending(beyond.at).what == verdict::expired));
    BOOST_TEST((schedule.after_failure(beyond.at, std::nullopt).what == verdict::expired));
    auto late = without_jitter(start + 10s, start + 10s);
    BOOST_TEST((late.soon(start + 10s).what == verdict::gave_up));
}

BOOST_AUTO_TEST_CASE(failures_double_the_pause_up_to_the_bound)
{
    auto schedule = without_jitter();
    for (auto const expected : {2s, 4s, 8s, 16s, 30s, 30s})
        BOOST_TEST((schedule.after_failure(start, std::nullopt).pause == expected));
    BOOST_TEST(schedule.failures_in_a_row() == 6U);
    BOOST_TEST((schedule.after_pending(start).pause == 2s));
    BOOST_TEST(schedule.failures_in_a_row() == 0U);
    BOOST_TEST((schedule.after_failure(start, std::nullopt).pause == 2s));
}

BOOST_AUTO_TEST_CASE(many_failures_do_not_overflow)
{
    poll_schedule schedule(settings(24h, 50, 24h), start + 2400h, std::nullopt, random_source(1));
    for (int count = 0; count < 200; ++count) {
        auto const pause = schedule.after_failure(start, std::nullopt).pause;
        BOOST_REQUIRE((pause >= 24h && pause <= 36h));
    }
}

BOOST_AUTO_TEST_CASE(a_bound_below_the_interval_is_the_interval)
{
    poll_schedule schedule(settings(5s, 0, 1s), start + 1h, std::nullopt, random_source(1));
    BOOST_TEST((schedule.after_failure(start, std::nullopt).pause == 5s));
    BOOST_TEST((schedule.after_failure(start, std::nullopt).pause == 5s));
}

BOOST_AUTO_TEST_CASE(the_server_may_ask_for_more_but_not_for_less)
{
    auto schedule = without_jitter();
    BOOST_TEST((schedule.after_failure(start, 90s).pause == 90s));
    BOOST_TEST((schedule.after_failure(start, 1ms).pause == 4s));
    BOOST_TEST((schedule.after_failure(start, 0ms).pause == 8s));
}

BOOST_AUTO_TEST_CASE(one_last_poll_comes_at_the_expiry)
{
    auto schedule = without_jitter(start + 2'500ms);
    BOOST_TEST((schedule.after_pending(start).pause == 2s));
    auto const last = schedule.after_pending(start + 2s);
    BOOST_TEST((last.what == verdict::again));
    BOOST_TEST((last.pause == 500ms));
    BOOST_TEST((schedule.after_pending(start + 2'500ms).what == verdict::expired));
    BOOST_TEST((schedule.after_failure(start + 3s, 1s).what == verdict::expired));
}

BOOST_AUTO_TEST_CASE(the_last_pause_is_rounded_up)
{
    auto schedule = without_jitter(start + 1s + 1ns);
    auto const step = schedule.after_pending(start);
    BOOST_TEST((step.pause == 1'001ms));
}

BOOST_AUTO_TEST_CASE(no_poll_comes_before_the_server_wants_it)
{
    auto plain = without_jitter(start + 3s);
    BOOST_TEST((plain.after_failure(start, 3s).what == verdict::again));
    BOOST_TEST((plain.after_failure(start, 3'001ms).what == verdict::gave_up));
}

BOOST_AUTO_TEST_CASE(no_poll_comes_after_the_deadline)
{
    auto schedule = without_jitter(start + 1h, start + 3s);
    BOOST_TEST((schedule.after_pending(start).pause == 2s));
    BOOST_TEST((schedule.after_pending(start + 2s).pause == 1s));
    BOOST_TEST((schedule.after_pending(start + 3s).what == verdict::gave_up));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_passed_together_with_the_expiry_is_the_callers_own)
{
    auto schedule = without_jitter(start, start);
    BOOST_TEST((schedule.after_pending(start).what == verdict::gave_up));
}

BOOST_AUTO_TEST_CASE(what_a_failed_look_at_the_end_did_not_see_is_looked_for_beyond)
{
    auto schedule = without_jitter(start + 1s);
    BOOST_TEST((schedule.after_failure(start, std::nullopt, 60s).pause == 1s));
    BOOST_TEST((schedule.after_failure(start + 1s, std::nullopt, 60s).what == verdict::again));
    BOOST_TEST((schedule.after_failure(start + 61s, std::nullopt, 60s).what == verdict::expired));
    BOOST_TEST((schedule.after_pending(start + 2s).what == verdict::expired));
    // In short pauses, though the options have it otherwise.
    poll_schedule seldom(settings(1h, 0, 1h), start, std::nullopt, random_source(1));
    BOOST_TEST((seldom.after_failure(start, std::nullopt, 60s).pause < 3s));
    BOOST_TEST((seldom.after_failure(start, 61s, 60s).what == verdict::expired));
}

BOOST_AUTO_TEST_SUITE_END()
