// What a governor learns from answers.
#include "limits/governor_support.hpp"

#include <atomic>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(calls_that_wait_for_a_connection_when_a_limit_is_seen_are_counted)
{
    std::atomic<int> requests{0};
    scripted_server const one_by_one(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            ++requests;
            with.respond(
                200, R"({"suggestions":[]})", "X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 9\r\n");
        }
    });
    auto options = patient_options(one_by_one);
    options.rate.mode = rate_mode::fail_fast;
    options.clock = clock;
    options.pool.max_connections = 1;
    client used(context.get_executor(), std::move(options));
    std::vector<pending<result<username_suggestions>>> calls;
    for (int count = 0; count < 12; ++count)
        calls.emplace_back(context, used.get_username_suggestions(username_suggestions_request("Ann")));
    int refused = 0;
    for (auto& call : calls)
        refused += call.get(context).has_error() ? 1 : 0;
    // The one that showed the limit is among the ten.
    BOOST_TEST(requests == 10);
    BOOST_TEST(refused == 2);
}

BOOST_AUTO_TEST_CASE(limits_are_seen_in_any_of_their_fields)
{
    std::atomic<int> requests{0};
    scripted_server const newer(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            ++requests;
            with.respond(200, R"({"suggestions":[]})", "X-RateLimit-Bucket: auth:register\r\n");
        }
    });
    auto options = patient_options(newer);
    options.rate.mode = rate_mode::fail_fast;
    options.clock = clock;
    options.pool.max_connections = 1;
    client used(context.get_executor(), std::move(options));
    int refused = 0;
    for (int count = 0; count < 12; ++count) {
        refused +=
            run(context, used.get_username_suggestions(username_suggestions_request("Ann"))).has_error();
        clock->advance(2ms);
    }
    BOOST_TEST(requests == 10); // the one that showed the limit is among them
    BOOST_TEST(refused == 2);
}

BOOST_AUTO_TEST_CASE(what_answers_say_is_passed_on)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        auto answer = made(200, "[]");
        answer.headers.emplace_back("x-ratelimit-limit", "40");
        answer.headers.emplace_back("x-ratelimit-remaining", "38");
        answer.headers.emplace_back("x-ratelimit-reset-after", "0.5");
        reply(std::move(answer));
    };
    client used(context.get_executor(), std::move(options));
    run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(governor->learned.size() == 1U);
    BOOST_TEST(governor->learned[0].announces_limits);
    BOOST_TEST(governor->learned[0].limit.value_or(0) == 40U);
    BOOST_TEST(governor->learned[0].remaining.value_or(0) == 38U);
    BOOST_TEST(governor->learned[0].reset_after.value_or(0ms).count() == 500);
}

BOOST_AUTO_TEST_SUITE_END()
