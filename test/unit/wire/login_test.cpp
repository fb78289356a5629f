#include "support.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_AUTO_TEST_SUITE(login)

BOOST_AUTO_TEST_CASE(a_login_is_written_in_the_contracts_order)
{
    auto const made = wire::encode(operation::login_user, login_request("me@example.com", "pass\"word"));
    BOOST_TEST(body_of(made) == R"({"email":"me@example.com","password":"pass\"word"})");
    BOOST_TEST(target_of(made) == "/auth/login");
    BOOST_TEST(!std::get<wire::request>(made).repeatable);
    BOOST_TEST(
        body_of(wire::encode(
            operation::login_user, login_request("me@example.com", "12345678").with_invite_code("abc"))) ==
        R"({"email":"me@example.com","password":"12345678","invite_code":"abc"})");
}

BOOST_AUTO_TEST_CASE(an_empty_invite_code_is_left_out)
{
    BOOST_TEST(
        body_of(wire::encode(
            operation::login_user, login_request("me@example.com", "12345678").with_invite_code(""))) ==
        R"({"email":"me@example.com","password":"12345678"})");
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_told_at_once)
{
    BOOST_TEST(
        complaints(wire::encode(
            operation::login_user, login_request("nope", "short").with_invite_code(std::string(257, 'x')))) ==
        "email INVALID_EMAIL_FORMAT, password PASSWORD_LENGTH_INVALID, invite_code STRING_LENGTH_INVALID");
    BOOST_TEST(
        complaints(wire::encode(operation::login_user, login_request())) ==
        "email INVALID_FORMAT, password INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(an_account_needs_little)
{
    BOOST_TEST(
        body_of(wire::encode(operation::register_account, register_request("2000-01-31", true))) ==
        R"({"date_of_birth":"2000-01-31","consent":true})");
}

BOOST_AUTO_TEST_CASE(an_account_with_everything_is_in_the_contracts_order)
{
    auto const made = wire::encode(
        operation::register_account, register_request("2000-01-31", true)
                                         .with_invite_code("i")
                                         .with_global_name("G\xC3\xA4")
                                         .with_username("u_1")
                                         .with_password("12345678")
                                         .with_email("a@b.c"));
    BOOST_TEST(
        body_of(made) == "{\"email\":\"a@b.c\",\"password\":\"12345678\",\"username\":\"u_1\","
                         "\"global_name\":\"G\xC3\xA4\",\"date_of_birth\":\"2000-01-31\",\"consent\":true,"
                         "\"invite_code\":\"i\"}");
}

BOOST_AUTO_TEST_CASE(an_account_is_checked_field_by_field)
{
    BOOST_TEST(
        complaints(wire::encode(
            operation::register_account, register_request("x", false)
                                             .with_email("nope")
                                             .with_password("x")
                                             .with_username("a b")
                                             .with_global_name(std::string(33, 'g')))) ==
        "email INVALID_EMAIL_FORMAT, password PASSWORD_LENGTH_INVALID, username USERNAME_INVALID_CHARACTERS, "
        "global_name GLOBAL_NAME_LENGTH_INVALID, date_of_birth STRING_LENGTH_EXACT, "
        "date_of_birth INVALID_FORMAT, consent ");
}

BOOST_AUTO_TEST_CASE(optional_fields_must_not_be_empty_strings)
{
    BOOST_TEST(
        complaints(wire::encode(
            operation::register_account,
            register_request("2000-01-31", true).with_email("").with_username("").with_global_name(""))) ==
        "email INVALID_FORMAT, username INVALID_FORMAT, global_name INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(suggestions_ask_by_display_name)
{
    BOOST_TEST(
        body_of(wire::encode(operation::get_username_suggestions, username_suggestions_request("Max"))) ==
        R"({"global_name":"Max"})");
    BOOST_TEST(decoded<username_suggestions>(R"({"suggestions":["a",1,"b"]})")->suggestions.size() == 2u);
    BOOST_TEST(decoded<username_suggestions>(R"({"suggestions":[]})")->suggestions.empty());
    BOOST_TEST(problem_of<username_suggestions>("{}") == "`suggestions` is missing");
    BOOST_TEST(
        problem_of<username_suggestions>(R"({"suggestions":{}})") ==
        "`suggestions` is not what it has to be");
}

BOOST_AUTO_TEST_CASE(a_token_result_is_a_session)
{
    auto const result = decoded<login_result>(R"({"token":"flx_x","user_id":"123","user":{"id":"123"}})");
    auto const& made = std::get<session>(result.value());
    BOOST_TEST(made.token.reveal() == "flx_x");
    BOOST_TEST(made.user_id == snowflake("123"));
}

BOOST_AUTO_TEST_CASE(ids_may_be_numbers)
{
    auto const id = [](std::string const& text) {
        auto const made = decoded<session>(R"({"token":"t","user_id":)" + text + "}");
        return made ? made->user_id.str() : "refused";
    };
    BOOST_TEST(id("1234") == "1234");
    BOOST_TEST(id("0") == "0");
    BOOST_TEST(id("9223372036854775807") == "9223372036854775807");
    BOOST_TEST(id("18446744073709551615") == "18446744073709551615");
    BOOST_TEST(id("-1") == "refused");
    BOOST_TEST(id("1.5") == "refused");
    BOOST_TEST(id("18446744073709551616") == "refused");
}

BOOST_AUTO_TEST_CASE(a_session_names_what_it_lacks)
{
    BOOST_TEST(problem_of<session>(R"({"user_id":"1"})") == "`token` is missing");
    BOOST_TEST(problem_of<session>(R"({"token":null,"user_id":"1"})") == "`token` is missing");
    BOOST_TEST(problem_of<session>(R"({"token":7,"user_id":"1"})") == "`token` is not what it has to be");
    BOOST_TEST(problem_of<session>(R"({"token":"","user_id":"1"})") == "`token` is not what it has to be");
    BOOST_TEST(problem_of<session>(R"({"token":"t"})") == "`user_id` is missing");
    BOOST_TEST(problem_of<session>("[]") == "the answer is not a JSON object");
}

BOOST_AUTO_TEST_CASE(mfa_decides_even_beside_a_token)
{
    auto const result = decoded<login_result>(
        R"({"mfa":true,"ticket":"T","token":"t","user_id":"1","allowed_methods":["totp","new"],
            "sms_phone_hint":"****1234","sms":false,"totp":true,"webauthn":false,"backup_codes":true})");
    auto const& challenge = std::get<mfa_challenge>(result.value());
    BOOST_TEST(challenge.ticket.reveal() == "T");
    BOOST_TEST(challenge.allowed_methods.at(1) == "new");
    BOOST_TEST(challenge.sms_phone_hint.value() == "****1234");
    BOOST_TEST((challenge.totp && challenge.backup_codes && !challenge.sms && !challenge.webauthn));
}

BOOST_AUTO_TEST_CASE(absent_flags_follow_from_the_methods)
{
    auto const result = decoded<login_result>(
        R"({"mfa":true,"ticket":"T","allowed_methods":["webauthn","sms"],"sms":null,"sms_phone_hint":null})");
    auto const& challenge = std::get<mfa_challenge>(result.value());
    BOOST_TEST((challenge.sms && challenge.webauthn && !challenge.totp));
    BOOST_TEST(!challenge.sms_phone_hint.has_value());
    auto const bare = decoded<login_result>(R"({"mfa":true,"ticket":"T"})");
    BOOST_TEST(std::get<mfa_challenge>(bare.value()).allowed_methods.empty());
}

BOOST_AUTO_TEST_CASE(flags_that_are_there_win)
{
    auto const result =
        decoded<login_result>(R"({"mfa":true,"ticket":"T","allowed_methods":["totp"],"totp":false})");
    BOOST_TEST(!std::get<mfa_challenge>(result.value()).totp);
}

BOOST_AUTO_TEST_CASE(a_challenge_without_ticket_is_useless)
{
    BOOST_TEST(problem_of<login_result>(R"({"mfa":true})") == "`ticket` is missing");
}

BOOST_AUTO_TEST_CASE(mfa_that_is_not_true_is_no_challenge)
{
    for (auto const* mfa : {"false", "null", "1", "\"true\""})
        BOOST_TEST(std::holds_alternative<session>(
            decoded<login_result>(std::string(R"({"mfa":)") + mfa + R"(,"token":"t","user_id":"1"})")
                .value()));
}

BOOST_AUTO_TEST_CASE(other_objects_are_handed_on)
{
    auto const result = decoded<login_result>(R"({"ban_view_token":"x","ban_type":2})");
    auto const& body = std::get<other_answer>(result.value()).body;
    BOOST_TEST(body.at("ban_type").as_int64() == 2);
    // Not in the memory of the document, which is gone.
    BOOST_TEST(body.storage().get() == boost::json::storage_ptr().get());
    BOOST_TEST(body.at("ban_view_token").storage().get() == boost::json::storage_ptr().get());
    BOOST_TEST(std::holds_alternative<other_answer>(
        decoded<login_result>(R"({"registration_pending_approval":true,"user_id":"1"})").value()));
    BOOST_TEST(std::holds_alternative<other_answer>(decoded<login_result>("{}").value()));
    BOOST_TEST(std::holds_alternative<other_answer>(decoded<login_result>(R"({"token":"t"})").value()));
}

BOOST_AUTO_TEST_CASE(an_error_with_a_status_of_success_is_no_answer)
{
    BOOST_TEST(
        problem_of<login_result>(R"({"code":"X","message":"secret words"})") ==
        "an error came with a status of success");
    BOOST_TEST(problem_of<login_result>("[1]") == "the answer is not a JSON object");
    BOOST_TEST(problem_of<login_result>("null") == "the answer is not a JSON object");
}

BOOST_AUTO_TEST_SUITE_END()
