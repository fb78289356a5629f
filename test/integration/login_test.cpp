#include "support/fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
namespace utf = boost::unit_test;

BOOST_FIXTURE_TEST_SUITE(login, api_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(makes_a_session)
{
    auto const id = add_account();
    auto const made = session_in(ok(api.login_user({email, password})));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == snowflake(id));
    BOOST_TEST(server.is_session(made.token.reveal()));
    BOOST_TEST(server.sessions_of(email).size() == 1U);
    BOOST_TEST((server.sessions_of(email)[0] == session_id_hash(made.token)));
}

BOOST_AUTO_TEST_CASE(the_addresss_case_does_not_matter)
{
    add_account();
    ok(api.login_user({"ADA@Example.COM", password}));
    ok(api.login_user(login_request(email, password).with_invite_code("code")));
    ok(api.login_user(login_request(email, password).with_invite_code("")));
    BOOST_TEST(server.sessions_of(email).size() == 3U);
}

BOOST_AUTO_TEST_CASE(wrong_credentials_name_both_fields)
{
    add_account();
    field_list const both{{"email", "INVALID_EMAIL_OR_PASSWORD"}, {"password", "INVALID_EMAIL_OR_PASSWORD"}};
    check_rejection(fails(api.login_user({email, other_password})), operation::login_user, both);
    check_rejection(fails(api.login_user({"nobody@example.com", password})), operation::login_user, both);
    BOOST_TEST(server.sessions_of(email).empty());
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_is_not_sent)
{
    refused(
        api.login_user({email, "short"}), operation::login_user, {{"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.login_user({email, std::string(257, 'x')}), operation::login_user,
        {{"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.login_user({"", ""}), operation::login_user,
        {{"email", "INVALID_FORMAT"}, {"password", "INVALID_FORMAT"}});
    refused(
        api.login_user({"ada@localhost", password}), operation::login_user,
        {{"email", "INVALID_EMAIL_FORMAT"}});
    refused(
        api.login_user({"\xC3\xA4@example.com", password}), operation::login_user,
        {{"email", "INVALID_EMAIL_LOCAL_PART"}});
    refused(
        api.login_user({std::string(250, 'a') + "@b.de", password}), operation::login_user,
        {{"email", "EMAIL_LENGTH_INVALID"}});
    refused(
        api.login_user(login_request(email, password).with_invite_code(std::string(257, 'i'))),
        operation::login_user, {{"invite_code", "STRING_LENGTH_INVALID"}});
}

BOOST_AUTO_TEST_CASE(what_breaks_an_options_rule_is_not_sent)
{
    auto const before = requests();
    auto const e = fails(api.login_user({email, password}, call_options().with_header("a b", "c")));
    BOOST_TEST(e.code() == make_error_code(errc::invalid_request));
    BOOST_TEST(!e.message().empty());
    BOOST_TEST(!e.request_was_sent());
    auto const late = fails(api.login_user({email, password}, call_options(milliseconds(0))));
    BOOST_TEST(late.code() == make_error_code(errc::timed_out));
    BOOST_TEST((late.code() == condition::timeout));
    BOOST_TEST(!late.request_was_sent());
    BOOST_TEST((late.limit() == milliseconds(0)));
    BOOST_TEST(requests() == before);
}

BOOST_AUTO_TEST_CASE(suspended_accounts_are_refused)
{
    add_account();
    server.set_suspended(email, sandbox_suspension::temporary);
    check_failure(
        fails(api.login_user({email, password})), operation::login_user,
        {errc::suspended, 403, api_code::account_suspended_temporarily, "ACCOUNT_SUSPENDED_TEMPORARILY"});
    server.set_suspended(email, sandbox_suspension::permanent);
    check_failure(
        fails(api.login_user({email, password})), operation::login_user,
        {errc::suspended, 403, api_code::account_suspended_permanently, "ACCOUNT_SUSPENDED_PERMANENTLY"});
    server.set_suspended(email, sandbox_suspension::none);
    ok(api.login_user({email, password}));
}

BOOST_AUTO_TEST_CASE(bots_are_refused)
{
    add_account();
    server.set_bot(email, true);
    check_failure(
        fails(api.login_user({email, password})), operation::login_user,
        {errc::forbidden, 403, api_code::bot_user_auth_endpoint_access_denied,
         "BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED"});
}

BOOST_AUTO_TEST_CASE(an_account_without_password_breaks_the_server)
{
    server.create_account(sandbox_account(email, ""));
    auto const e = fails(api.login_user({email, password}));
    check_failure(
        e, operation::login_user,
        {errc::server_error, 500, api_code::internal_server_error, "INTERNAL_SERVER_ERROR"});
    BOOST_TEST((e.advice() == retry_advice::may_have_run));
}

BOOST_AUTO_TEST_CASE(a_challenge_has_all_its_fields)
{
    add_account();
    server.enable_totp(email);
    auto const totp_only = challenge();
    BOOST_TEST(looks_like_ticket(totp_only.ticket));
    BOOST_TEST((totp_only.allowed_methods == std::vector<std::string>{"totp"}));
    BOOST_TEST(!totp_only.sms_phone_hint.has_value());
    BOOST_TEST(totp_only.totp);
    BOOST_TEST(!totp_only.sms);
    BOOST_TEST(!totp_only.webauthn);
    BOOST_TEST(!totp_only.backup_codes);

    server.enable_sms(email, "+15550001234");
    auto const both = challenge();
    BOOST_TEST((both.allowed_methods == std::vector<std::string>{"totp", "sms"}));
    BOOST_TEST(both.sms_phone_hint.value_or("") == "****1234");
    BOOST_TEST(both.sms);
    BOOST_TEST(!(both.ticket == totp_only.ticket));
    BOOST_TEST(server.sessions_of(email).empty());
}

BOOST_AUTO_TEST_CASE(an_account_with_mfa_needs_no_ip_authorization)
{
    add_account();
    server.enable_totp(email);
    server.set_client_ip(other_ip);
    challenge();
    BOOST_TEST(server.outbox().empty());
}

BOOST_AUTO_TEST_CASE(captchas_are_asked_for)
{
    add_account();
    server.set_captcha(true);
    auto const none = fails(api.login_user({email, password}));
    check_failure(
        none, operation::login_user,
        {errc::captcha_required, 400, api_code::captcha_required, "CAPTCHA_REQUIRED"});
    BOOST_REQUIRE(none.captcha());
    BOOST_TEST(none.captcha()->provider.empty());
    BOOST_TEST(none.captcha()->challenge.empty());
    auto const wrong =
        fails(api.login_user({email, password}, call_options().with_captcha(captcha_proof("bad-token"))));
    check_failure(
        wrong, operation::login_user,
        {errc::captcha_invalid, 400, api_code::invalid_captcha, "INVALID_CAPTCHA"});
    BOOST_TEST(server.sessions_of(email).empty());
    ok(api.login_user(
        {email, password}, call_options().with_captcha(captcha_proof("good-token", "hcaptcha"))));
    // Without the switch nobody looks at the headers.
    server.set_captcha(false);
    ok(api.login_user({email, password}, call_options().with_captcha(captcha_proof("bad-token"))));
}

BOOST_AUTO_TEST_CASE(the_messages_language_can_be_chosen)
{
    server.set_captcha(true);
    auto german = options();
    german.accept_language = "de";
    auto speaker = make_client(german);
    BOOST_TEST(fails(speaker.login_user({email, password})).message() == "Captcha ist erforderlich.");
    call_options english;
    english.accept_language = "en-US";
    BOOST_TEST(fails(speaker.login_user({email, password}, english)).message() == "Captcha is required.");
}

BOOST_AUTO_TEST_CASE(logout_ends_the_session_of_the_token)
{
    add_account();
    auto const token = add_session();
    auto const other = add_session();
    ok(api.logout_user(token));
    BOOST_TEST(!server.is_session(token.reveal()));
    BOOST_TEST(server.is_session(other.reveal()));
    // The server answers alike for tokens that it doesn't know.
    ok(api.logout_user(token));
    ok(api.logout_user("flx_unknown"));
    BOOST_TEST(requests_of(operation::logout_user) >= 3U);
    check_failure(
        fails(api.list_auth_sessions(token)), operation::list_auth_sessions,
        {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_a_header_is_not_sent)
{
    constexpr auto logout = operation::logout_user;
    refused(api.logout_user(""), logout, {{"token", "INVALID_FORMAT"}});
    refused(api.logout_user("flx_a b"), logout, {{"token", "INVALID_FORMAT"}});
    refused(api.logout_user("flx_a\r\nX-Evil: 1"), logout, {{"token", "INVALID_FORMAT"}});
    refused(api.logout_user(std::string(513, 'x')), logout, {{"token", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
