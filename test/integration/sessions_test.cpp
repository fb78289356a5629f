#include "support/fixture.hpp"
#include "support/passkey.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

constexpr char const* firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0";

class sessions_fixture : public api_fixture
{
public:
    sessions_fixture()
    {
        add_account();
        token = add_session();
    }

    std::vector<std::string> hashes() const { return server.sessions_of(email); }

    error sudo_error(logout_auth_sessions_request request, bool has_mfa)
    {
        auto e = fails(forgetful.logout_all_sessions(token, std::move(request)));
        check_failure(
            e, operation::logout_all_sessions,
            {errc::sudo_required, 403, api_code::sudo_mode_required, "SUDO_MODE_REQUIRED"});
        BOOST_REQUIRE(e.sudo());
        BOOST_TEST(e.sudo()->has_mfa == has_mfa);
        return e;
    }

    secret token;
    /// Each call of it has to prove itself.
    client forgetful = make_client(options().with_remember_sudo(false));
};

logout_auth_sessions_request nothing()
{
    return logout_auth_sessions_request(std::vector<std::string>());
}

BOOST_FIXTURE_TEST_SUITE(sessions, sessions_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(lists_what_the_server_knows_of_a_session)
{
    auto chosen = options();
    chosen.user_agent = firefox;
    auto browser = make_client(chosen);
    server.advance_clock(1s);
    auto const mine = session_in(ok(browser.login_user({email, password})));
    chosen.user_agent = "fluxer-auth/0.1";
    chosen.platform = "desktop";
    auto desktop = make_client(chosen);
    server.advance_clock(1s);
    auto const other = session_in(ok(desktop.login_user({email, password})));

    server.advance_clock(1s);
    auto const found = ok(api.list_auth_sessions(mine.token));
    BOOST_REQUIRE(found.size() == 3U);
    // Newest use first: the list itself is one.
    BOOST_TEST((found[0].id_hash == session_id_hash(mine.token)));
    BOOST_TEST((found[1].id_hash == session_id_hash(other.token)));
    BOOST_TEST((found[2].id_hash == session_id_hash(token)));
    for (auto const& one : found) {
        BOOST_TEST(one.id_hash.size() == 43U);
        BOOST_TEST(!one.current);
        BOOST_TEST(!one.masked_ip.has_value());
        BOOST_REQUIRE(one.approx_last_used_at.has_value());
        BOOST_TEST((*one.approx_last_used_at <= server.now()));
        BOOST_TEST((*one.approx_last_used_at > server.now() - 1min));
        BOOST_REQUIRE(one.client_info.has_value());
        BOOST_TEST(!one.client_info->browser.has_value());
        BOOST_TEST(!one.client_info->location.has_value());
    }
    BOOST_TEST((*found[0].approx_last_used_at > *found[1].approx_last_used_at));
    BOOST_TEST(found[0].client_info->platform.value_or("") == "Firefox");
    BOOST_TEST(found[0].client_info->os.value_or("") == "Linux");
    BOOST_TEST(found[1].client_info->platform.value_or("") == "Fluxer Desktop");
    BOOST_TEST(found[1].client_info->os.value_or("") == "Unknown");
}

BOOST_AUTO_TEST_CASE(a_list_needs_a_users_session)
{
    check_failure(
        fails(api.list_auth_sessions("flx_unknown")), operation::list_auth_sessions,
        {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
    refused(api.list_auth_sessions(""), operation::list_auth_sessions, {{"token", "INVALID_FORMAT"}});
    refused(
        api.list_auth_sessions(secret("Bot " + server.create_bot_token(email))),
        operation::list_auth_sessions, {{"token", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(other_credentials_are_denied)
{
    // Operations send a token as it is, so the prefix comes by the door for everything else.
    for (auto const& credential :
         {"Bot " + server.create_bot_token(email), "Bearer " + server.create_oauth_token(email)}) {
        for (auto const* target : {"/auth/sessions", "/auth/verify/resend", "/auth/sessions/logout"}) {
            raw_request request(std::string_view(target) == "/auth/sessions" ? "GET" : "POST", target);
            request.token = secret(credential);
            auto const answer = ok(api.send(request));
            BOOST_TEST(answer.status == 403);
            auto const body = boost::json::parse(answer.body.reveal());
            BOOST_TEST(body.as_object().at("code").as_string() == "ACCESS_DENIED");
        }
    }
}

BOOST_AUTO_TEST_CASE(suspicious_accounts_may_list_but_not_end)
{
    server.set_suspicious(email, 5);
    BOOST_TEST(ok(api.list_auth_sessions(token)).size() == 1U);
    auto const e = fails(api.logout_all_sessions(token, nothing().with_password(password)));
    check_failure(
        e, operation::logout_all_sessions,
        {errc::forbidden, 403, api_code::account_suspicious_activity, "ACCOUNT_SUSPICIOUS_ACTIVITY"});
    BOOST_TEST(e.info().suspicious_activity_flags.value_or(0) == 5U);
}

BOOST_AUTO_TEST_CASE(ends_exactly_the_listed_sessions)
{
    auto const second = add_session();
    auto const third = add_session();
    std::vector<std::string> const chosen{session_id_hash(second), "unknown"};
    ok(api.logout_all_sessions(token, logout_auth_sessions_request(chosen).with_password(password)));
    BOOST_TEST(server.is_session(token.reveal()));
    BOOST_TEST(!server.is_session(second.reveal()));
    BOOST_TEST(server.is_session(third.reveal()));
    ok(api.logout_all_sessions(token, nothing().with_password(password)));
    BOOST_TEST(hashes().size() == 2U);
    // The caller's own is no exception.
    ok(api.logout_all_sessions(token, logout_auth_sessions_request(hashes()).with_password(password)));
    BOOST_TEST(hashes().empty());
    check_failure(
        fails(api.logout_all_sessions(token, nothing())), operation::logout_all_sessions,
        {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
}

BOOST_AUTO_TEST_CASE(an_account_without_mfa_proves_itself_by_password)
{
    sudo_error(nothing(), false);
    check_rejection(
        fails(api.logout_all_sessions(token, nothing().with_password(other_password))),
        operation::logout_all_sessions, {{"password", "INVALID_PASSWORD"}});
}

BOOST_AUTO_TEST_CASE(an_unclaimed_account_proves_nothing)
{
    auto const made = session_in(ok(api.register_account({"1990-01-31", true})));
    ok(api.logout_all_sessions(made.token, nothing()));
    check_rejection(
        fails(api.logout_all_sessions(made.token, nothing().with_password(password))),
        operation::logout_all_sessions, {{"password", "PASSWORD_NOT_SET"}});
}

BOOST_AUTO_TEST_CASE(an_account_with_mfa_proves_itself_by_a_code)
{
    secret const key(server.enable_totp(email));
    auto const code = [&] { return *totp_code(key, server.now()); };
    sudo_error(nothing(), true);
    // A password is not looked at.
    sudo_error(nothing().with_password(password), true);
    sudo_error(nothing().with_password(other_password), true);
    check_rejection(
        fails(forgetful.logout_all_sessions(token, nothing().with_mfa_code("totp", "hello"))),
        operation::logout_all_sessions, {{"mfa_code", "INVALID_MFA_CODE"}});
    auto const used = code();
    ok(forgetful.logout_all_sessions(token, nothing().with_mfa_code("totp", used)));
    check_rejection(
        fails(forgetful.logout_all_sessions(token, nothing().with_mfa_code("totp", used))),
        operation::logout_all_sessions, {{"mfa_code", "INVALID_MFA_CODE"}});
    server.advance_clock(31s);
    ok(forgetful.logout_all_sessions(token, nothing().with_mfa_code("totp", code())));
    ok(forgetful.logout_all_sessions(
        token, nothing().with_mfa_code("totp", server.add_backup_codes(email).front())));
}

BOOST_AUTO_TEST_CASE(an_account_with_sms_proves_itself_by_a_sent_code)
{
    server.enable_sms(email, "+15550001234");
    sudo_error(nothing(), true);
    raw_request send("POST", "/users/@me/sudo/mfa/sms/send");
    send.token = token;
    BOOST_TEST(ok(api.send(send)).status == 204);
    ok(api.logout_all_sessions(token, nothing().with_mfa_code("sms", server.last_sms(email).value())));
}

BOOST_AUTO_TEST_CASE(an_account_with_a_passkey_proves_itself_by_it)
{
    passkey const key;
    server.add_passkey(email, key.credential_id(), key.public_key());
    auto const challenge_text = [&] {
        raw_request ask("POST", "/users/@me/sudo/webauthn/authentication-options");
        ask.token = token;
        auto const answer = ok(api.send(ask));
        BOOST_REQUIRE(answer.status == 200);
        auto const options = boost::json::parse(answer.body.reveal());
        return std::string(options.as_object().at("challenge").as_string());
    };
    auto const first = challenge_text();
    ok(forgetful.logout_all_sessions(token, nothing().with_webauthn(key.sign(first), first)));
    check_rejection(
        fails(forgetful.logout_all_sessions(token, nothing().with_webauthn(key.sign(first), first))),
        operation::logout_all_sessions, {{"mfa_code", "INVALID_MFA_CODE"}});
}

BOOST_AUTO_TEST_CASE(a_sudo_token_spares_the_proof_for_five_minutes)
{
    secret const key(server.enable_totp(email));
    // Only the door for everything else shows the answer's headers.
    raw_request prove("POST", "/auth/sessions/logout");
    prove.token = token;
    prove.body = secret(
        R"({"session_id_hashes":[],"mfa_method":"totp","mfa_code":")" +
        std::string(totp_code(key, server.now())->reveal()) + "\"}");
    auto const answer = ok(forgetful.send(prove));
    BOOST_REQUIRE(answer.status == 204);
    secret const sudo(answer.header_value("x-fluxer-sudo-mode-jwt"));
    BOOST_REQUIRE(!sudo.empty());
    ok(forgetful.logout_all_sessions(token, nothing(), call_options().with_sudo_token(sudo)));
    ok(forgetful.logout_all_sessions(token, nothing(), call_options().with_sudo_token(sudo)));
    sudo_error(nothing(), true);
    server.advance_clock(5min);
    auto const late =
        fails(forgetful.logout_all_sessions(token, nothing(), call_options().with_sudo_token(sudo)));
    BOOST_TEST(late.code() == make_error_code(errc::sudo_required));
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_is_not_sent)
{
    refused(
        api.logout_all_sessions("", nothing().with_password("short")), operation::logout_all_sessions,
        {{"token", "INVALID_FORMAT"}, {"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.logout_all_sessions(token, logout_auth_sessions_request(std::vector<std::string>(101, "h"))),
        operation::logout_all_sessions, {{"session_id_hashes", "INVALID_FORMAT"}});
    std::vector<std::string> const bad{"", std::string(257, 'h')};
    refused(
        api.logout_all_sessions(token, logout_auth_sessions_request(bad)), operation::logout_all_sessions,
        {{"session_id_hashes.0", "INVALID_FORMAT"}, {"session_id_hashes.1", "STRING_LENGTH_INVALID"}});
    refused(
        api.logout_all_sessions(token, nothing().with_mfa_code("mail", std::string(33, '1'))),
        operation::logout_all_sessions,
        {{"mfa_method", "INVALID_FORMAT"}, {"mfa_code", "STRING_LENGTH_INVALID"}});
    refused(
        api.logout_all_sessions(token, nothing().with_webauthn(nullptr, "")), operation::logout_all_sessions,
        {{"webauthn_response", "INVALID_FORMAT"}, {"webauthn_challenge", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(a_hundred_sessions_end_at_once)
{
    for (int i = 0; i < 99; ++i)
        add_session();
    BOOST_TEST(hashes().size() == 100U);
    BOOST_TEST(ok(api.list_auth_sessions(token)).size() == 100U);
    ok(api.logout_all_sessions(token, logout_auth_sessions_request(hashes()).with_password(password)));
    BOOST_TEST(hashes().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
