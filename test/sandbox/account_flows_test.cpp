#include "served.hpp"

#include "core/encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

using namespace sandbox_test;
using namespace std::chrono_literals;

namespace {

boost::json::object registration(std::string_view address)
{
    return {
        {"email", address},
        {"username", "bob"},
        {"password", "correct-horse-9"},
        {"date_of_birth", "2000-01-01"},
        {"consent", true}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(account_flows, served)

BOOST_AUTO_TEST_CASE(register_and_verify)
{
    auto const made = client.post("/v1/auth/register", registration("bob@example.com"));
    BOOST_TEST(made.status == 200);
    BOOST_TEST(server.user_id_of("BOB@example.com").value() == made.text("user_id"));
    auto const token = server.last_mail("bob@example.com", "verify").value().token;
    BOOST_TEST(client.post("/v1/auth/verify", {{"token", token}}).status == 204);
    BOOST_TEST(
        client.post("/v1/auth/verify", {{"token", token}}).field_errors() ==
        "token:INVALID_OR_EXPIRED_VERIFICATION_TOKEN");
    BOOST_TEST(client.post("/v1/auth/register", registration("Bob@Example.com")).field_errors() == "email:-");
}

BOOST_AUTO_TEST_CASE(registrations_that_are_refused)
{
    auto const with = [&](std::string_view key, boost::json::value value) {
        auto body = registration("bob@example.com");
        body[key] = std::move(value);
        return client.post("/v1/auth/register", body).field_errors();
    };
    BOOST_TEST(with("consent", false) == "consent:-");
    BOOST_TEST(with("date_of_birth", "2000-13-45") == "date_of_birth:-");
    BOOST_TEST(with("email", "x@nothing.invalid") == "email:INVALID_EMAIL_ADDRESS");
    BOOST_TEST(with("password", "password123") == "password:-");
    BOOST_TEST(with("invite_code", 5) == "invite_code:INVALID_FORMAT");
    BOOST_TEST(
        client.post("/v1/auth/register").field_errors() ==
        "date_of_birth:INVALID_FORMAT consent:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(unclaimed_accounts)
{
    auto const token =
        client.post("/v1/auth/register", {{"date_of_birth", "2000-01-01"}, {"consent", true}}).text("token");
    headers const by = {{"Authorization", token}};
    BOOST_TEST(client.post("/v1/auth/verify/resend", {}, by).status == 500);
    BOOST_TEST(
        client.post("/v1/auth/sessions/logout", {{"session_id_hashes", boost::json::array{}}}, by).status ==
        204);
}

BOOST_AUTO_TEST_CASE(username_suggestions)
{
    auto const answer = client.post("/v1/auth/username-suggestions", {{"global_name", "Alice Wonder"}});
    BOOST_TEST(answer.body == R"({"suggestions":["Alice_Wonder"]})");
    BOOST_TEST(
        client.post("/v1/auth/username-suggestions", {{"global_name", "\xF0\x9F\x9A\x80"}}).body ==
        R"({"suggestions":[]})");
}

BOOST_AUTO_TEST_CASE(reset_ends_all_sessions)
{
    auto const old = login().text("token");
    BOOST_TEST(client.post("/v1/auth/forgot", {{"email", email}}).status == 204);
    BOOST_TEST(client.post("/v1/auth/forgot", {{"email", "nobody@example.com"}}).status == 204);
    auto const token = server.last_mail(email, "reset").value().token;
    auto const reset = [&](std::string_view to) {
        return client.post("/v1/auth/reset", {{"token", token}, {"password", to}});
    };
    BOOST_TEST(reset("password123").field_errors() == "password:PASSWORD_IS_TOO_COMMON");
    BOOST_TEST(reset("brand-new-horse").status == 200);
    BOOST_TEST(reset("brand-new-horse").field_errors() == "token:INVALID_OR_EXPIRED_RESET_TOKEN");
    BOOST_TEST(sessions(old).status == 401);
    BOOST_TEST(login("brand-new-horse").status == 200);
    BOOST_TEST(
        client.post("/v1/auth/reset", {{"token", "abc"}}).field_errors() ==
        "token:STRING_LENGTH_EXACT password:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(a_reset_token_lives_an_hour)
{
    client.post("/v1/auth/forgot", {{"email", email}});
    auto const token = server.last_mail(email, "reset").value().token;
    server.advance_clock(1h);
    BOOST_TEST(
        client.post("/v1/auth/reset", {{"token", token}, {"password", "brand-new-horse"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(reset_with_mfa_gives_a_challenge)
{
    server.enable_totp(email);
    client.post("/v1/auth/forgot", {{"email", email}});
    auto const token = server.last_mail(email, "reset").value().token;
    auto const answer = client.post("/v1/auth/reset", {{"token", token}, {"password", "brand-new-horse"}});
    BOOST_TEST(answer.json().at("mfa").as_bool());
}

BOOST_AUTO_TEST_CASE(email_revert)
{
    server.enable_totp(email);
    server.start_email_change(email, "thief@example.com");
    BOOST_TEST(!server.user_id_of(email));
    auto const mail = server.last_mail(email, "email_revert").value();
    auto const answer =
        client.post("/v1/auth/email-revert", {{"token", mail.token}, {"password", "reverted-horse"}});
    BOOST_TEST(answer.text("user_id") == user_id);
    BOOST_TEST(server.user_id_of(email).value() == user_id);
    BOOST_TEST(login("reverted-horse").text("code") == "IP_AUTHORIZATION_REQUIRED");
}

BOOST_AUTO_TEST_CASE(sessions_and_logout)
{
    auto const first = login().text("token");
    auto const second = login().text("token");
    auto const hash = fluxer::auth::core::base64url_encode(fluxer::auth::core::sha256(first));
    auto const list = sessions(second);
    BOOST_TEST(list.json().as_array().size() == 2U);
    BOOST_TEST(list.json().at(1).at("id_hash").as_string() == hash);
    BOOST_TEST(sessions("Bearer " + first).status == 200);
    BOOST_TEST(sessions("bearer " + first).status == 401);
    BOOST_TEST(sessions("Bot " + server.create_bot_token(email)).text("code") == "ACCESS_DENIED");
    BOOST_TEST(sessions("Bearer " + server.create_oauth_token(email)).text("code") == "ACCESS_DENIED");

    BOOST_TEST(client.post("/v1/auth/logout", {}, {{"Authorization", "Bearer " + first}}).status == 204);
    BOOST_TEST(server.is_session(first));
    auto const end = [&](boost::json::object body) {
        body["session_id_hashes"] = boost::json::array{hash, "unknown"};
        return client.post("/v1/auth/sessions/logout", body, {{"Authorization", second}});
    };
    BOOST_TEST(end({}).text("code") == "SUDO_MODE_REQUIRED");
    BOOST_TEST(end({{"password", "wrong-password"}}).field_errors() == "password:INVALID_PASSWORD");
    BOOST_TEST(end({{"password", password}}).status == 204);
    BOOST_TEST(!server.is_session(first));
    BOOST_TEST(client.post("/v1/auth/logout", {}, {{"Authorization", second}}).status == 204);
    BOOST_TEST(sessions(second).status == 401);
}

BOOST_AUTO_TEST_CASE(sudo_with_a_second_factor)
{
    server.enable_totp(email);
    auto const token = server.create_session(email);
    auto const end = [&](boost::json::object body, headers extra = {}) {
        body["session_id_hashes"] = boost::json::array{};
        extra.emplace_back("Authorization", token);
        return client.post("/v1/auth/sessions/logout", body, extra);
    };
    BOOST_TEST(end({{"password", password}}).json().at("has_mfa").as_bool());
    BOOST_TEST(end({{"mfa_method", "fax"}}).field_errors() == "mfa_method:INVALID_FORMAT");
    BOOST_TEST(end({{"mfa_method", "totp"}}).field_errors() == "mfa_code:INVALID_MFA_CODE");
    auto const passed = end({{"mfa_method", "totp"}, {"mfa_code", server.totp_code(email)}});
    BOOST_TEST(passed.status == 204);
    auto const sudo = passed.header("x-fluxer-sudo-mode-jwt");
    BOOST_TEST(passed.header("set-cookie").starts_with("__flx_sudo_" + user_id + "=" + sudo));
    BOOST_TEST(end({}, {{"X-Fluxer-Sudo-Mode-JWT", sudo}}).header("x-fluxer-sudo-mode-jwt") == sudo);
    BOOST_TEST(end({}, {{"Cookie", "a=b; __flx_sudo_" + user_id + "=" + sudo}}).status == 204);
    server.advance_clock(5min);
    BOOST_TEST(end({}, {{"X-Fluxer-Sudo-Mode-JWT", sudo}}).status == 403);
}

BOOST_AUTO_TEST_CASE(suspicious_accounts)
{
    server.set_suspicious(email, 1);
    auto const token = server.create_session(email);
    BOOST_TEST(sessions(token).status == 200);
    auto const locked = client.get("/v1/users/@me", {{"Authorization", token}});
    BOOST_TEST(locked.text("code") == "ACCOUNT_SUSPICIOUS_ACTIVITY");
    BOOST_TEST(locked.json().at("data").at("suspicious_activity_flags").as_int64() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
