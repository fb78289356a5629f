#include "support/fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

class mfa_fixture : public api_fixture
{
public:
    mfa_fixture()
        : user_id(add_account())
    {}

    void use_totp() { key = secret(server.enable_totp(email)); }

    void use_sms() { server.enable_sms(email, "+15550001234"); }

    /// As an authenticator app makes it, by the server's clock.
    secret code() const { return totp_code(key, server.now()).value(); }

    /// A code that is not right now, nor a moment ago.
    secret wrong_code() const
    {
        std::string text(code().reveal());
        text[0] = static_cast<char>('0' + (text[0] - '0' + 5) % 10);
        return text;
    }

    snowflake const user_id;
    secret key;
};

BOOST_FIXTURE_TEST_SUITE(mfa, mfa_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_code_of_the_app_logs_in)
{
    use_totp();
    BOOST_TEST((code() == secret(server.totp_code(email))));
    auto const asked = challenge();
    auto const made = ok(api.login_with_totp({code(), asked.ticket}));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == user_id);
    BOOST_TEST(server.is_session(made.token.reveal()));
    // The ticket has ended with it.
    server.advance_clock(31s);
    check_rejection(
        fails(api.login_with_totp({code(), asked.ticket})), operation::login_with_totp, {{"code", ""}});
}

BOOST_AUTO_TEST_CASE(a_wrong_code_leaves_the_ticket_good)
{
    use_totp();
    auto const asked = challenge();
    check_rejection(
        fails(api.login_with_totp({wrong_code(), asked.ticket})), operation::login_with_totp, {{"code", ""}});
    check_rejection(
        fails(api.login_with_totp({"hello", asked.ticket})), operation::login_with_totp, {{"code", ""}});
    ok(api.login_with_totp({code(), asked.ticket}));
}

BOOST_AUTO_TEST_CASE(a_code_works_once)
{
    use_totp();
    auto const used = code();
    auto const first = challenge();
    ok(api.login_with_totp({used, first.ticket}));
    auto const second = challenge();
    check_rejection(
        fails(api.login_with_totp({used, second.ticket})), operation::login_with_totp, {{"code", ""}});
    server.advance_clock(31s);
    ok(api.login_with_totp({code(), second.ticket}));
}

BOOST_AUTO_TEST_CASE(a_backup_code_works_once)
{
    use_totp();
    secret const backup(server.add_backup_codes(email).at(3));
    auto const first = challenge();
    auto const made = ok(api.login_with_totp({backup, first.ticket}));
    BOOST_TEST(made.user_id == user_id);
    auto const second = challenge();
    check_rejection(
        fails(api.login_with_totp({backup, second.ticket})), operation::login_with_totp, {{"code", ""}});
}

BOOST_AUTO_TEST_CASE(a_ticket_lives_five_minutes)
{
    use_totp();
    auto const asked = challenge();
    server.advance_clock(4min + 50s);
    auto const late = challenge();
    server.advance_clock(11s);
    check_rejection(
        fails(api.login_with_totp({code(), asked.ticket})), operation::login_with_totp, {{"code", ""}});
    ok(api.login_with_totp({code(), late.ticket}));
    check_rejection(
        fails(api.login_with_totp({code(), "unknown"})), operation::login_with_totp, {{"code", ""}});
}

BOOST_AUTO_TEST_CASE(an_account_without_totp_takes_no_codes)
{
    use_sms();
    auto const asked = challenge();
    check_rejection(
        fails(api.login_with_totp({"123456", asked.ticket})), operation::login_with_totp, {{"code", ""}});
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_is_not_sent)
{
    refused(
        api.login_with_totp({"", ""}), operation::login_with_totp,
        {{"code", "INVALID_FORMAT"}, {"ticket", "INVALID_FORMAT"}});
    refused(
        api.login_with_totp({std::string(257, '1'), "ticket"}), operation::login_with_totp,
        {{"code", "STRING_LENGTH_INVALID"}});
    refused(
        api.login_with_sms_mfa({"123456", std::string(257, 't')}), operation::login_with_sms_mfa,
        {{"ticket", "STRING_LENGTH_INVALID"}});
    refused(
        api.login_with_sms_mfa({"   ", "ticket"}), operation::login_with_sms_mfa,
        {{"code", "STRING_LENGTH_INVALID"}});
    refused(api.send_sms_mfa_code({""}), operation::send_sms_mfa_code, {{"ticket", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(a_code_sent_by_sms_logs_in)
{
    use_sms();
    auto const asked = challenge();
    BOOST_TEST(asked.sms);
    BOOST_TEST(!server.last_sms(email).has_value());
    ok(api.send_sms_mfa_code({asked.ticket}));
    secret const sent(server.last_sms(email).value());
    auto wrong = std::string(sent.reveal());
    wrong[5] = wrong[5] == '0' ? '1' : '0';
    check_rejection(
        fails(api.login_with_sms_mfa({wrong, asked.ticket})), operation::login_with_sms_mfa, {{"code", ""}});
    auto const made = ok(api.login_with_sms_mfa({sent, asked.ticket}));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == user_id);
    BOOST_TEST(server.is_session(made.token.reveal()));

    auto const again = challenge();
    check_rejection(
        fails(api.login_with_sms_mfa({sent, again.ticket})), operation::login_with_sms_mfa, {{"code", ""}});
}

BOOST_AUTO_TEST_CASE(a_new_sms_replaces_the_one_before)
{
    use_sms();
    auto const asked = challenge();
    ok(api.send_sms_mfa_code(asked.ticket));
    secret const first(server.last_sms(email).value());
    ok(api.send_sms_mfa_code(asked.ticket));
    secret const second(server.last_sms(email).value());
    if (!(first == second))
        check_rejection(
            fails(api.login_with_sms_mfa({first, asked.ticket})), operation::login_with_sms_mfa,
            {{"code", ""}});
    ok(api.login_with_sms_mfa({second, asked.ticket}));
}

BOOST_AUTO_TEST_CASE(an_sms_needs_a_ticket_a_phone_and_the_method)
{
    use_totp();
    auto const asked = challenge();
    check_rejection(
        fails(api.send_sms_mfa_code({"unknown"})), operation::send_sms_mfa_code, {{"ticket", ""}});
    check_rejection(
        fails(api.login_with_sms_mfa({"123456", "unknown"})), operation::login_with_sms_mfa, {{"code", ""}});
    api_failure const off{errc::rejected, 400, api_code::sms_mfa_not_enabled, "SMS_MFA_NOT_ENABLED"};
    check_failure(fails(api.send_sms_mfa_code({asked.ticket})), operation::send_sms_mfa_code, off);
    check_failure(
        fails(api.login_with_sms_mfa({"123456", asked.ticket})), operation::login_with_sms_mfa, off);
    server.enable_sms(email, "");
    check_failure(
        fails(api.send_sms_mfa_code({asked.ticket})), operation::send_sms_mfa_code,
        {errc::rejected, 400, api_code::phone_required_for_sms_mfa, "PHONE_REQUIRED_FOR_SMS_MFA"});
    server.advance_clock(5min);
    check_rejection(
        fails(api.send_sms_mfa_code({asked.ticket})), operation::send_sms_mfa_code, {{"ticket", ""}});
}

BOOST_AUTO_TEST_CASE(a_server_without_sms_service_says_so_late)
{
    use_sms();
    server.set_sms_service(false);
    auto const asked = challenge();
    ok(api.send_sms_mfa_code({asked.ticket}));
    BOOST_TEST(!server.last_sms(email).has_value());
    check_failure(
        fails(api.login_with_sms_mfa({"123456", asked.ticket})), operation::login_with_sms_mfa,
        {errc::rejected, 400, api_code::sms_verification_unavailable, "SMS_VERIFICATION_UNAVAILABLE"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
