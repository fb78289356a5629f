// client_options::remember_sudo, as the server sees it, without any socket.
#include "limits/sudo_support.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/sudo.hpp>

#include <algorithm>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* other_session = "flx_another_for_this_test";

} // namespace

BOOST_FIXTURE_TEST_SUITE(remembered_sudo, sudo_fixture)

BOOST_AUTO_TEST_CASE(the_token_of_an_answer_goes_with_the_next_request)
{
    auto used = make();
    prove(used);
    BOOST_TEST(sent_token().empty());
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token() == jwt);
    BOOST_TEST(
        run(context, used.send(raw_request("GET", "/users/@me").with_token(session_token))).has_value());
    BOOST_TEST(sent_token() == jwt);
    BOOST_TEST(end_none(used, other_session).has_value());
    BOOST_TEST(sent_token().empty());
    auto another_client = make();
    BOOST_TEST(end_none(another_client).has_value());
    BOOST_TEST(sent_token().empty());
}

BOOST_AUTO_TEST_CASE(a_proof_goes_beside_the_token)
{
    auto used = make();
    prove(used);
    logout_auth_sessions_request request{std::vector<std::string>()};
    sudo_proof::totp("123456").add_to(request);
    BOOST_TEST(run(context, used.logout_all_sessions(session_token, std::move(request))).has_value());
    BOOST_TEST(sent_token() == jwt);
    BOOST_TEST((seen.back().body.reveal().find("mfa_code") != std::string_view::npos));
}

BOOST_AUTO_TEST_CASE(the_calls_own_token_is_sent_instead)
{
    auto used = make();
    prove(used);
    BOOST_TEST(end_none(used, session_token, call_options().with_sudo_token("of.the.call")).has_value());
    BOOST_TEST(sent_token() == "of.the.call");
    auto request = raw_request("GET", "/users/@me").with_token(session_token);
    request.headers.emplace_back("x-fluxer-sudo-mode-jwt", "of.the.request");
    BOOST_TEST(run(context, used.send(request)).has_value());
    BOOST_TEST(sent_token() == "of.the.request");
    BOOST_TEST(std::count_if(seen.back().headers.begin(), seen.back().headers.end(), [](header const& field) {
                   return field.name.size() == std::string_view(sudo_header).size();
               }) == 1);
}

BOOST_AUTO_TEST_CASE(it_ends_after_four_and_a_half_minutes_though_it_is_sent_back)
{
    auto used = make();
    prove(used);
    clock->advance(4min);
    answer = [](auto const&) { return with_jwt(made(204)); };
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token() == jwt);
    answer = [](auto const&) { return made(204); };
    clock->advance(30s - 1ms);
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token() == jwt);
    clock->advance(1ms);
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token().empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_drops_it)
{
    auto used = make();
    prove(used);
    answer = [](auto const&) { return sudo_wanted(); };
    auto const refused = end_none(used);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code() == errc::sudo_required));
    BOOST_TEST(sent_token() == jwt);
    BOOST_TEST(end_none(used).has_error());
    BOOST_TEST(sent_token().empty());
}

BOOST_AUTO_TEST_CASE(a_logout_drops_it)
{
    auto used = make();
    prove(used);
    BOOST_TEST(run(context, used.logout_user(session_token)).has_value());
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token().empty());
    prove(used);
    std::vector<std::string> const own{session_id_hash(secret(session_token))};
    BOOST_TEST(
        run(context, used.logout_all_sessions(session_token, logout_auth_sessions_request(own))).has_value());
    BOOST_TEST(sent_token() == jwt);
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token().empty());
}

BOOST_AUTO_TEST_CASE(it_can_be_turned_off)
{
    auto used = make(true, false);
    prove(used);
    BOOST_TEST(end_none(used).has_value());
    BOOST_TEST(sent_token().empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_shown_it)
{
    auto used = make();
    prove(used);
    answer = [](auto const&) { return with_jwt(sudo_wanted()); };
    auto const refused = end_none(used);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(sent_token() == jwt);
    auto const& e = refused.error();
    BOOST_TEST(e.to_string().find(jwt) == std::string::npos);
    BOOST_TEST(e.message().find(jwt) == std::string::npos);
    BOOST_TEST(e.info().body_excerpt.find(jwt) == std::string::npos);
    BOOST_TEST(!log->all.str().empty());
    BOOST_TEST(log->all.str().find(jwt) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nor_a_session_that_comes_back_from_the_helpers)
{
    constexpr char const* short_session = "no-token"; // too short to be known for one
    auto used = make();
    answer = [](auto const&) { return made(400, R"({"code":"BAD_REQUEST","message":"not for no-token"})"); };
    auto const refused = run(context, get_sudo_methods(used, secret(short_session)));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().message().find(short_session) == std::string::npos);
    BOOST_TEST(refused.error().to_string().find(short_session) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_of_the_helpers_say_which_failed_and_how)
{
    auto used = make();
    answer = [this](auto const&) {
        clock->advance(5ms);
        return made(403, R"({"code":"MISSING_ACCESS","message":"m"})");
    };
    auto const refused = run(context, get_sudo_methods(used, secret(session_token)));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().info().helper == "get_sudo_methods");
    BOOST_TEST(
        refused.error().to_string() == "get_sudo_methods: 403 MISSING_ACCESS: m; do not retry unchanged");
    BOOST_TEST(refused.error().info().repeatable);
    BOOST_TEST(refused.error().attempts() == 1U);
    BOOST_TEST((refused.error().elapsed() == 5ms));

    auto const not_sent = run(context, send_sudo_sms_code(used, secret(session_token)));
    BOOST_REQUIRE(not_sent.has_error());
    BOOST_TEST(not_sent.error().info().helper == "send_sudo_sms_code");
    BOOST_TEST(!not_sent.error().info().repeatable);

    answer = [](auto const&) { return made(200, "<html>"); };
    auto const unread = run(context, get_sudo_webauthn_options(used, secret(session_token)));
    BOOST_REQUIRE(unread.has_error());
    BOOST_TEST((unread.error().code() == errc::unexpected_answer));
    BOOST_TEST((unread.error().phase() == phase::decode));
    BOOST_TEST(unread.error().to_string().starts_with("get_sudo_webauthn_options: unexpected answer"));
    BOOST_TEST((unread.error().advice() == retry_advice::yes));
}

BOOST_AUTO_TEST_CASE(nor_do_the_errors_of_the_helpers_hide_how_often_they_asked)
{
    auto used = make(false);
    answer = [](auto const&) { return made(503, R"({"code":"X","message":"m"})"); };
    auto const refused =
        run(context, get_sudo_methods(used, secret(session_token), call_options().with_max_attempts(2)));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(seen.size() == 2U);
    BOOST_TEST(refused.error().attempts() == 2U);
}

BOOST_AUTO_TEST_CASE(what_fails_before_the_helpers_are_answered_is_theirs_too)
{
    auto used = make();
    auto const refused = run(context, get_sudo_methods(used, secret("\r\n")));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code() == errc::invalid_request));
    BOOST_TEST(refused.error().to_string().starts_with("get_sudo_methods: invalid request: token: "));
}

BOOST_AUTO_TEST_SUITE_END()
