// What a governor is asked for leave for, and whose a session is told to be.
#include "limits/governor_support.hpp"

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(a_governor_of_ones_own_sees_what_a_request_counts_against)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    run(context, used.login_user(login_request("Me@Example.com", "correct horse")));
    BOOST_REQUIRE(governor->asked.size() == 1U);
    auto const asked = governor->asked.front();
    BOOST_TEST((asked.operation == operation::login_user));
    BOOST_REQUIRE(asked.keys.size() == 4U);
    BOOST_TEST((asked.keys[0].scope == rate_scope::global));
    BOOST_TEST(asked.keys[0].limit == 50U);
    BOOST_TEST(asked.keys[0].subject == "address:");
    BOOST_TEST(asked.keys[1].bucket == "auth:login");
    BOOST_TEST(asked.keys[1].limit == 10U);
    BOOST_TEST((asked.keys[1].window == 10s));
    BOOST_TEST(asked.keys[2].bucket == "login:email");
    BOOST_TEST(asked.keys[2].subject.starts_with("email:"));
    BOOST_TEST(asked.keys[2].subject.find("xample") == std::string::npos);
    BOOST_TEST(asked.keys[3].bucket == "login:address");
    BOOST_TEST((asked.keys[3].window == 30min));

    run(context, used.login_user(login_request("me@example.com", "correct horse")));
    BOOST_TEST(governor->asked[1].keys[2].subject == asked.keys[2].subject);
    BOOST_TEST(governor->asked[1].ticket != asked.ticket);
    BOOST_TEST(governor->given_back == 0);
}

BOOST_AUTO_TEST_CASE(a_session_is_introduced_with_its_user)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        reply(made(200, R"({"token":"flx_made_up_for_this_test","user_id":"17"})"));
    };
    client used(context.get_executor(), std::move(options));
    run(context, used.login_user(login_request("me@example.com", "correct horse")));
    run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(governor->users.size() == 1U);
    BOOST_TEST(governor->users.begin()->second == "17");
    BOOST_TEST(governor->asked[1].keys[0].subject == governor->users.begin()->first);
}

BOOST_AUTO_TEST_SUITE_END()
