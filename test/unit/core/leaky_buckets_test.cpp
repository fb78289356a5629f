#include "core/leaky_buckets.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
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

    /// Goes, and is answered at once.
    bool served(std::uint64_t ticket, keys const& wanted)
    {
        auto const granted = goes(ticket, wanted);
        if (granted)
            learn(ticket, wanted, {});
        return granted;
    }

    void learn(std::uint64_t ticket, keys const& of, rate_answer const& answer)
    {
        buckets.learn(ticket, of, answer, now);
    }

    /// Asks under new tickets until one has to wait, then has all answered.
    unsigned burst(keys const& wanted)
    {
        auto const first = ticket_ + 1;
        while (goes(++ticket_, wanted))
            continue;
        buckets.leave(ticket_);
        for (auto ticket = first; ticket < ticket_; ++ticket)
            learn(ticket, wanted, {});
        return static_cast<unsigned>(ticket_ - first);
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

BOOST_AUTO_TEST_CASE(lets_a_burst_go)
{
    BOOST_TEST(burst({key("auth:login", 10, 10s)}) == 10U);
    BOOST_TEST(burst({key("global", 50, 1s)}) == 50U);
    BOOST_TEST(burst({key("auth:login:mfa", 5, 60s)}) == 5U);
    BOOST_TEST(burst({key("one", 1, 60s)}) == 1U);
}

BOOST_AUTO_TEST_CASE(then_one_per_slot)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    auto const told = ask(1, login);
    BOOST_TEST(!told.granted);
    BOOST_TEST(told.bucket == "auth:login");
    BOOST_TEST((told.wait == 1s + leaky_buckets::rounding));
    now += told.wait - 1ms;
    BOOST_TEST(!goes(1, login));
    now += 1ms;
    BOOST_TEST(served(1, login));
    BOOST_TEST((ask(2, login).wait == 1s));
}

// What left in time may have been held up, and arrive together with what goes next.
BOOST_AUTO_TEST_CASE(a_slot_becomes_free_no_sooner_than_after_the_answer)
{
    keys const complete{key("auth:handoff:complete", 10, 60s)};
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        BOOST_TEST(goes(ticket, complete));
    now += 30s;
    BOOST_TEST(!goes(11, complete));
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        learn(ticket, complete, {});
    BOOST_TEST((ask(11, complete).wait == 6s + leaky_buckets::rounding));
}

// In the order in which they went, some may be counted long after others that went later.
BOOST_AUTO_TEST_CASE(one_that_is_held_up_may_be_the_last_to_be_counted)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    now += 5s;
    BOOST_TEST(burst(login) == 9U);
    now += 3s + leaky_buckets::rounding;
    // Of ten slots six are left of those nine, and the first one may need its own only now.
    BOOST_TEST(burst(login) == 3U);
    learn(1, login, {});
    BOOST_TEST((ask(2, login).wait == 1s));
}

// A server that answers later than its window is long is not overrun.
BOOST_AUTO_TEST_CASE(no_more_than_the_limit_are_under_way)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        BOOST_TEST(goes(ticket, login));
    now += 1h;
    BOOST_TEST((ask(11, login).wait == 1s));
    learn(1, login, {});
    BOOST_TEST(!goes(11, login));
    now += 1s + leaky_buckets::rounding;
    BOOST_TEST(goes(11, login));
}

BOOST_AUTO_TEST_CASE(what_nobody_asked_for_is_counted_when_it_is_answered)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        learn(ticket, login, said(200));
    BOOST_TEST((ask(11, login).wait == 1s + leaky_buckets::rounding));
}

BOOST_DATA_TEST_CASE(
    what_nobody_asked_for_comes_on_top_of_what_is_under_way, boost::unit_test::data::make({false, true}),
    is_told)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 5; ++ticket)
        BOOST_TEST(goes(ticket, login));
    now += 5s;
    auto answer = said(200);
    if (is_told)
        answer.remaining = 9; // those five have not arrived
    learn(6, login, answer);
    now += leaky_buckets::rounding;
    for (std::uint64_t ticket = 7; ticket <= 10; ++ticket)
        BOOST_TEST(goes(ticket, login));
    BOOST_TEST(!goes(11, login));
}

// The server counts ten at most, so that after a second one is free.
BOOST_AUTO_TEST_CASE(a_lower_limit_than_what_is_under_way_is_not_waited_for_longer_than_the_server_counts)
{
    keys const sessions{key("auth:sessions", 40, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 40; ++ticket)
        BOOST_TEST(goes(ticket, sessions));
    auto answer = said(200);
    answer.limit = 10;
    for (std::uint64_t ticket = 1; ticket <= 40; ++ticket)
        learn(ticket, sessions, answer);
    BOOST_TEST((ask(41, sessions).wait <= 1s + leaky_buckets::rounding));
}

BOOST_AUTO_TEST_CASE(is_not_forgotten_while_a_request_is_under_way)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    now += 1h;
    BOOST_TEST(!buckets.is_at_rest(now));
    for (unsigned count = 0; count < 3'000; ++count)
        buckets.learn(
            count + 2, keys{key("auth:login", 10, 10s, rate_scope::bucket, std::to_string(count))}, {},
            now + count * 1s);
    learn(1, login, {});
    now += 2h;
    BOOST_TEST(buckets.is_at_rest(now));
}

BOOST_AUTO_TEST_CASE(is_entirely_free_after_a_window)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    now += 10s + leaky_buckets::rounding;
    BOOST_TEST(burst(login) == 10U);
}

BOOST_AUTO_TEST_CASE(never_grants_more_than_the_server_would)
{
    keys const global{key("global", 50, 1s)};
    unsigned granted = 0;
    std::uint64_t ticket = 0;
    ++ticket;
    for (auto const end = now + 20s; now < end; now += 1ms) {
        while (served(ticket, global)) {
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
    auto const first = 1s + leaky_buckets::rounding;
    BOOST_TEST((ask(1, login).wait == first));
    BOOST_TEST((ask(2, login).wait == first + 1s));
    BOOST_TEST((ask(3, login).wait == first + 2s));
    now += first;
    BOOST_TEST(!goes(3, login));
    BOOST_TEST(!goes(4, login)); // a newcomer does not overtake
    BOOST_TEST(served(1, login));
    now += 1s;
    BOOST_TEST(served(2, login));
}

BOOST_AUTO_TEST_CASE(who_leaves_makes_room)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    ask(1, login);
    ask(2, login);
    buckets.leave(1);
    BOOST_TEST(buckets.waiting() == 1U);
    now += 1s + leaky_buckets::rounding;
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
    BOOST_TEST(burst(both) == 5U);
    BOOST_TEST(ask(1, both).bucket == "auth:forgot");
    now += 50ms;
    // What waits takes nothing from the other limit.
    BOOST_TEST(burst({key("global", 50, 1s)}) == 47U);
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_limit_does_not_hold_up_the_others)
{
    auto const address = key("login:address", 10, 1800s, rate_scope::inner);
    keys const mine{key("login:email", 5, 900s, rate_scope::inner, "email:me"), address};
    keys const yours{key("login:email", 5, 900s, rate_scope::inner, "email:you"), address};
    BOOST_TEST(burst(mine) == 5U);
    BOOST_TEST(!goes(1, mine));
    BOOST_TEST(goes(2, yours));
}

BOOST_AUTO_TEST_CASE(moves_on_to_the_limit_that_is_in_the_way_next)
{
    keys const both{key("a", 2, 2s), key("b", 1, 10s)};
    BOOST_TEST(served(1, both));
    auto const first = ask(2, both);
    BOOST_TEST(first.bucket == "b");
    BOOST_TEST(served(3, {key("a", 2, 2s)}) == false);
    now += 10s + leaky_buckets::rounding;
    BOOST_TEST(goes(2, both));
}

BOOST_AUTO_TEST_CASE(fault_115_a_permit_that_is_not_used_comes_back)
{
    keys const login{key("auth:login", 10, 10s)};
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        BOOST_TEST(goes(ticket, login));
    buckets.give_back(1, now);
    BOOST_TEST(goes(11, login));
    BOOST_TEST(!goes(12, login));
    buckets.give_back(1, now); // once more
    BOOST_TEST(!goes(12, login));
}

BOOST_AUTO_TEST_CASE(learns_from_what_remains)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 2; // somebody else uses the same address
    learn(1, login, answer);
    BOOST_TEST(burst(login) == 3U);
}

BOOST_AUTO_TEST_CASE(what_shows_the_first_limit_is_counted_whole)
{
    keys const login{key("auth:login", 10, 10s)};
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 9;
    learn(1, login, answer);
    BOOST_TEST(burst(login) == 9U);
}

BOOST_AUTO_TEST_CASE(learns_from_when_it_will_be_free)
{
    keys const login{key("auth:login", 10, 10s)};
    BOOST_TEST(goes(1, login));
    auto answer = said(200);
    answer.reset_after = 7s;
    answer.age = 500ms;
    now += 500ms;
    learn(1, login, answer);
    BOOST_TEST(burst(login) == 3U);
    answer.reset_after = 24h; // longer than any bucket of this window takes
    learn(2, login, answer);
    now += 10s + leaky_buckets::rounding;
    BOOST_TEST(burst(login) == 10U);
}

BOOST_AUTO_TEST_CASE(an_answer_never_makes_it_count_less)
{
    keys const login{key("auth:login", 10, 10s)};
    burst(login);
    auto answer = said(200);
    answer.limit = 10;
    answer.remaining = 9;
    learn(1, login, answer);
    BOOST_TEST(!goes(1, login));
}

BOOST_AUTO_TEST_CASE(learns_another_limit)
{
    keys const login{key("auth:login", 10, 10s)};
    auto answer = said(200);
    answer.limit = 20;
    answer.remaining = 19;
    learn(1, login, answer);
    BOOST_TEST(burst(login) == 19U);
}

BOOST_AUTO_TEST_CASE(a_refusal_holds_its_bucket_as_long_as_told)
{
    keys const login{key("global", 50, 1s, rate_scope::global), key("auth:login", 10, 10s)};
    auto answer = said(429);
    answer.retry_after = 1'500ms;
    learn(7, login, answer);
    BOOST_TEST(ask(1, login).wait.count() == 1'500);
    BOOST_TEST(goes(2, {key("global", 50, 1s, rate_scope::global), key("auth:verify", 10, 60s)}));
    now += 1'500ms;
    BOOST_TEST(goes(1, login));
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_time_holds_it_five_seconds)
{
    keys const forgot{key("auth:forgot", 5, 60s)};
    learn(7, forgot, said(429));
    BOOST_TEST(ask(1, forgot).wait.count() == 5'000);
}

BOOST_AUTO_TEST_CASE(fault_116_a_global_refusal_holds_all_buckets_and_wakes_in_order)
{
    auto const global = key("global", 50, 1s, rate_scope::global);
    auto answer = said(429);
    answer.retry_after = 3s;
    answer.global = true;
    learn(7, {global, key("auth:login", 10, 10s)}, answer);
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
    learn(7, login, answer);
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
    learn(2, mine, answer);
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
    learn(21, {bucket, email}, inner);
    auto global = said(429);
    global.retry_after = 1s;
    global.limit = 50;
    global.remaining = 0;
    global.global = true;
    learn(22, {key("global", 50, 1s, rate_scope::global), bucket, email}, global);
    for (std::uint64_t ticket = 1; ticket <= 10; ++ticket)
        BOOST_TEST(goes(ticket, {bucket}));
    BOOST_TEST(!goes(11, {bucket}));
}

BOOST_AUTO_TEST_CASE(a_long_refusal_of_an_operation_without_inner_limits_is_the_bucket_s)
{
    keys const sessions{key("auth:sessions", 40, 10s)};
    auto answer = said(429);
    answer.retry_after = 60s;
    learn(7, sessions, answer);
    BOOST_TEST(ask(1, sessions).wait.count() == 60'000);
}

BOOST_AUTO_TEST_CASE(forgets_what_is_at_rest)
{
    for (unsigned count = 0; count < 5'000; ++count) {
        BOOST_TEST(served(count, {key("auth:login", 10, 10s, rate_scope::bucket, std::to_string(count))}));
        now += 1s;
    }
    BOOST_TEST(buckets.size() < 2'100U);
}

BOOST_AUTO_TEST_SUITE_END()
