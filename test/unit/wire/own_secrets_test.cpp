#include "support.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using wire::own_secrets;

namespace {

own_secrets secrets_of(wire::encoded const& made)
{
    return own_secrets(std::get<wire::request>(made));
}

own_secrets of_login(std::string password)
{
    return secrets_of(
        wire::encode(operation::login_user, login_request("me@example.com", secret(std::move(password)))));
}

error_info error_hiding(
    own_secrets const& hidden, int status, std::string_view body, headers const& fields = {})
{
    error_info info;
    wire::decode_error(answer_of(status, body, fields), info, hidden);
    return info;
}

constexpr std::string_view made_up_token = "flx_Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1";

} // namespace

BOOST_AUTO_TEST_SUITE(own_secrets_of_a_request)

BOOST_AUTO_TEST_CASE(a_password_is_blanked_wherever_it_comes_back)
{
    auto const hidden = of_login("correct horse");
    auto const info = error_hiding(
        hidden, 400, R"({"code":"INVALID_FORM_BODY","message":"not correct horse","errors":[
            {"path":"correct horse","code":"correct horse","message":"'correct horse': weak, correct horse"}]})",
        {{"X-Request-ID", "for correct horse"}});
    BOOST_TEST(info.message == "not [redacted]");
    BOOST_TEST(info.request_id == "for [redacted]");
    BOOST_TEST(
        (info.fields.at(0) == field_error("[redacted]", "[redacted]", "'[redacted]': weak, [redacted]")));
    BOOST_TEST(error_hiding(hidden, 400, R"({"code":"correct horse"})").api_code_text == "[redacted]");
    BOOST_TEST(error_hiding(hidden, 502, "<p>correct horse</p>").body_excerpt == "<p>[redacted]</p>");
}

BOOST_AUTO_TEST_CASE(other_ways_to_write_it_are_blanked_too)
{
    auto const hidden = of_login(R"(correct "horse" \)");
    BOOST_TEST(hidden.blanked(R"({"password":"correct \"horse\" \\"})") == R"({"password":"[redacted]"})");
    BOOST_TEST(hidden.blanked("/?p=correct%20%22horse%22%20%5C&x=1") == "/?p=[redacted]&x=1");
}

BOOST_AUTO_TEST_CASE(what_is_short_stays)
{
    auto const code = [](std::string text) {
        return secrets_of(wire::encode(
            operation::login_with_sms_mfa, mfa_sms_request(secret(std::move(text)), secret("T"))));
    };
    BOOST_TEST(code("12345").blanked("retry in 12345 ms, T") == "retry in 12345 ms, T");
    BOOST_TEST(code("123456").blanked("123456 is wrong") == "[redacted] is wrong");
}

BOOST_AUTO_TEST_CASE(it_is_blanked_before_a_text_is_cut)
{
    auto const body = R"({"code":"OOPS","message":")" + repeated("x", 990) + R"( correct horse"})";
    auto const info = error_hiding(of_login("correct horse"), 500, body);
    BOOST_TEST(info.message.find("correct") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(words_of_the_api_stay_what_they_are)
{
    auto const info = error_hiding(
        of_login("password"), 400,
        R"({"code":"INVALID_FORM_BODY","errors":[{"path":"password","code":"X","message":"m"}]})");
    BOOST_TEST(info.fields.at(0).path == "password");
    BOOST_TEST(
        error_hiding(of_login("INVALID_FORM_BODY"), 400, R"({"code":"INVALID_FORM_BODY"})").api_code_text ==
        "INVALID_FORM_BODY");
    BOOST_TEST(of_login("correct horse").blanked("me@example.com") == "me@example.com");
}

BOOST_AUTO_TEST_CASE(a_parameter_is_one_of_them)
{
    auto const hidden =
        secrets_of(wire::encode_parameter(operation::poll_ip_authorization, secret("a ticket/x")));
    BOOST_TEST(hidden.blanked("GET /y?ticket=a%20ticket%2Fx failed") == "GET /y?ticket=[redacted] failed");
    BOOST_TEST(hidden.blanked("no a ticket/x") == "no [redacted]");
}

BOOST_AUTO_TEST_CASE(so_are_the_token_and_what_is_added)
{
    auto hidden = secrets_of(wire::encode_session(operation::logout_user, secret("a-session")));
    hidden.add(secret("sudo-proof"));
    BOOST_TEST(hidden.blanked("a-session, sudo-proof") == "[redacted], [redacted]");
}

BOOST_AUTO_TEST_CASE(the_longer_of_two_comes_first)
{
    auto hidden = own_secrets();
    hidden.add(secret("secret"));
    hidden.add(secret("secret-and-more"));
    BOOST_TEST(hidden.blanked("secret-and-more secret") == "[redacted] [redacted]");
}

BOOST_AUTO_TEST_CASE(tokens_are_blanked_whoever_they_belong_to)
{
    auto const quoted = '"' + std::string(made_up_token) + '"';
    auto const info = error_of(
        400, R"({"code":"INVALID_FORM_BODY","errors":[{"path":)" + quoted + R"(,"code":)" + quoted + "}]}",
        {{"X-Request-ID", std::string(made_up_token)}});
    BOOST_TEST((info.fields.at(0) == field_error("[redacted]", "[redacted]", "")));
    BOOST_TEST(info.request_id == "[redacted]");
    BOOST_TEST(error_of(400, R"({"code":)" + quoted + "}").api_code_text == "[redacted]");
}

BOOST_AUTO_TEST_CASE(a_text_is_suspected_whenever_something_of_it_is_blanked)
{
    using wire::may_show_secret;
    auto const suspects = [](wire::encoded const& made, std::string_view text) {
        return may_show_secret(std::get<wire::request>(made), text);
    };
    auto const login = [](std::string password) {
        return wire::encode(operation::login_user, login_request("me@example.com", secret(password)));
    };
    for (auto const* password : {"correct horse", "p\"a\\ssword", "r\u00e4tselhaft", "100%surely"}) {
        auto const made = login(password);
        for (auto const* around : {"", "a", "7d3f"}) {
            auto const text = around + std::string(password) + around;
            BOOST_TEST(secrets_of(made).blanked(text) != text);
            BOOST_TEST(suspects(made, text), text);
        }
    }
    wire::request with_token;
    with_token.operation = operation::list_auth_sessions;
    with_token.token.emplace(made_up_token);
    wire::encoded const sessions = std::move(with_token);
    BOOST_TEST(suspects(sessions, made_up_token));
    auto const code =
        wire::encode(operation::get_handoff_status, handoff_reference(handoff("GJKC-X6YA", {})));
    BOOST_TEST(suspects(code, "id-GJKC-X6YA"));
    for (auto const* harmless :
         {"", "01JB", "8a1f6c1e-3b4d-4b62-9d3a-0c9be3d3f0a1", "req_0123456789abcdef"}) {
        BOOST_TEST(!suspects(login("correct horse"), harmless));
        BOOST_TEST(!suspects(sessions, harmless));
        BOOST_TEST(!suspects(code, harmless));
    }
}

BOOST_AUTO_TEST_SUITE_END()
