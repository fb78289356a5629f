#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

std::string const token(64, 'T');

std::string complaint_about_token(std::string text)
{
    return complaints(wire::encode(operation::verify_email, verify_email_request(std::move(text))));
}

} // namespace

BOOST_AUTO_TEST_SUITE(account)

BOOST_AUTO_TEST_CASE(mailed_tokens_go_into_the_body)
{
    auto const quoted = "\"token\":\"" + token + "\"";
    BOOST_TEST(
        body_of(wire::encode(operation::verify_email, verify_email_request(token))) == "{" + quoted + "}");
    BOOST_TEST(
        body_of(wire::encode(operation::reset_password, reset_password_request(token, "12345678"))) ==
        "{" + quoted + R"(,"password":"12345678"})");
    BOOST_TEST(
        body_of(wire::encode(operation::revert_email_change, email_revert_request(token, "12345678"))) ==
        "{" + quoted + R"(,"password":"12345678"})");
    BOOST_TEST(
        body_of(wire::encode(operation::authorize_ip_address, authorize_ip_request("short"))) ==
        R"({"token":"short"})");
}

BOOST_AUTO_TEST_CASE(mailed_tokens_have_exactly_64_units)
{
    BOOST_TEST(complaint_about_token("") == "token INVALID_FORMAT");
    BOOST_TEST(complaint_about_token(std::string(63, 'T')) == "token STRING_LENGTH_EXACT");
    BOOST_TEST(complaint_about_token(token) == "");
    BOOST_TEST(complaint_about_token(std::string(65, 'T')) == "token STRING_LENGTH_EXACT");
    BOOST_TEST(complaint_about_token(repeated(astral, 32)) == "");
    BOOST_TEST(complaint_about_token(" " + token + "\n") == "");
}

BOOST_AUTO_TEST_CASE(the_token_of_an_ip_authorization_may_be_shorter)
{
    auto const complaint = [](std::string text) {
        return complaints(
            wire::encode(operation::authorize_ip_address, authorize_ip_request(std::move(text))));
    };
    BOOST_TEST(complaint("") == "token INVALID_FORMAT");
    BOOST_TEST(complaint("x") == "");
    BOOST_TEST(complaint(std::string(256, 'x')) == "");
    BOOST_TEST(complaint(std::string(257, 'x')) == "token STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(forgetting_needs_an_address)
{
    BOOST_TEST(
        body_of(wire::encode(operation::forgot_password, forgot_password_request("me@example.com"))) ==
        R"({"email":"me@example.com"})");
    BOOST_TEST(
        complaints(wire::encode(operation::forgot_password, forgot_password_request("x"))) ==
        "email INVALID_EMAIL_FORMAT");
}

BOOST_AUTO_TEST_CASE(token_and_password_are_both_checked)
{
    BOOST_TEST(
        complaints(wire::encode(operation::reset_password, reset_password_request("x", "y"))) ==
        "token STRING_LENGTH_EXACT, password PASSWORD_LENGTH_INVALID");
    BOOST_TEST(
        complaints(wire::encode(operation::revert_email_change, email_revert_request("x", "\xFF"))) ==
        "token STRING_LENGTH_EXACT, password INVALID_UTF8");
}

BOOST_AUTO_TEST_SUITE_END()
