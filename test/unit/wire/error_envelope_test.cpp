#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(error_envelope)

BOOST_AUTO_TEST_CASE(field_errors_are_listed)
{
    auto const info = error_of(
        400, R"({"code":"INVALID_FORM_BODY","message":"Invalid form body.","errors":[
            {"path":"email","message":"m1","code":"INVALID_EMAIL_FORMAT"},
            {"path":"session_id_hashes.0","message":"m2"},{"message":"m3","code":null},7]})",
        {{"x-request-id", "r-1"}});
    BOOST_TEST((info.code == errc::rejected_input));
    BOOST_TEST(info.request_id == "r-1");
    BOOST_TEST(info.fields.size() == 3u);
    BOOST_TEST((info.fields.at(0) == field_error("email", "INVALID_EMAIL_FORMAT", "m1")));
    BOOST_TEST((info.fields.at(1) == field_error("session_id_hashes.0", "", "m2")));
    BOOST_TEST((info.fields.at(2) == field_error("root", "", "m3")));
}

BOOST_AUTO_TEST_CASE(an_ip_authorization_has_its_ticket)
{
    auto const info =
        error_of(403, R"({"code":"IP_AUTHORIZATION_REQUIRED","message":"m","ip_authorization_required":true,
                 "ticket":"T","email":"me@example.com","resend_available_in":30})");
    BOOST_TEST((info.code == errc::ip_authorization_required));
    BOOST_TEST(info.ip_authorization->ticket.reveal() == "T");
    BOOST_TEST(info.ip_authorization->email == "me@example.com");
    BOOST_TEST((info.ip_authorization->resend_available_in == 30s));
    // It says when a mail may be sent again, not when the login may.
    BOOST_TEST(!info.retry_after.has_value());
    auto const sparse = error_of(403, R"({"code":"IP_AUTHORIZATION_REQUIRED","ticket":"T"})");
    BOOST_TEST((sparse.ip_authorization->resend_available_in == 30s));
    BOOST_TEST(!error_of(403, R"({"code":"IP_AUTHORIZATION_REQUIRED"})").ip_authorization.has_value());
}

BOOST_AUTO_TEST_CASE(sudo_tells_whether_there_is_mfa)
{
    BOOST_TEST(error_of(403, R"({"code":"SUDO_MODE_REQUIRED","has_mfa":true})").sudo->has_mfa);
    BOOST_TEST(!error_of(403, R"({"code":"SUDO_MODE_REQUIRED","has_mfa":false})").sudo->has_mfa);
    BOOST_TEST(!error_of(403, R"({"code":"SUDO_MODE_REQUIRED"})").sudo->has_mfa);
}

// Contract 14: newer servers may say so.
BOOST_AUTO_TEST_CASE(sudo_tells_the_methods_where_the_server_does)
{
    BOOST_TEST(!error_of(403, R"({"code":"SUDO_MODE_REQUIRED","has_mfa":true})").sudo->methods.has_value());
    BOOST_TEST(!error_of(403, R"({"code":"SUDO_MODE_REQUIRED","methods":7})").sudo->methods.has_value());
    auto const told = error_of(
        403,
        R"({"code":"SUDO_MODE_REQUIRED","has_mfa":true,"methods":{"totp":true,"webauthn":true,"sms":"x"}})");
    BOOST_REQUIRE(told.sudo->methods.has_value());
    BOOST_TEST(told.sudo->methods->totp);
    BOOST_TEST(told.sudo->methods->webauthn);
    BOOST_TEST(!told.sudo->methods->sms);
    BOOST_TEST(told.sudo->methods->has_mfa);
}

BOOST_AUTO_TEST_CASE(captchas_may_bring_a_challenge)
{
    auto const plain = error_of(400, R"({"code":"CAPTCHA_REQUIRED","message":"m"})");
    BOOST_TEST((plain.captcha->provider.empty() && plain.captcha->challenge.empty()));
    auto const text = error_of(
        400, R"({"code":"INVALID_CAPTCHA","captcha_provider":"altcha","altcha_challenge":"{\"a\":1}"})");
    BOOST_TEST((text.code == errc::captcha_invalid));
    BOOST_TEST(text.captcha->provider == "altcha");
    BOOST_TEST(text.captcha->challenge == R"({"a":1})");
    auto const object = error_of(400, R"({"code":"CAPTCHA_REQUIRED","altcha_challenge":{"a":1}})");
    BOOST_TEST(object.captcha->challenge == R"({"a":1})");
    BOOST_TEST(!object.captcha->altcha.has_value());
}

BOOST_AUTO_TEST_CASE(an_altcha_challenge_is_understood)
{
    auto const challenge = R"({"algorithm":"SHA-256","challenge":")" + std::string(64, 'a') +
                           R"(","salt":"s","signature":"sig","maxnumber":50})";
    for (auto const* code : {"CAPTCHA_REQUIRED", "INVALID_CAPTCHA"}) {
        auto const info = error_of(
            400, std::string(R"({"code":")") + code + R"(","captcha_provider":"altcha","altcha_challenge":)" +
                     challenge + "}");
        BOOST_REQUIRE(info.captcha->altcha.has_value());
        BOOST_TEST(info.captcha->altcha->max_number == 50U);
        BOOST_TEST(info.captcha->altcha->signature == "sig");
        BOOST_TEST(info.captcha->provider == "altcha");
    }
}

BOOST_AUTO_TEST_CASE(flags_of_suspicion_are_nested)
{
    auto const flags = [](std::string const& rest) {
        return error_of(403, R"({"code":"ACCOUNT_SUSPICIOUS_ACTIVITY",)" + rest + "}")
            .suspicious_activity_flags;
    };
    BOOST_TEST(flags(R"("data":{"suspicious_activity_flags":5})").value() == 5u);
    BOOST_TEST(!flags(R"("data":{})").has_value());
    BOOST_TEST(!flags(R"("data":{"suspicious_activity_flags":-1})").has_value());
    BOOST_TEST(!flags(R"("data":{"suspicious_activity_flags":1e30})").has_value());
}

BOOST_AUTO_TEST_CASE(rate_limits_bring_their_headers)
{
    auto const info = error_of(
        429, R"({"code":"RATE_LIMITED","message":"m","global":true,"retry_after":178})",
        {{"retry-after", "5"},
         {"x-ratelimit-global", "false"},
         {"X-RateLimit-Limit", "10"},
         {"x-ratelimit-remaining", "0"},
         {"X-RATELIMIT-RESET", "1795491261"}});
    BOOST_TEST((info.code == errc::rate_limited));
    BOOST_TEST((info.retry_after == 178s));
    auto const& details = info.rate_limit.value();
    BOOST_TEST((details.retry_after == 178s));
    BOOST_TEST(details.global);
    BOOST_TEST(details.limit.value() == 10u);
    BOOST_TEST(details.remaining.value() == 0u);
    BOOST_TEST((details.reset.value() == timestamp(1'795'491'261s)));
}

BOOST_AUTO_TEST_CASE(rate_limits_do_without_headers)
{
    auto const info = error_of(429, R"({"code":"RATE_LIMITED"})", {{"X-RateLimit-Limit", "many"}});
    BOOST_TEST(!info.retry_after.has_value());
    auto const& details = info.rate_limit.value();
    BOOST_TEST((details.retry_after == 0s && !details.global));
    BOOST_TEST((!details.limit && !details.remaining && !details.reset));
    BOOST_TEST(
        error_of(429, R"({"code":"RATE_LIMITED"})", {{"X-RateLimit-Global", "true"}}).rate_limit->global);
}

BOOST_AUTO_TEST_CASE(no_more_fields_are_kept_than_anybody_reads)
{
    std::string body = R"({"code":"INVALID_FORM_BODY","errors":[{"path":"first"})";
    for (int number = 0; number < 10'000; ++number)
        body += ",{}";
    auto const info = error_of(400, body + "]}");
    BOOST_TEST(info.fields.size() == 100u);
    BOOST_TEST(info.fields.front().path == "first");
}

// Contract 6.3.
BOOST_AUTO_TEST_CASE(an_overloaded_server_has_no_code)
{
    auto const info =
        error_of(503, R"({"message":"Server is at capacity, please retry shortly"})", {{"retry-after", "5"}});
    BOOST_TEST((info.code == errc::overloaded));
    BOOST_TEST((info.api_code == api_code::none));
    BOOST_TEST(info.message == "Server is at capacity, please retry shortly");
    BOOST_TEST((info.retry_after == 5s));
}

BOOST_AUTO_TEST_CASE(pages_of_proxies_are_told_apart)
{
    constexpr auto page = "<html>\r\n<h1>502 Bad Gateway</h1>\r\n</html>";
    auto const info = error_of(502, page);
    BOOST_TEST((info.code == errc::proxy_error));
    BOOST_TEST(info.body_excerpt == "<html>  <h1>502 Bad Gateway</h1>  </html>");
    BOOST_TEST(info.request_id.empty());
    BOOST_TEST((error_of(400, page).code == errc::proxy_error));
    BOOST_TEST((error_of(403, page).code == errc::proxy_error));
    BOOST_TEST((error_of(522, page).code == errc::proxy_error));
    BOOST_TEST((error_of(503, page).code == errc::overloaded));
    BOOST_TEST((error_of(404, page).code == errc::not_found));
    BOOST_TEST((error_of(429, page).code == errc::rate_limited));
    BOOST_TEST((error_of(429, page).rate_limit.has_value()));
    BOOST_TEST((error_of(302, page).code == errc::unexpected_answer));
    BOOST_TEST((error_of(431, "").code == errc::proxy_error));
    BOOST_TEST((error_of(500, "[]").code == errc::proxy_error));
}

BOOST_AUTO_TEST_CASE(objects_without_code_go_by_status)
{
    BOOST_TEST((error_of(500, "{}").code == errc::server_error));
    BOOST_TEST((error_of(401, R"({"error":"x"})").code == errc::unauthorized));
    BOOST_TEST((error_of(400, R"({"code":7})").code == errc::rejected));
    BOOST_TEST(error_of(400, R"({"error":"x"})").body_excerpt == R"({"error":"x"})");
}

BOOST_AUTO_TEST_CASE(excerpts_are_short_and_readable)
{
    auto const words = error_of(502, repeated("word ", 1000));
    BOOST_TEST(words.body_excerpt.size() <= 1024u);
    BOOST_TEST(words.body_excerpt.size() > 900u);
    BOOST_TEST(error_of(502, repeated("\xE2\x82\xAC ", 1000)).body_excerpt.size() <= 1024u);
    BOOST_TEST(error_of(502, "a\0b\x1B[31m").body_excerpt.find('\x1B') == std::string::npos);
    BOOST_TEST(error_of(502, "\xFF\xFE").body_excerpt.find('\xFF') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tokens_are_taken_out)
{
    auto const token = "flx_" + std::string(36, 'x');
    auto const info = error_of(400, R"({"code":"BAD_REQUEST","message":"no )" + token + "\"}");
    BOOST_TEST(info.message.find("xxxx") == std::string::npos);
    auto const page = error_of(502, "Cannot GET /poll?ticket=" + std::string(64, 'a'));
    BOOST_TEST(page.body_excerpt.find("aaaa") == std::string::npos);
    auto const field =
        error_of(400, R"({"code":"INVALID_FORM_BODY","errors":[{"path":"p","message":")" + token + "\"}]}");
    BOOST_TEST(field.fields.at(0).message.find("xxxx") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
