// What a governor is asked for leave for, and whose a session is told to be.
#include "core/http_syntax.hpp"
#include "limits/governor_support.hpp"

#include <fluxer/auth/discovery.hpp>
#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/sudo.hpp>

#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

/// As one that has not seen a limit yet.
struct uncounting_governor final : rate_governor
{
    bool concerns(operation, bool) const noexcept override { return false; }

    void acquire(rate_request const&, rate_reply reply) override { reply(scripted_governor::yes()); }

    void withdraw(rate_request const&, bool) override {}

    void learn(rate_request const&, rate_answer const&) override {}

    void introduce(std::string_view, std::string_view) override { ++introduced; }

    int introduced = 0;
};

} // namespace

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

BOOST_AUTO_TEST_CASE(a_token_given_as_a_header_is_guarded_as_one)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    std::vector<std::string> sent_tokens;
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [&](transport_request const& request, transport_reply const& reply) {
        for (auto const& field : request.headers)
            if (field.name == "Authorization")
                sent_tokens.push_back(field.value);
        reply(error(error_info()));
    };
    client used(context.get_executor(), std::move(options));
    run(context, used.send(raw_request("GET", "/users/@me").with_token(secret(token))));
    run(context, used.send(raw_request("GET", "/users/@me").with_header("authorization", token)));
    BOOST_TEST(sent_tokens == (std::vector<std::string>{token, token}), boost::test_tools::per_element());
    BOOST_REQUIRE(governor->asked.size() == 2U);
    BOOST_TEST(governor->asked[0].keys[0].subject.starts_with("session:"));
    BOOST_TEST(governor->asked[0].keys[0].subject == governor->asked[1].keys[0].subject);
}

// Whichever is sent is the one that is counted.
BOOST_AUTO_TEST_CASE(the_token_that_is_sent_is_the_one_that_is_guarded)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    std::vector<std::string> sent_tokens;
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.headers = {header("authorization", "flx_of_the_client")};
    options.transport = [&](transport_request const& request, transport_reply const& reply) {
        for (auto const& field : request.headers)
            if (core::equal_ignoring_case(field.name, "Authorization"))
                sent_tokens.push_back(field.value);
        reply(error(error_info()));
    };
    client used(context.get_executor(), std::move(options));
    auto const own = call_options().with_header("AUTHORIZATION", "flx_of_the_call");
    run(context, used.send(raw_request("GET", "/users/@me")));
    run(context, used.send(raw_request("GET", "/users/@me").with_token(secret(token))));
    run(context, used.send(raw_request("GET", "/users/@me").with_token(secret(token)), own));
    run(context, used.list_auth_sessions(secret(token), own));
    run(context, used.send(raw_request("GET", "/users/@me")
                               .with_header("Authorization", token)
                               .with_header("authorization", "flx_of_the_call")));
    std::vector<std::string> const expected{
        "flx_of_the_client", token, "flx_of_the_call", "flx_of_the_call", "flx_of_the_call"};
    BOOST_TEST(sent_tokens == expected, boost::test_tools::per_element());
    BOOST_REQUIRE(governor->asked.size() == expected.size());
    for (std::size_t index = 0; index < expected.size(); ++index)
        BOOST_TEST(
            governor->asked[index].keys[0].subject == "session:" + session_id_hash(secret(expected[index])));
}

BOOST_AUTO_TEST_CASE(helpers_count_against_buckets_of_their_own)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    run(context, get_sudo_methods(used, secret(token)));
    run(context, send_sudo_sms_code(used, secret(token)));
    run(context, get_sudo_webauthn_options(used, secret(token)));
    run(context, used.send(raw_request("GET", "/.well-known/fluxer")));
    run(context, used.send(raw_request("GET", "/users/@me")));

    BOOST_REQUIRE(governor->asked.size() == 5U);
    std::vector<std::string> buckets;
    for (auto const& asked : governor->asked) {
        BOOST_TEST((asked.operation == operation::raw));
        BOOST_TEST(asked.keys.front().bucket == "global");
        buckets.push_back(asked.keys.size() == 1 ? "none" : asked.keys[1].bucket);
        for (auto const& key : asked.keys)
            BOOST_TEST(key.subject == asked.keys.front().subject);
    }
    std::vector<std::string> const agreed{
        "sudo:mfa:methods", "sudo:sms:send", "sudo:webauthn:options", "instance:info", "none"};
    BOOST_TEST(buckets == agreed, boost::test_tools::per_element());
    BOOST_TEST(governor->asked[0].keys[0].subject.starts_with("session:"));
    BOOST_TEST(governor->asked[3].keys[0].subject.starts_with("address:"));
}

BOOST_AUTO_TEST_CASE(discovery_asks_the_governor_of_its_options)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    discovery_options asking;
    asking.client.rate.governor = governor;
    asking.client.transport = [](transport_request const&, transport_reply const& reply) {
        reply(made(404, "{}"));
    };
    auto const got = run(context, discover(context.get_executor(), "fluxer.example", asking));
    BOOST_TEST(got.has_error());
    BOOST_REQUIRE(governor->asked.size() == 2U); // at the root and below /api
    for (auto const& asked : governor->asked) {
        BOOST_REQUIRE(asked.keys.size() == 2U);
        BOOST_TEST(asked.keys[1].bucket == "instance:info");
        BOOST_TEST(asked.keys[1].limit == 60U);
        BOOST_TEST((asked.keys[1].window == 1min));
    }
}

BOOST_AUTO_TEST_CASE(a_session_from_elsewhere_is_introduced_by_its_owner)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    used.introduce(session(secret(token), "17"));
    used.introduce(session(secret(token), {}));
    used.introduce(session({}, "18"));
    BOOST_REQUIRE(governor->users.size() == 1U);
    BOOST_TEST(governor->users.begin()->second == "17");
    run(context, used.list_auth_sessions(secret(token)));
    BOOST_TEST(governor->asked.front().keys[0].subject == governor->users.begin()->first);
}

// Its answer was not looked at for limits, so that nobody knows whether its requests are counted.
BOOST_AUTO_TEST_CASE(a_session_of_an_ungoverned_login_is_introduced_too)
{
    auto const shared = std::make_shared<uncounting_governor>();
    client_options options("https://api.example.test/v1");
    options.rate.governor = shared;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        reply(made(200, R"({"token":"flx_made_up_for_this_test","user_id":"17"})"));
    };
    client used(context.get_executor(), std::move(options));
    login_request const request("me@example.com", "correct horse");
    run(context, used.login_user(request));
    BOOST_TEST(shared->introduced == 0);
    call_options ungoverned;
    ungoverned.rate_mode = rate_mode::off;
    run(context, used.login_user(request, ungoverned));
    BOOST_TEST(shared->introduced == 1);
}

// Governors keep it, for as long as the process lives.
BOOST_AUTO_TEST_CASE(a_user_that_is_no_number_is_nobody)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    used.introduce(session(secret(token), std::string(1'000'000, '7')));
    used.introduce(session(secret(token), "somebody"));
    BOOST_TEST(governor->users.empty());
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
