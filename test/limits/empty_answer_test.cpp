// Operations whose answer has no body, and what else may come in its place; without any socket.
#include "limits/flow_support.hpp"

#include <fluxer/auth/sudo.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

void check_unread(result<void> const& outcome)
{
    BOOST_REQUIRE(outcome.has_error());
    auto const& e = outcome.error();
    BOOST_TEST((e.code() == errc::unexpected_answer));
    BOOST_TEST((e.phase() == phase::decode));
    BOOST_TEST(e.http_status() == 200);
    BOOST_TEST(e.message() == "the body is not JSON");
    BOOST_TEST(e.request_was_sent());
    BOOST_TEST(e.attempts() == 1U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(empty_answers, flow_fixture)

// A wrong base URL, or what stands in front of the server, answers with a page of its own.
BOOST_AUTO_TEST_CASE(a_page_is_none)
{
    for (auto const* page : {"<html>", "ok", "\n"}) {
        will(200, page);
        check_unread(run(context, make().logout_user("flx_made_up")));
        will(200, page);
        check_unread(run(context, make().forgot_password(forgot_password_request("me@example.com"))));
        will(200, page);
        check_unread(run(context, send_sudo_sms_code(make(), "flx_made_up")));
        will(200, page);
        auto const completed =
            run(context, make().complete_handoff(handoff_complete_request("ABCD-EFGH", "flx_made_up", "17")));
        check_unread(completed);
    }
}

// As gateways make it of a refusal that they pass on with a status of their own.
BOOST_AUTO_TEST_CASE(an_error_is_none)
{
    auto const check = [](auto const& outcome) {
        BOOST_REQUIRE(outcome.has_error());
        BOOST_TEST((outcome.error().code() == errc::unexpected_answer));
        BOOST_TEST(outcome.error().message() == "an error came with a status of success");
    };
    constexpr auto body = R"({"code":"INVALID_TOKEN","message":"Invalid token"})";
    will(200, body);
    check(run(context, make().logout_user("flx_made_up")));
    will(200, body);
    check(run(context, make().complete_handoff(handoff_complete_request("ABCD-EFGH", "flx_made_up", "17"))));
    will(200, body);
    check(run(context, make().validate_reset_token(validate_reset_token_request(std::string(64, 'a')))));
}

BOOST_AUTO_TEST_CASE(json_of_any_kind_is_one)
{
    for (auto const* body : {"", "{}", "null", "[1]", R"({"more":"of it"})"}) {
        will(200, body);
        BOOST_TEST(run(context, make().logout_user("flx_made_up")).has_value());
        will(200, body);
        BOOST_TEST(run(context, send_sudo_sms_code(make(), "flx_made_up")).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
