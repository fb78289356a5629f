#include "served.hpp"
#include "soft_passkey.hpp"

#include "core/encoding.hpp"

#include <boost/test/unit_test.hpp>

using namespace sandbox_test;

BOOST_FIXTURE_TEST_SUITE(control_api, served)

BOOST_AUTO_TEST_CASE(accounts)
{
    soft_passkey const device;
    boost::json::object passkey = {
        {"credential_id", soft_passkey::credential_id},
        {"public_key", fluxer::auth::core::base64url_encode(device.cose())}};
    auto const made = client.post(
        "/_sandbox/accounts", {{"email", "eve@example.com"},
                               {"password", password},
                               {"totp", true},
                               {"backup_codes", true},
                               {"sms_phone", "+15550009876"},
                               {"passkey", std::move(passkey)}});
    BOOST_TEST(made.status == 200);
    BOOST_TEST(made.text("user_id") == server.user_id_of("eve@example.com").value());
    BOOST_TEST(made.text("totp_secret").size() == 32U);
    BOOST_TEST(made.json().at("backup_codes").as_array().size() == 10U);
    auto const login = client.post("/v1/auth/login", {{"email", "eve@example.com"}, {"password", password}});
    BOOST_TEST(login.json().at("allowed_methods").as_array().size() == 3U);

    BOOST_TEST(
        client.post("/_sandbox/accounts", {{"email", email}, {"suspended", "temporary"}}).status == 200);
    BOOST_TEST(this->login().text("code") == "ACCOUNT_SUSPENDED_TEMPORARILY");
    BOOST_TEST(client.post("/_sandbox/accounts", {{"email", 5}}).status == 400);
    BOOST_TEST(client.post("/_sandbox/accounts", {{"email", email}, {"suspended", "maybe"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(mail_clock_settings_and_counters)
{
    client.post("/v1/auth/forgot", {{"email", email}});
    auto const mails = client.get("/_sandbox/outbox?to=ann%40example.com&kind=reset").json();
    BOOST_TEST(
        mails.at("mails").at(0).at("token").as_string() == server.last_mail(email, "reset").value().token);

    auto const before = server.now();
    BOOST_TEST(client.post("/_sandbox/clock", {{"advance_ms", 3600000}}).status == 200);
    BOOST_TEST((server.now() - before >= std::chrono::hours{1}));
    BOOST_TEST(client.post("/_sandbox/clock", {{"advance_ms", -1}}).status == 400);

    BOOST_TEST(client.post("/_sandbox/settings", {{"captcha", true}}).json().at("captcha").as_bool());
    BOOST_TEST(login().text("code") == "CAPTCHA_REQUIRED");

    auto const counters = client.get("/_sandbox/counters").json();
    BOOST_TEST(counters.at("requests").as_int64() == 2);
    BOOST_TEST(counters.at("requests_by_operation").at("login_user").as_int64() == 1);
    BOOST_TEST(client.get("/_sandbox/ca.pem").body == server.ca_pem());
    BOOST_TEST(client.get("/_sandbox/nope").status == 404);
}

BOOST_AUTO_TEST_CASE(generations)
{
    BOOST_TEST(client.get("/_sandbox/settings").json().at("generation").as_string() == "2026-02");
    BOOST_TEST(client.post("/v1/auth/handoff/ABCD-EFGH/deny").status == 404);
    client.post(
        "/_sandbox/settings", {{"generation", "2026-09"}, {"handoff_return_url", "https://a.example"}});
    BOOST_TEST(client.post("/v1/auth/handoff/ABCD-EFGH/deny").status == 400);
    BOOST_TEST(client.post("/_sandbox/settings", {{"generation", "2027-01"}}).status == 400);
    BOOST_TEST(
        client.get("/_sandbox/settings").json().at("handoff_return_url").as_string() == "https://a.example");
    client.post("/_sandbox/settings", {{"generation", "2026-02"}});
    BOOST_TEST(client.post("/v1/auth/handoff/ABCD-EFGH/deny").status == 404);
    // Counted in either case.
    auto const counters = client.get("/_sandbox/counters").json();
    BOOST_TEST(counters.at("requests_by_operation").at("deny_handoff").as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(sessions_and_reset)
{
    auto const token = client.post("/_sandbox/sessions", {{"email", email}}).text("token");
    BOOST_TEST(client.get("/_sandbox/sessions?token=" + token).json().at("active").as_bool());
    BOOST_TEST(
        client.get("/_sandbox/sessions?email=ann@example.com").json().at("id_hashes").as_array().size() ==
        1U);
    BOOST_TEST(client.send("DELETE", "/_sandbox/sessions?token=" + token, "").status == 200);
    BOOST_TEST(!server.is_session(token));
    BOOST_TEST(client.post("/_sandbox/reset").status == 204);
    BOOST_TEST(!server.user_id_of(email));
}

BOOST_AUTO_TEST_SUITE_END()
