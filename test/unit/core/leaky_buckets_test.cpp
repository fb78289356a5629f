#include "core/leaky_buckets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace std::chrono_literals;
using core::leaky_buckets;

namespace {

rate_limit_key key(
    std::string bucket, unsigned limit, milliseconds window, rate_scope scope = rate_scope::bucket,
    std::string subject = "address:")
{
    rate_limit_key made;
    made.scope = scope;
    made.bucket = std::move(bucket);
    made.subject = std::move(subject);
    made.limit = limit;
    made.window = window;
    return made;
}

using keys = std::vector<rate_limit_key>;

/// Buckets at a time that only moves when a test says so.
struct stepped
{
    rate_verdict ask(std::uint64_t ticket, keys const& wanted) { return buckets.ask(ticket, wanted, now); }

    bool goes(std::uint64_t ticket, keys const& wanted) { return ask(ticket, wanted).granted; }

    /// Asks under new tickets until one has to wait.
    unsigned burst(keys const& wanted)
    {
        unsigned count = 0;
        while (goes(++ticket_, wanted))
            ++count;
        buckets.leave(ticket_);
        return count;
    }

    leaky_buckets buckets;
    leaky_buckets::time_point now = leaky_buckets::time_point(1h);

private:
    std::uint64_t ticket_ = 1'000'000;
};

rate_answer said(int status)
{
    rate_answer answer;
    answer.status = status;
    return answer;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(leaky_buckets_of_the_governor, stepped)

BOOST_AUTO_TEST_CASE(lets_a_burst_go_but_for_what_jitter_may_add)
{
    BOOST_TEST(burst({key("auth:login", 10, 10s)}) == 9U);
    BOOST_TEST(burst({key("global", 50, 1s)}) == 40U);
    BOOST_TEST(burst({key("auth:login:mfa", 5, 60s)}) == 4U);
    BOOST_TEST(burst({key("one", 1, 60s)}) == 1U);
}

BOOST_AUTO_TEST_CASE(then_one_per_slot)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    auto const told = ask(1, login);
    BOOST_TEST(!told.granted);
    BOOST_TEST(told.bucket == "auth:login");
    BOOST_TEST(told.wait.count() == 200);
    now += 199ms;
    BOOST_TEST(!goes(1, login));
    now += 1ms;
    BOOST_TEST(goes(1, login));
    BOOST_TEST(ask(2, login).wait.count() == 1'000);
}

BOOST_AUTO_TEST_CASE(the_last_of_a_few_comes_late_and_not_a_slot_later)
{
    keys const email{key("login:email", 5, 900s, rate_scope::inner, "email:me")};
    BOOST_TEST(burst(email) == 4U);
    now += leaky_buckets::jitter;
    BOOST_TEST(goes(1, email));
    BOOST_TEST(ask(2, email).wait.count() == 180'000);
}

BOOST_AUTO_TEST_CASE(is_entirely_free_after_a_window)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    now += 10s;
    BOOST_TEST(burst(login) == 9U);
}

BOOST_AUTO_TEST_CASE(never_grants_more_than_the_server_would)
{
    keys const global{key("global", 50, 1s)};
    unsigned granted = 0;
    std::uint64_t ticket = 0;
    ++ticket;
    for (auto const end = now + 20s; now < end; now += 1ms) {
        while (goes(ticket, global)) {
            ++granted;
            ++ticket;
        }
    }
    BOOST_TEST(granted <= 50U + 20U * 50U);
    BOOST_TEST(granted >= (50U + 20U * 50U) * 95 / 100);
}

BOOST_AUTO_TEST_CASE(first_come_first_served)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    BOOST_TEST(ask(1, login).wait.count() == 200);
    BOOST_TEST(ask(2, login).wait.count() == 1'200);
    BOOST_TEST(ask(3, login).wait.count() == 2'200);
    now += 200ms;
    BOOST_TEST(!goes(3, login));
    BOOST_TEST(!goes(4, login)); // a newcomer does not overtake
    BOOST_TEST(goes(1, login));
    now += 1s;
    BOOST_TEST(goes(2, login));
}

BOOST_AUTO_TEST_CASE(who_leaves_makes_room)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    ask(1, login);
    ask(2, login);
    buckets.leave(1);
    BOOST_TEST(buckets.waiting() == 1U);
    now += 1s;
    BOOST_TEST(goes(2, login));
    BOOST_TEST(buckets.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(who_does_not_come_back_loses_its_turn)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    ask(1, login);
    ask(2, login);
    now += 2s;
    BOOST_TEST(!goes(2, login)); // the first one has its chance
    now += leaky_buckets::patience + 1s;
    BOOST_TEST(goes(2, login));
    BOOST_TEST(goes(1, login)); // and is served when it comes after all
}

BOOST_AUTO_TEST_CASE(all_limits_have_to_agree)
{
    keys const both{key("global", 50, 1s), key("auth:forgot", 5, 60s)};
    BOOST_TEST(burst(both) == 4U);
    BOOST_TEST(ask(1, both).bucket == "auth:forgot");
    // What waits takes nothing from the other limit.
    BOOST_TEST(burst({key("global", 50, 1s)}) == 36U);
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_limit_does_not_hold_up_the_others)
{
    auto const address = key("login:address", 10, 1800s, rate_scope::inner);
    keys const mine{key("login:email", 5, 900s, rate_scope::inner, "email:me"), address};
    keys const yours{key("login:email", 5, 900s, rate_scope::inner, "email:you"), address};
    BOOST_TEST(burst(mine) == 4U);
    BOOST_TEST(!goes(1, mine));
    BOOST_TEST(goes(2, yours));
}

BOOST_AUTO_TEST_CASE(moves_on_to_the_limit_that_is_in_the_way_next)
{
    keys const both{key("a", 2, 2s), key("b", 1, 10s)};
    BOOST_TEST(goes(1, both));
    auto const first = ask(2, both);
    BOOST_TEST(first.bucket == "b");
    BOOST_TEST(goes(3, {key("a", 2, 2s)}) == false);
    now += 10s;
    BOOST_TEST(goes(2, both));
}

BOOST_AUTO_TEST_CASE(fault_115_a_permit_that_is_not_used_comes_back)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(burst(login) == 9U);
    buckets.give_back(login, now);
    BOOST_TEST(burst(login) == 1U);
    now += 1h;
    buckets.give_back(login, now); // more than was taken
    BOOST_TEST(burst(login) == 9U);
}

BOOST_AUTO_TEST_CASE(who_asks_again_with_what_it_gave_back_goes_before_all_that_wait)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 40; ++ticket)
        BOOST_TEST(goes(ticket, login) == (ticket <= 9));
    now += 100ms;
    for (std::uint64_t ticket = 1; ticket <= 9; ++ticket) {
        buckets.give_back(login, now);
        BOOST_TEST(buckets.ask_again(ticket, login, now).granted);
    }
    BOOST_TEST(!goes(10, login));
    now += 100ms;
    BOOST_TEST(goes(10, login));
    BOOST_TEST(buckets.waiting() == 30U);
}

BOOST_AUTO_TEST_CASE(those_that_ask_again_and_have_to_wait_keep_their_order)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 11; ++ticket)
        BOOST_TEST(goes(ticket, login) == (ticket <= 9));
    auto refusal = said(429);
    refusal.retry_after = 9'800ms;
    buckets.learn(login, refusal, true, now);
    for (std::uint64_t ticket = 1; ticket <= 2; ++ticket) {
        buckets.give_back(login, now);
        BOOST_TEST(!buckets.ask_again(ticket, login, now).granted);
    }
    // Asking goes on meanwhile, as all that wait do.
    for (int second = 0; second < 9; ++second) {
        now += 1s;
        for (std::uint64_t const ticket : {10, 11, 2, 1})
            BOOST_TEST(!goes(ticket, login));
    }
    now += 800ms;
    BOOST_TEST(!goes(10, login));
    BOOST_TEST(!goes(2, login));
    BOOST_TEST(goes(1, login));
    BOOST_TEST(!goes(10, login));
    BOOST_TEST(goes(2, login));
    BOOST_TEST(goes(10, login));
    BOOST_TEST(goes(11, login));
}

BOOST_AUTO_TEST_CASE(learns_from_what_remains)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 2; // somebody else uses the same address
    buckets.learn(login, answer, true, now);
    BOOST_TEST(burst(login) == 2U);
}

BOOST_AUTO_TEST_CASE(what_shows_the_first_limit_is_counted_whole)
{
    keys const login{key("auth:login", 10, 10s)};
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 9;
    buckets.learn(login, answer, false, now);
    BOOST_TEST(burst(login) == 8U);
}

BOOST_AUTO_TEST_CASE(learns_from_when_it_will_be_free)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    auto answer = said(200);
    answer.reset_after = 7s;
    answer.age = 500ms;
    buckets.learn(login, answer, true, now + 500ms);
    BOOST_TEST(burst(login) == 2U);
    answer.reset_after = 24h; // longer than any bucket of this window takes
    buckets.learn(login, answer, true, now + 500ms);
    now += 10s;
    BOOST_TEST(burst(login) == 9U);
}

BOOST_AUTO_TEST_CASE(an_answer_never_makes_it_count_less)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 9;
    buckets.learn(login, answer, true, now);
    BOOST_TEST(!goes(1, login));
}

BOOST_AUTO_TEST_CASE(learns_another_limit)
{
    keys const login{key("auth:login", 10, 10s)};
    auto answer = said(200);
    answer.limit = 20;
    answer.remaining = 19;
    buckets.learn(login, answer, true, now);
    BOOST_TEST(burst(login) == 19U);
}

BOOST_AUTO_TEST_CASE(a_refusal_holds_its_bucket_as_long_as_told)
{
    keys const login{key("global", 50, 1s, rate_scope::global), key("auth:login", 10, 10s)};
    auto answer = said(429);
    answer.retry_after = 1'500ms;
    buckets.learn(login, answer, true, now);
    BOOST_TEST(ask(1, login).wait.count() == 1'500);
    BOOST_TEST(goes(2, {key("global", 50, 1s, rate_scope::global), key("auth:verify", 10, 60s)}));
    now += 1'500ms;
    BOOST_TEST(goes(1, login));
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_time_holds_it_five_seconds)
{
    keys const forgot{key("auth:forgot", 5, 60s)};
    buckets.learn(forgot, said(429), true, now);
    BOOST_TEST(ask(1, forgot).wait.count() == 5'000);
}

BOOST_AUTO_TEST_CASE(fault_116_a_global_refusal_holds_all_buckets_and_wakes_in_order)
{
    auto const global = key("global", 50, 1s, rate_scope::global);
    auto answer = said(429);
    answer.retry_after = 3s;
    answer.global = true;
    buckets.learn(keys{global, key("auth:login", 10, 10s)}, answer, true, now);
    keys const login{global, key("auth:login", 10, 10s)};
    keys const verify{global, key("auth:verify", 10, 60s)};
    BOOST_TEST(!goes(1, verify));
    BOOST_TEST(!goes(2, login));
    now += 3s;
    BOOST_TEST(!goes(2, login));
    BOOST_TEST(goes(1, verify));
    BOOST_TEST(goes(2, login));
}

BOOST_AUTO_TEST_CASE(fault_116_a_global_refusal_of_a_year_lasts_a_minute)
{
    keys const login{key("global", 50, 1s, rate_scope::global), key("auth:login", 10, 10s)};
    auto answer = said(429);
    answer.retry_after = 24h;
    answer.global = true;
    buckets.learn(login, answer, true, now);
    BOOST_TEST(ask(1, login).wait.count() == 60'000);
    now += 60s;
    BOOST_TEST(goes(1, login));
}

BOOST_AUTO_TEST_CASE(a_long_refusal_is_an_inner_limit_s)
{
    auto const bucket = key("auth:login", 10, 10s);
    auto const address = key("login:address", 10, 1800s, rate_scope::inner);
    keys const mine{bucket, key("login:email", 5, 900s, rate_scope::inner, "email:me"), address};
    keys const yours{bucket, key("login:email", 5, 900s, rate_scope::inner, "email:you"), address};
    BOOST_TEST(goes(1, mine));
    BOOST_TEST(goes(2, mine));
    auto answer = said(429);
    answer.retry_after = 600s;
    buckets.learn(mine, answer, true, now);
    BOOST_TEST(!goes(3, mine));
    BOOST_TEST(goes(4, yours));
}

BOOST_AUTO_TEST_CASE(figures_of_a_refusal_are_those_of_the_limit_that_refused)
{
    auto const bucket = key("auth:login", 10, 10s);
    auto const email = key("login:email", 5, 900s, rate_scope::inner, "email:me");
    auto inner = said(429);
    inner.retry_after = 170s;
    inner.limit = 5;
    inner.remaining = 0;
    buckets.learn(keys{bucket, email}, inner, true, now);
    auto global = said(429);
    global.retry_after = 1s;
    global.limit = 50;
    global.remaining = 0;
    global.global = true;
    buckets.learn(keys{key("global", 50, 1s, rate_scope::global), bucket, email}, global, true, now);
    // The tenth goes a moment later (jitter).
    for (std::uint64_t ticket = 1; ticket <= 9; ++ticket)
        BOOST_TEST(goes(ticket, {bucket}));
    BOOST_TEST(!goes(10, {bucket}));
}

BOOST_AUTO_TEST_CASE(a_long_refusal_of_an_operation_without_inner_limits_is_the_bucket_s)
{
    keys const sessions{key("auth:sessions", 40, 10s)};
    auto answer = said(429);
    answer.retry_after = 60s;
    buckets.learn(sessions, answer, true, now);
    BOOST_TEST(ask(1, sessions).wait.count() == 60'000);
}

BOOST_AUTO_TEST_CASE(forgets_what_is_at_rest)
{
    for (unsigned count = 0; count < 5'000; ++count) {
        BOOST_TEST(goes(count, {key("auth:login", 10, 10s, rate_scope::bucket, std::to_string(count))}));
        now += 1s;
    }
    BOOST_TEST(buckets.size() < 2'100U);
}

BOOST_AUTO_TEST_SUITE_END()
