#include "support/fixture.hpp"
#include "support/passkey.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

constexpr char const* new_email = "ada.lovelace@example.org";

class email_fixture : public api_fixture
{
public:
    /// The token in the newest mail, taken from its link as a user's program does.
    secret mailed(std::string_view kind, std::string_view to = email) const
    {
        auto const mail = server.last_mail(to, kind);
        BOOST_REQUIRE(mail.has_value());
        auto token = token_from_link(mail->link);
        BOOST_REQUIRE(token.has_value());
        BOOST_TEST((*token == secret(mail->token)));
        return *token;
    }

    /// Registers, which mails a token for verification.
    session registered()
    {
        return session_in(ok(api.register_account(
            register_request("1990-01-31", true).with_email(email).with_password(password))));
    }
};

secret unknown_token()
{
    return std::string(64, 'x');
}

BOOST_FIXTURE_TEST_SUITE(email_and_password, email_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_mailed_token_verifies_once)
{
    registered();
    auto const token = mailed("verify");
    BOOST_TEST(looks_like_ticket(token));
    ok(api.verify_email({token}));
    field_list const spent{{"token", "INVALID_OR_EXPIRED_VERIFICATION_TOKEN"}};
    check_rejection(fails(api.verify_email({token})), operation::verify_email, spent);
    check_rejection(fails(api.verify_email({unknown_token()})), operation::verify_email, spent);
}

BOOST_AUTO_TEST_CASE(a_verification_token_lives_a_day)
{
    registered();
    server.advance_clock(24h);
    check_rejection(
        fails(api.verify_email({mailed("verify")})), operation::verify_email,
        {{"token", "INVALID_OR_EXPIRED_VERIFICATION_TOKEN"}});
}

BOOST_AUTO_TEST_CASE(tokens_of_other_lengths_are_not_sent)
{
    field_list const length{{"token", "STRING_LENGTH_EXACT"}};
    refused(api.verify_email({std::string(63, 'x')}), operation::verify_email, length);
    refused(api.verify_email({std::string(65, 'x')}), operation::verify_email, length);
    refused(api.verify_email({""}), operation::verify_email, {{"token", "INVALID_FORMAT"}});
    refused(api.reset_password({std::string(63, 'x'), other_password}), operation::reset_password, length);
    refused(
        api.reset_password({unknown_token(), "short"}), operation::reset_password,
        {{"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.revert_email_change({std::string(65, 'x'), "short"}), operation::revert_email_change,
        {{"token", "STRING_LENGTH_EXACT"}, {"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.forgot_password("ada@localhost"), operation::forgot_password,
        {{"email", "INVALID_EMAIL_FORMAT"}});
    refused(
        api.resend_verification_email(""), operation::resend_verification_email,
        {{"token", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(a_verification_mail_comes_again)
{
    auto const made = registered();
    auto const first = mailed("verify");
    ok(api.resend_verification_email(made.token));
    auto const second = mailed("verify");
    BOOST_TEST(!(first == second));
    BOOST_TEST(server.outbox(email).size() == 2U);
    // Earlier mails stay good.
    ok(api.verify_email({first}));
    ok(api.resend_verification_email(made.token));
    BOOST_TEST(server.outbox(email).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_verification_mail_needs_a_users_session)
{
    check_failure(
        fails(api.resend_verification_email("flx_unknown")), operation::resend_verification_email,
        {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
    auto const unclaimed = session_in(ok(api.register_account({"1990-01-31", true})));
    check_failure(
        fails(api.resend_verification_email(unclaimed.token)), operation::resend_verification_email,
        {errc::server_error, 500, api_code::internal_server_error, "INTERNAL_SERVER_ERROR"});
    add_account();
    // Blanks are no part of a session token, so other credentials can't be sent by an operation.
    refused(
        api.resend_verification_email(secret("Bearer " + server.create_oauth_token(email))),
        operation::resend_verification_email, {{"token", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(a_suspicious_account_may_still_verify)
{
    auto const made = registered();
    server.set_suspicious(email, 3);
    ok(api.resend_verification_email(made.token));
}

BOOST_AUTO_TEST_CASE(a_reset_link_is_mailed_to_those_who_have_an_account)
{
    add_account();
    ok(api.forgot_password(email));
    BOOST_TEST(server.last_mail(email, "reset").has_value());
    ok(api.forgot_password("nobody@example.com"));
    BOOST_TEST(server.outbox().size() == 1U);
    check_rejection(
        fails(api.forgot_password("ada@example.invalid")), operation::forgot_password,
        {{"email", "INVALID_EMAIL_ADDRESS"}});
}

BOOST_AUTO_TEST_CASE(forgot_may_want_a_captcha)
{
    add_account();
    server.set_captcha(true);
    check_failure(
        fails(api.forgot_password(email)), operation::forgot_password,
        {errc::captcha_required, 400, api_code::captcha_required, "CAPTCHA_REQUIRED"});
    check_failure(
        fails(api.forgot_password(email, call_options().with_captcha(captcha_proof("bad")))),
        operation::forgot_password,
        {errc::captcha_invalid, 400, api_code::invalid_captcha, "INVALID_CAPTCHA"});
    ok(api.forgot_password(email, call_options().with_captcha(captcha_proof("good-token", "turnstile"))));
}

BOOST_AUTO_TEST_CASE(a_reset_changes_the_password_and_ends_all_sessions)
{
    auto const id = add_account();
    auto const old = add_session();
    ok(api.forgot_password(email));
    auto const token = mailed("reset");
    auto const made = session_in(ok(api.reset_password({token, other_password})));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == snowflake(id));
    BOOST_TEST(server.is_session(made.token.reveal()));
    BOOST_TEST(!server.is_session(old.reveal()));
    ok(api.login_user({email, other_password}));
    fails(api.login_user({email, password}));
    field_list const spent{{"token", "INVALID_OR_EXPIRED_RESET_TOKEN"}};
    check_rejection(fails(api.reset_password({token, password})), operation::reset_password, spent);
    check_rejection(fails(api.reset_password({unknown_token(), password})), operation::reset_password, spent);
}

BOOST_AUTO_TEST_CASE(a_refused_password_does_not_use_the_token_up)
{
    add_account();
    ok(api.forgot_password(email));
    auto const token = mailed("reset");
    check_rejection(
        fails(api.reset_password({token, "password123"})), operation::reset_password,
        {{"password", "PASSWORD_IS_TOO_COMMON"}});
    ok(api.reset_password({token, other_password}));
}

BOOST_AUTO_TEST_CASE(a_reset_token_lives_an_hour)
{
    add_account();
    ok(api.forgot_password(email));
    server.advance_clock(1h);
    check_rejection(
        fails(api.reset_password({mailed("reset"), other_password})), operation::reset_password,
        {{"token", "INVALID_OR_EXPIRED_RESET_TOKEN"}});
}

BOOST_AUTO_TEST_CASE(a_reset_of_an_account_with_mfa_ends_in_a_challenge)
{
    auto const id = add_account();
    secret const key(server.enable_totp(email));
    ok(api.forgot_password(email));
    auto answer = ok(api.reset_password({mailed("reset"), other_password}));
    auto* const asked = std::get_if<mfa_challenge>(&answer);
    BOOST_REQUIRE(asked);
    BOOST_TEST(looks_like_ticket(asked->ticket));
    BOOST_TEST(asked->totp);
    auto const made = ok(api.login_with_totp({*totp_code(key, server.now()), asked->ticket}));
    BOOST_TEST(made.user_id == snowflake(id));
}

BOOST_AUTO_TEST_CASE(suspended_accounts_can_neither_reset_nor_revert)
{
    add_account();
    ok(api.forgot_password(email));
    auto const token = mailed("reset");
    server.start_email_change(email, new_email);
    server.set_suspended(new_email, sandbox_suspension::permanent);
    api_failure const suspended{
        errc::suspended, 403, api_code::account_suspended_permanently, "ACCOUNT_SUSPENDED_PERMANENTLY"};
    check_failure(fails(api.reset_password({token, other_password})), operation::reset_password, suspended);
    check_failure(
        fails(api.revert_email_change({mailed("email_revert"), other_password})),
        operation::revert_email_change, suspended);
}

BOOST_AUTO_TEST_CASE(a_change_of_address_is_taken_back)
{
    auto const id = add_account();
    auto const thief = add_session();
    passkey const key;
    server.add_passkey(email, key.credential_id(), key.public_key());
    server.enable_totp(email);
    server.start_email_change(email, new_email);
    auto const token = mailed("email_revert");
    auto const made = session_in(ok(api.revert_email_change({token, other_password})));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == snowflake(id));
    BOOST_TEST(server.is_session(made.token.reveal()));
    BOOST_TEST(!server.is_session(thief.reveal()));
    BOOST_TEST(server.user_id_of(email).value_or("") == id);
    BOOST_TEST(!server.user_id_of(new_email).has_value());
    // MFA and authorised addresses are gone with it.
    auto const e = fails(api.login_user({email, other_password}));
    BOOST_TEST(e.code() == make_error_code(errc::ip_authorization_required));
    check_rejection(
        fails(api.revert_email_change({token, password})), operation::revert_email_change,
        {{"token", "INVALID_OR_EXPIRED_REVERT_TOKEN"}});
}

BOOST_AUTO_TEST_CASE(a_revert_token_lives_two_days)
{
    add_account();
    server.start_email_change(email, new_email);
    auto const token = mailed("email_revert");
    check_rejection(
        fails(api.revert_email_change({token, "qwertyuiop"})), operation::revert_email_change,
        {{"password", "PASSWORD_IS_TOO_COMMON"}});
    server.advance_clock(48h);
    check_rejection(
        fails(api.revert_email_change({token, other_password})), operation::revert_email_change,
        {{"token", "INVALID_OR_EXPIRED_REVERT_TOKEN"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
