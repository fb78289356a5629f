// client_options::rate: what calls do when the governor makes them wait, without any socket.
#include "limits/cancellation_bits.hpp"
#include "limits/governor_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(five_hundred_callers_of_a_session_never_cross_its_limit)
{
    auto used = make();
    auto ended = 0;
    auto failed = 0;
    auto stop = false;
    auto const caller = [&]() -> asio::awaitable<void> {
        while (!stop) {
            auto const got = co_await used.list_auth_sessions(secret(token));
            if (got.has_error())
                ++failed;
        }
        ++ended;
    };
    for (int count = 0; count < 500; ++count)
        asio::co_spawn(context, caller, [](std::exception_ptr) {});
    settle();
    pass(20s);
    auto const allowed = 50 + 20 * 50;
    BOOST_TEST(server.refused == 0);
    BOOST_TEST(server.served <= allowed);
    BOOST_TEST(server.served >= allowed * 95 / 100);
    BOOST_TEST(failed == 0);
    stop = true;
    pass(11s);
    BOOST_TEST(ended == 500);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(two_clients_of_a_server_share_the_count)
{
    auto const shared = std::make_shared<local_rate_governor>(clock);
    auto one = make(shared);
    auto two = make(shared);
    use_up(one);
    pending<result<std::vector<auth_session>>> call(context, two.list_auth_sessions(secret(token)));
    settle();
    BOOST_TEST(!call.done());
    BOOST_TEST(sent == 50);
    pass(25ms);
    BOOST_TEST(call.done());
}

// The server counts a user, whichever of the sessions asks (contract 10.1).
BOOST_AUTO_TEST_CASE(two_sessions_of_a_user_never_cross_its_limit_if_they_were_introduced)
{
    for (bool const introduced : {false, true}) {
        server = strict_server(clock);
        auto used = make();
        if (introduced) {
            used.introduce(session(secret(token), "17"));
            used.introduce(session(secret("flx_another"), "17"));
        }
        auto ended = 0;
        for (int count = 0; count < 100; ++count) {
            secret const own(count % 2 == 0 ? token : "flx_another");
            asio::co_spawn(context, used.list_auth_sessions(own), [&ended](auto&&...) { ++ended; });
        }
        for (int seconds = 0; seconds < 60 && ended < 100; ++seconds)
            pass(1s);
        BOOST_TEST_CONTEXT("introduced: " << introduced)
        {
            BOOST_REQUIRE(ended == 100);
            BOOST_TEST(server.served + server.refused == 100);
            BOOST_TEST((server.refused == 0) == introduced);
        }
    }
}

BOOST_AUTO_TEST_CASE(failing_fast_sends_nothing)
{
    auto used = make(client_options("https://api.example.test/v1").with_rate_mode(rate_mode::fail_fast));
    use_up(used);
    auto const got = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(got.has_error());
    auto const& e = got.error();
    BOOST_TEST((e.code() == errc::rate_limited));
    BOOST_TEST((e.phase() == phase::rate_limit));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST(e.attempts() == 0U);
    BOOST_REQUIRE(e.rate_limit() != nullptr);
    BOOST_TEST(e.rate_limit()->global);
    BOOST_TEST(e.retry_after().value_or(0ms).count() == 20);
    BOOST_TEST((e.advice() == retry_advice::after_wait));
    BOOST_TEST(sent == 50);
    BOOST_TEST(e.to_string().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(off_counts_nothing)
{
    auto used = make(client_options("https://api.example.test/v1").with_rate_mode(rate_mode::off));
    for (int count = 0; count < 60; ++count)
        run(context, used.list_auth_sessions(secret(token)));
    BOOST_TEST(sent == 60);
    BOOST_TEST(server.refused == 10);
}

BOOST_AUTO_TEST_CASE(a_call_may_differ_from_its_client)
{
    auto used = make();
    use_up(used);
    call_options fast;
    fast.rate_mode = rate_mode::fail_fast;
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token), fast)).has_error());
    call_options off;
    off.rate_mode = rate_mode::off;
    run(context, used.list_auth_sessions(secret(token), off));
    BOOST_TEST(sent == 51);
}

BOOST_AUTO_TEST_CASE(a_turn_beyond_the_calls_own_limit_fails_at_once)
{
    auto used = make();
    use_up(used);
    call_options brief(10ms);
    auto const got = run(context, used.list_auth_sessions(secret(token), brief));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::rate_limited));
    BOOST_TEST(sent == 50);
}

BOOST_AUTO_TEST_CASE(waiting_is_told_once)
{
    auto used = make();
    use_up(used);
    BOOST_TEST(log->seen.empty());
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    pass(25ms);
    BOOST_TEST(call.done());
    BOOST_REQUIRE(log->seen.size() == 1U);
    BOOST_TEST(log->seen.front() == "global");
}

BOOST_DATA_TEST_CASE(fault_115_a_call_cancelled_while_it_waits_leaves_its_place, cancellation_bits, bits)
{
    auto used = make();
    use_up(used);
    pending<result<std::vector<auth_session>>> first(context, used.list_auth_sessions(secret(token)));
    pending<result<std::vector<auth_session>>> second(context, used.list_auth_sessions(secret(token)));
    settle();
    first.cancel(type_of(bits));
    settle();
    BOOST_REQUIRE(first.done());
    auto const got = first.get(context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::cancelled));
    BOOST_TEST((got.error().phase() == phase::rate_limit));
    BOOST_TEST(!got.error().request_was_sent());
    BOOST_TEST(first.ends() == 1);
    pass(45ms);
    BOOST_TEST(second.done());
    BOOST_TEST(sent == 51);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(shutting_down_ends_the_wait)
{
    auto used = make();
    use_up(used);
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    run(context, used.shutdown(0ms));
    BOOST_REQUIRE(call.done());
    auto const got = call.get(context);
    BOOST_TEST((got.error().code() == errc::shut_down));
    BOOST_TEST((got.error().phase() == phase::rate_limit));
}

BOOST_AUTO_TEST_CASE(destroying_the_context_of_a_call_that_waits_leaves_nothing_behind)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::later(100ms)); };
    {
        asio::io_context doomed{1};
        client_options options("https://api.example.test/v1");
        options.rate.governor = governor;
        client used(doomed.get_executor(), std::move(options));
        asio::co_spawn(
            doomed, used.list_auth_sessions(secret(token)), [](auto&&...) { BOOST_ERROR("it ended"); });
        doomed.poll();
        BOOST_TEST(governor->asked.size() == 1U);
    }
    BOOST_TEST(governor->left == 1);
    BOOST_TEST(governor->given_back == 0);
}

BOOST_AUTO_TEST_CASE(fault_116_a_global_refusal_is_waited_out_by_all)
{
    auto used = make();
    for (int count = 0; count < 49; ++count)
        server.answer(); // by somebody else
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_error());
    pending<result<std::vector<auth_session>>> list(context, used.list_auth_sessions(secret(token)));
    pending<result<void>> resend(context, used.resend_verification_email(secret(token)));
    settle();
    auto const before = sent;
    pass(990ms);
    BOOST_TEST(sent == before);
    pass(60ms);
    BOOST_TEST(sent == before + 2);
    BOOST_TEST(list.done());
    BOOST_TEST(resend.done());
}

BOOST_AUTO_TEST_SUITE_END()
