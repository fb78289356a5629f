#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(requests_without_parameters_have_no_body)
{
    auto const made = wire::encode(operation::initiate_handoff);
    auto const& request = std::get<wire::request>(made);
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.target.view() == "/auth/handoff/initiate");
    BOOST_TEST(!request.body.has_value());
    BOOST_TEST(!request.token.has_value());
    BOOST_TEST(request.repeatable);
    BOOST_TEST((request.operation == operation::initiate_handoff));
}

BOOST_AUTO_TEST_CASE(a_session_token_becomes_the_header_as_it_is)
{
    auto const made = wire::encode_session(operation::list_auth_sessions, "flx_abc");
    BOOST_TEST(std::get<wire::request>(made).token->reveal() == "flx_abc");
    BOOST_TEST(std::get<wire::request>(made).method == "GET");
    BOOST_TEST(target_of(made) == "/auth/sessions");
}

BOOST_AUTO_TEST_CASE(tokens_that_no_header_can_hold_are_refused)
{
    auto const complaint = [](std::string_view token) {
        return complaints(wire::encode_session(operation::logout_user, secret(token)));
    };
    BOOST_TEST(complaint("!") == "");
    BOOST_TEST(complaint(std::string(512, '~')) == "");
    BOOST_TEST(complaint(std::string(513, 'x')) == "token INVALID_FORMAT");
    for (auto const bad : {""sv, "a b"sv, "a\r\nX: y"sv, "a\0"sv, "\x7F"sv, "\xC3\xA4"sv, "\t"sv})
        BOOST_TEST(complaint(bad) == "token INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(parameters_are_percent_encoded)
{
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::get_handoff_status, "GJKC-X6YA")) ==
        "/auth/handoff/GJKC-X6YA/status");
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::cancel_handoff, "a/../b?c")) ==
        "/auth/handoff/a%2F..%2Fb%3Fc");
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::poll_ip_authorization, "a&b=c d")) ==
        "/auth/ip-authorization/poll?ticket=a%26b%3Dc%20d");
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::cancel_handoff, "\xC3\xA4")) == "/auth/handoff/%C3%A4");
}

BOOST_AUTO_TEST_CASE(parameters_that_lead_elsewhere_are_refused)
{
    auto const complaint = [](std::string_view value) {
        return complaints(wire::encode_parameter(operation::get_handoff_status, secret(value)));
    };
    BOOST_TEST(complaint(".") == "code INVALID_FORMAT");
    BOOST_TEST(complaint("..") == "code INVALID_FORMAT");
    BOOST_TEST(complaint("...") == "");
    BOOST_TEST(complaint("a\0b"sv) == "code INVALID_FORMAT");
    BOOST_TEST(complaint("") == "code INVALID_FORMAT");
    BOOST_TEST(complaint("  ") == "code STRING_LENGTH_INVALID");
    BOOST_TEST(complaint("\xFF") == "code INVALID_UTF8");
}

BOOST_AUTO_TEST_CASE(parameters_have_up_to_256_units)
{
    auto const complaint = [](std::string const& value) {
        return complaints(wire::encode_parameter(operation::poll_ip_authorization, value));
    };
    BOOST_TEST(complaint("x") == "");
    BOOST_TEST(complaint(std::string(256, 'x')) == "");
    BOOST_TEST(complaint(std::string(257, 'x')) == "ticket STRING_LENGTH_INVALID");
    BOOST_TEST(complaint(repeated(astral, 128)) == "");
    BOOST_TEST(complaint(repeated(astral, 128) + "x") == "ticket STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_SUITE_END()
