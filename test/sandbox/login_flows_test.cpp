#include "served.hpp"
#include "soft_passkey.hpp"

#include <boost/test/unit_test.hpp>

using namespace sandbox_test;
using namespace std::chrono_literals;
using fluxer::auth::sandbox_suspension;

BOOST_FIXTURE_TEST_SUITE(login_flows, served)

BOOST_AUTO_TEST_CASE(right_and_wrong_password)
{
    auto const good = login();
    BOOST_TEST(good.status == 200);
    BOOST_TEST(good.text("user_id") == user_id);
    BOOST_TEST(good.text("token").size() == 40U);
    BOOST_TEST(server.is_session(good.text("token")));
    auto const bad = login("wrong-password");
    BOOST_TEST(bad.status == 400);
    BOOST_TEST(bad.field_errors() == "email:INVALID_EMAIL_OR_PASSWORD password:INVALID_EMAIL_OR_PASSWORD");
    BOOST_TEST(login("short").field_errors() == "password:PASSWORD_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(refused_accounts)
{
    server.set_suspended(email, sandbox_suspension::temporary);
    BOOST_TEST(login().text("code") == "ACCOUNT_SUSPENDED_TEMPORARILY");
    server.set_suspended(email, sandbox_suspension::permanent);
    BOOST_TEST(login().text("code") == "ACCOUNT_SUSPENDED_PERMANENTLY");
    server.set_bot(email, true);
    BOOST_TEST(login().text("code") == "BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED");
    server.ban_ip("127.0.0.1");
    BOOST_TEST(login().text("code") == "IP_BANNED");
}

BOOST_AUTO_TEST_CASE(captcha_comes_before_everything_else)
{
    server.set_captcha(true);
    BOOST_TEST(client.post("/v1/auth/login").text("code") == "CAPTCHA_REQUIRED");
    BOOST_TEST(login(password, {{"X-Captcha-Token", "bad-token"}}).text("code") == "INVALID_CAPTCHA");
    BOOST_TEST(login(password, {{"X-Captcha-Token", "good-token"}}).status == 200);
    BOOST_TEST(login(password, {{"Accept-Language", "de"}}).text("message") == "Captcha ist erforderlich.");
}

BOOST_AUTO_TEST_CASE(totp_and_backup_codes)
{
    server.enable_totp(email);
    auto const backup = server.add_backup_codes(email).front();
    auto const challenge = login();
    BOOST_TEST(challenge.json().at("mfa").as_bool());
    BOOST_TEST(challenge.json().at("totp").as_bool());
    auto const try_code = [&](std::string const& code, std::string const& ticket) {
        return client.post("/v1/auth/login/mfa/totp", {{"code", code}, {"ticket", ticket}});
    };
    auto ticket = challenge.text("ticket");
    BOOST_TEST(try_code("000000x", ticket).field_errors() == "code:-");
    auto const code = server.totp_code(email);
    BOOST_TEST(try_code(code, ticket).status == 200);
    BOOST_TEST(try_code(code, ticket).status == 400); // the ticket is used up

    ticket = login().text("ticket");
    BOOST_TEST(try_code(code, ticket).status == 400); // and so is the code, for 30 s
    BOOST_TEST(try_code(backup, ticket).status == 200);
    ticket = login().text("ticket");
    BOOST_TEST(try_code(backup, ticket).status == 400);
    server.advance_clock(5min);
    BOOST_TEST(try_code(server.totp_code(email), ticket).status == 400);
}

BOOST_AUTO_TEST_CASE(sms)
{
    server.enable_sms(email, "+15550001234");
    auto const challenge = login();
    BOOST_TEST(challenge.text("sms_phone_hint") == "****1234");
    auto const ticket = challenge.text("ticket");
    BOOST_TEST(client.post("/v1/auth/login/mfa/sms/send", {{"ticket", ticket}}).status == 204);
    auto const code = server.last_sms(email).value();
    BOOST_TEST(client.post("/v1/auth/login/mfa/sms", {{"ticket", ticket}, {"code", "x"}}).status == 400);
    BOOST_TEST(client.post("/v1/auth/login/mfa/sms", {{"ticket", ticket}, {"code", code}}).status == 200);
    server.set_sms_service(false);
    auto const again = login().text("ticket");
    BOOST_TEST(
        client.post("/v1/auth/login/mfa/sms", {{"ticket", again}, {"code", code}}).text("code") ==
        "SMS_VERIFICATION_UNAVAILABLE");
}

BOOST_AUTO_TEST_CASE(passkeys_as_second_factor_and_alone)
{
    soft_passkey const device;
    server.add_passkey(email, soft_passkey::credential_id, device.spki());
    soft_passkey::options how;

    auto const ticket = login().text("ticket");
    auto const options =
        client.post("/v1/auth/login/mfa/webauthn/authentication-options", {{"ticket", ticket}});
    BOOST_TEST(options.json().at("allowCredentials").as_array().size() == 1U);
    auto challenge = options.text("challenge");
    boost::json::object body = {
        {"response", device.sign(challenge, how)}, {"challenge", challenge}, {"ticket", ticket}};
    BOOST_TEST(client.post("/v1/auth/webauthn/authenticate", body).status == 401); // made for another purpose
    challenge = client.post("/v1/auth/login/mfa/webauthn/authentication-options", {{"ticket", ticket}})
                    .text("challenge");
    body["response"] = device.sign(challenge, how);
    body["challenge"] = challenge;
    BOOST_TEST(client.post("/v1/auth/login/mfa/webauthn", body).status == 200);

    challenge = client.post("/v1/auth/webauthn/authentication-options").text("challenge");
    how.counter = 2;
    body = {{"response", device.sign(challenge, how)}, {"challenge", challenge}};
    BOOST_TEST(client.post("/v1/auth/webauthn/authenticate", body).text("user_id") == user_id);
    BOOST_TEST(
        client.post("/v1/auth/webauthn/authenticate", body).text("code") == "PASSKEY_AUTHENTICATION_FAILED");
    BOOST_TEST(client.post("/v1/auth/webauthn/authenticate", {{"challenge", "x"}}).status == 500);
}

BOOST_AUTO_TEST_CASE(ip_authorization)
{
    headers const elsewhere = {
        {"X-Forwarded-For", "203.0.113.9, 10.0.0.1"}, {"X-Fluxer-Platform", "desktop"}};
    auto const refused = login(password, elsewhere);
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("code") == "IP_AUTHORIZATION_REQUIRED");
    BOOST_TEST(refused.text("email") == email);
    auto const ticket = refused.text("ticket");
    auto const poll = [&] { return client.get("/v1/auth/ip-authorization/poll?ticket=" + ticket); };
    auto const resend = [&] { return client.post("/v1/auth/ip-authorization/resend", {{"ticket", ticket}}); };
    BOOST_TEST(!poll().json().at("completed").as_bool());
    BOOST_TEST(resend().text("code") == "IP_AUTHORIZATION_RESEND_COOLDOWN");
    server.advance_clock(30s);
    BOOST_TEST(resend().status == 204);
    BOOST_TEST(resend().text("code") == "IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED");
    BOOST_TEST(server.outbox(email).size() == 2U);

    auto const mail = server.last_mail(email, "ip_authorization").value();
    BOOST_TEST(mail.link == "https://web.fluxer.test/authorize-ip#token=" + mail.token);
    BOOST_TEST(client.post("/v1/auth/authorize-ip", {{"token", mail.token}}).status == 204);
    BOOST_TEST(client.post("/v1/auth/authorize-ip", {{"token", mail.token}}).field_errors() == "token:-");
    auto const token = poll().text("token");
    BOOST_TEST(server.is_session(token));
    BOOST_TEST(poll().text("token") == token);
    BOOST_TEST(sessions(token).json().at(0).at("client_info").at("platform").as_string() == "Fluxer Desktop");
    server.advance_clock(60s);
    BOOST_TEST(poll().field_errors() == "ticket:INVALID_OR_EXPIRED_AUTHORIZATION_TICKET");
    BOOST_TEST(login(password, elsewhere).status == 200);
}

BOOST_AUTO_TEST_CASE(handoff)
{
    auto const approver = server.create_session(email);
    auto const code = client.post("/v1/auth/handoff/initiate").text("code");
    auto const status = [&] { return client.get("/v1/auth/handoff/" + code + "/status"); };
    auto const complete = [&](std::string const& with, std::string const& user) {
        return client.post(
            "/v1/auth/handoff/complete", {{"code", with}, {"token", approver}, {"user_id", user}});
    };
    BOOST_TEST(status().text("status") == "pending");
    BOOST_TEST(complete(code, "1").text("code") == "SESSION_TOKEN_MISMATCH");
    BOOST_TEST(complete("ABCD-EFGH", user_id).text("code") == "INVALID_HANDOFF_CODE");
    BOOST_TEST(server.sessions_of(email).size() == 2U); // the orphan of contract 5.26
    BOOST_TEST(complete(code, user_id).status == 204);
    BOOST_TEST(complete(code, user_id).status == 400);
    auto const delivered = status();
    BOOST_TEST(delivered.text("status") == "completed");
    BOOST_TEST(delivered.text("token") != approver);
    BOOST_TEST(server.is_session(delivered.text("token")));
    BOOST_TEST(status().text("status") == "expired");

    auto const second = client.post("/v1/auth/handoff/initiate").text("code");
    BOOST_TEST(client.send("DELETE", "/v1/auth/handoff/" + second, "").status == 204);
    BOOST_TEST(client.get("/v1/auth/handoff/" + second + "/status").text("status") == "expired");
    BOOST_TEST(client.get("/v1/auth/handoff/nope/status").text("code") == "INVALID_HANDOFF_CODE");
    BOOST_TEST(client.get("/v1/auth/handoff/%20/status").field_errors() == "code:STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(sso)
{
    BOOST_TEST(client.post("/v1/auth/sso/start").text("code") == "FEATURE_TEMPORARILY_DISABLED");
    server.set_sso(true);
    BOOST_TEST(login().text("code") == "SSO_REQUIRED");
    auto const start = client.post("/v1/auth/sso/start", {{"redirect_to", "/channels/@me"}});
    auto const complete = [&](std::string const& code, std::string const& state) {
        return client.post("/v1/auth/sso/complete", {{"code", code}, {"state", state}});
    };
    auto const done = complete(email, start.text("state"));
    BOOST_TEST(done.text("user_id") == user_id);
    BOOST_TEST(done.text("redirect_to") == "/channels/@me");
    BOOST_TEST(complete(email, start.text("state")).field_errors() == "state:-");
    server.set_sso_auto_provision(false);
    auto const stranger = client.post("/v1/auth/sso/start").text("state");
    BOOST_TEST(complete("new@example.com", stranger).text("code") == "SSO_REQUIRED");

    auto const url = start.text("authorization_url");
    auto const back = client.get(url.substr(url.find("/_sandbox")) + "&login_hint=ann%40example.com");
    BOOST_TEST(back.status == 302);
    BOOST_TEST(
        back.header("location") ==
        start.text("redirect_uri") + "?code=ann%40example.com&state=" + start.text("state"));
}

BOOST_AUTO_TEST_SUITE_END()
