#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_AUTO_TEST_SUITE(sso)

BOOST_AUTO_TEST_CASE(a_start_may_say_nothing)
{
    BOOST_TEST(body_of(wire::encode(operation::start_sso, sso_start_request())) == "{}");
    BOOST_TEST(
        body_of(wire::encode(operation::start_sso, sso_start_request().with_redirect_to("/channels"))) ==
        R"({"redirect_to":"/channels"})");
    // The server takes "" for null, which it accepts here (contract 2).
    BOOST_TEST(body_of(wire::encode(operation::start_sso, sso_start_request().with_redirect_to(""))) == "{}");
}

BOOST_AUTO_TEST_CASE(a_redirect_has_up_to_2048_units)
{
    auto const complaint = [](std::string path) {
        return complaints(
            wire::encode(operation::start_sso, sso_start_request().with_redirect_to(std::move(path))));
    };
    BOOST_TEST(complaint("/") == "");
    BOOST_TEST(complaint(std::string(2048, '/')) == "");
    BOOST_TEST(complaint(std::string(2049, '/')) == "redirect_to STRING_LENGTH_INVALID");
    BOOST_TEST(complaint(" ") == "redirect_to STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(completion_sends_code_and_state)
{
    BOOST_TEST(
        body_of(wire::encode(operation::complete_sso, sso_complete_request("C", "S"))) ==
        R"({"code":"C","state":"S"})");
    BOOST_TEST(
        complaints(wire::encode(operation::complete_sso, sso_complete_request(std::string(257, 'c'), ""))) ==
        "code STRING_LENGTH_INVALID, state INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(status_takes_absence_and_null_alike)
{
    auto const full = decoded<sso_status>(
        R"({"enabled":true,"enforced":true,"display_name":"Corp","redirect_uri":"https://x/cb"})");
    BOOST_TEST((full->enabled && full->enforced));
    BOOST_TEST(full->display_name.value() == "Corp");
    BOOST_TEST(full->redirect_uri == "https://x/cb");
    for (auto const* body :
         {R"({"enabled":false,"display_name":null})", R"({"enabled":false})",
          R"({"enabled":false,"display_name":7,"redirect_uri":[],"enforced":"x"})"}) {
        auto const sparse = decoded<sso_status>(body);
        BOOST_TEST((!sparse->enabled && !sparse->enforced && !sparse->display_name));
        BOOST_TEST(sparse->redirect_uri == "");
    }
    BOOST_TEST(problem_of<sso_status>(R"({"enabled":"true"})") == "`enabled` is not what it has to be");
}

BOOST_AUTO_TEST_CASE(a_start_needs_url_and_state)
{
    auto const start =
        decoded<sso_start>(R"({"authorization_url":"https://idp/","state":"s","redirect_uri":"r"})");
    BOOST_TEST(start->authorization_url == "https://idp/");
    BOOST_TEST(start->state.reveal() == "s");
    BOOST_TEST(start->redirect_uri == "r");
    BOOST_TEST(problem_of<sso_start>(R"({"state":"s"})") == "`authorization_url` is missing");
    BOOST_TEST(problem_of<sso_start>(R"({"authorization_url":"https://u"})") == "`state` is missing");
}

BOOST_AUTO_TEST_CASE(completion_yields_a_session)
{
    auto const made = decoded<sso_completion>(R"({"token":"t","user_id":"1","redirect_to":""})");
    BOOST_TEST(made->token.reveal() == "t");
    BOOST_TEST(made->user_id.str() == "1");
    BOOST_TEST(made->redirect_to == "");
    BOOST_TEST(decoded<sso_completion>(R"({"token":"t","user_id":"1"})").has_value());
    BOOST_TEST(problem_of<sso_completion>(R"({"user_id":"1"})") == "`token` is missing");
}

BOOST_AUTO_TEST_SUITE_END()
