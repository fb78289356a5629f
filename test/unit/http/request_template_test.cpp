#include "http/request_template.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace fluxer::auth;

namespace {

std::string written(
    client_options const& options, std::string_view method, std::string_view target,
    std::optional<std::string_view> body, std::optional<std::string_view> token,
    call_options const& call = {})
{
    std::string problem;
    auto const origin = core::parse_origin(options.base_url, problem);
    BOOST_REQUIRE(origin.has_value());
    http::request_template const made(*origin, options);
    wire::request request;
    request.method = method;
    request.target.append(target);
    if (body) {
        request.body.emplace();
        request.body->append(*body);
    }
    if (token)
        request.token = secret(*token);
    return std::string(made.write(request, call).view());
}

client_options plain(std::string base_url = "https://api.example/v1")
{
    return client_options(std::move(base_url));
}

constexpr std::string_view common = "Host: api.example\r\n"
                                    "User-Agent: fluxer-auth/0.1\r\n"
                                    "Accept: application/json\r\n"
                                    "Accept-Encoding: identity\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(request_templates)

BOOST_AUTO_TEST_CASE(a_request_without_body)
{
    BOOST_TEST(
        written(plain(), "GET", "/auth/sso/status", {}, {}) ==
        "GET /v1/auth/sso/status HTTP/1.1\r\n" + std::string(common) + "\r\n");
}

BOOST_AUTO_TEST_CASE(a_request_with_body_and_token)
{
    BOOST_TEST(
        written(plain(), "POST", "/auth/login", R"({"a":1})", "flx_token") ==
        "POST /v1/auth/login HTTP/1.1\r\n" + std::string(common) +
            "Authorization: flx_token\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 7\r\n"
            "\r\n"
            "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(methods_that_have_a_body_say_that_it_is_empty)
{
    for (auto const* method : {"POST", "PUT", "PATCH"})
        BOOST_TEST(
            written(plain(), method, "/x", {}, {}) ==
            std::string(method) + " /v1/x HTTP/1.1\r\n" + std::string(common) + "Content-Length: 0\r\n\r\n");
    for (auto const* method : {"GET", "HEAD", "DELETE"})
        BOOST_TEST(
            written(plain(), method, "/x", {}, {}) ==
            std::string(method) + " /v1/x HTTP/1.1\r\n" + std::string(common) + "\r\n");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_empty_is_a_body)
{
    BOOST_TEST(
        written(plain(), "DELETE", "/x", "", {}) ==
        "DELETE /v1/x HTTP/1.1\r\n" + std::string(common) +
            "Content-Type: application/json\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(all_that_a_client_adds)
{
    auto options = plain("https://api.example:8443/deep/v1/");
    options.user_agent = "tests/1";
    options.platform = "desktop";
    options.accept_language = "de";
    options.headers = {header("X-One", "1"), header("X-Two", "2")};
    BOOST_TEST(
        written(options, "GET", "/x?y=z", {}, {}) == "GET /deep/v1/x?y=z HTTP/1.1\r\n"
                                                     "Host: api.example:8443\r\n"
                                                     "User-Agent: tests/1\r\n"
                                                     "Accept: application/json\r\n"
                                                     "Accept-Encoding: identity\r\n"
                                                     "X-Fluxer-Platform: desktop\r\n"
                                                     "Accept-Language: de\r\n"
                                                     "X-One: 1\r\n"
                                                     "X-Two: 2\r\n"
                                                     "\r\n");
}

BOOST_AUTO_TEST_CASE(all_that_a_call_adds)
{
    auto options = plain();
    options.accept_language = "de";
    call_options call;
    call.accept_language = "fr";
    call.captcha = captcha_proof(secret("proof"), "turnstile");
    call.sudo_token = secret("sudo");
    call.request_id = "id-1";
    call.headers = {header("X-Call", "c")};
    BOOST_TEST(
        written(options, "POST", "/x", "{}", "t", call) == "POST /v1/x HTTP/1.1\r\n" + std::string(common) +
                                                               "Accept-Language: fr\r\n"
                                                               "Authorization: t\r\n"
                                                               "X-Captcha-Token: proof\r\n"
                                                               "X-Captcha-Type: turnstile\r\n"
                                                               "X-Fluxer-Sudo-Mode-JWT: sudo\r\n"
                                                               "X-Request-ID: id-1\r\n"
                                                               "X-Call: c\r\n"
                                                               "Content-Type: application/json\r\n"
                                                               "Content-Length: 2\r\n"
                                                               "\r\n"
                                                               "{}");
}

BOOST_AUTO_TEST_CASE(a_captcha_may_leave_its_type_open)
{
    call_options call;
    call.captcha = captcha_proof(secret("proof"));
    BOOST_TEST(
        written(plain(), "GET", "/x", {}, {}, call) ==
        "GET /v1/x HTTP/1.1\r\n" + std::string(common) + "X-Captcha-Token: proof\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_content_type_of_the_callers_own)
{
    call_options call;
    call.headers = {header("content-TYPE", "text/plain")};
    BOOST_TEST(
        written(plain(), "POST", "/x", "hello", {}, call) ==
        "POST /v1/x HTTP/1.1\r\n" + std::string(common) +
            "content-TYPE: text/plain\r\nContent-Length: 5\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(a_calls_own_headers_take_the_place_of_the_clients)
{
    auto options = plain();
    options.platform = "web";
    options.accept_language = "de";
    options.headers = {header("X-One", "1"), header("X-Two", "2"), header("x-one", "3")};
    call_options call;
    call.headers = {header("user-AGENT", "mine"), header("ACCEPT", "*/*"), header("x-fluxer-platform", "app"),
                    header("X-ONE", "4"),         header("x-one", "5"),    header("accept-language", "fr")};
    BOOST_TEST(
        written(options, "GET", "/x", {}, {}, call) == "GET /v1/x HTTP/1.1\r\n"
                                                       "Host: api.example\r\n"
                                                       "Accept-Encoding: identity\r\n"
                                                       "X-Two: 2\r\n"
                                                       "user-AGENT: mine\r\n"
                                                       "ACCEPT: */*\r\n"
                                                       "x-fluxer-platform: app\r\n"
                                                       "X-ONE: 4\r\n"
                                                       "x-one: 5\r\n"
                                                       "accept-language: fr\r\n"
                                                       "\r\n");
}

BOOST_AUTO_TEST_CASE(a_calls_own_headers_take_the_place_of_its_options)
{
    call_options call;
    call.captcha = captcha_proof(secret("proof"), "turnstile");
    call.sudo_token = secret("sudo");
    call.request_id = "id-1";
    call.headers = {
        header("x-captcha-token", "a"), header("x-captcha-type", "b"), header("x-fluxer-sudo-mode-jwt", "c"),
        header("x-request-id", "d")};
    BOOST_TEST(
        written(plain(), "GET", "/x", {}, {}, call) == "GET /v1/x HTTP/1.1\r\n" + std::string(common) +
                                                           "x-captcha-token: a\r\n"
                                                           "x-captcha-type: b\r\n"
                                                           "x-fluxer-sudo-mode-jwt: c\r\n"
                                                           "x-request-id: d\r\n"
                                                           "\r\n");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_like_a_clients_stays_beside_it)
{
    auto options = plain();
    options.headers = {header("X-One", "X-On: 1")};
    call_options call;
    call.headers = {header("X-On", "2"), header("X-One-", "3")};
    BOOST_TEST(
        written(options, "GET", "/x", {}, {}, call) == "GET /v1/x HTTP/1.1\r\n" + std::string(common) +
                                                           "X-One: X-On: 1\r\n"
                                                           "X-On: 2\r\n"
                                                           "X-One-: 3\r\n"
                                                           "\r\n");
}

BOOST_AUTO_TEST_CASE(a_clients_headers_take_the_place_of_the_librarys)
{
    auto options = plain();
    options.platform = "web";
    options.accept_language = "de";
    options.headers = {
        header("user-agent", "mine"), header("accept", "*/*"), header("x-fluxer-platform", "app"),
        header("accept-language", "fr")};
    BOOST_TEST(
        written(options, "GET", "/x", {}, {}) == "GET /v1/x HTTP/1.1\r\n"
                                                 "Host: api.example\r\n"
                                                 "Accept-Encoding: identity\r\n"
                                                 "user-agent: mine\r\n"
                                                 "accept: */*\r\n"
                                                 "x-fluxer-platform: app\r\n"
                                                 "accept-language: fr\r\n"
                                                 "\r\n");
}

BOOST_AUTO_TEST_CASE(what_a_call_says_takes_the_place_of_a_clients_headers)
{
    auto options = plain();
    options.headers = {
        header("authorization", "c"),          header("accept-language", "c"), header("x-captcha-token", "c"),
        header("x-captcha-type", "c"),         header("x-request-id", "c"),    header("X-One", "1"),
        header("x-fluxer-sudo-mode-jwt", "c"),
    };
    call_options call;
    call.accept_language = "fr";
    call.captcha = captcha_proof(secret("proof"), "turnstile");
    call.sudo_token = secret("sudo");
    call.request_id = "id-1";
    BOOST_TEST(
        written(options, "GET", "/x", {}, "t", call) == "GET /v1/x HTTP/1.1\r\n" + std::string(common) +
                                                            "X-One: 1\r\n"
                                                            "Accept-Language: fr\r\n"
                                                            "Authorization: t\r\n"
                                                            "X-Captcha-Token: proof\r\n"
                                                            "X-Captcha-Type: turnstile\r\n"
                                                            "X-Fluxer-Sudo-Mode-JWT: sudo\r\n"
                                                            "X-Request-ID: id-1\r\n"
                                                            "\r\n");
    BOOST_TEST(written(options, "GET", "/x", {}, {}).find("authorization: c\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_content_type_of_the_clients_own)
{
    auto options = plain();
    options.headers = {header("content-type", "application/vnd.x+json")};
    BOOST_TEST(
        written(options, "POST", "/x", "{}", {}) ==
        "POST /v1/x HTTP/1.1\r\n" + std::string(common) +
            "content-type: application/vnd.x+json\r\nContent-Length: 2\r\n\r\n{}");
    BOOST_TEST(written(options, "GET", "/x", {}, {}).find("content-type") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hosts)
{
    auto options = plain("https://[::1]:9443");
    BOOST_TEST(written(options, "GET", "/x", {}, {}).starts_with("GET /x HTTP/1.1\r\nHost: [::1]:9443\r\n"));
    options = plain("https://API.example:443/");
    BOOST_TEST(written(options, "GET", "/x", {}, {}).starts_with("GET /x HTTP/1.1\r\nHost: api.example\r\n"));
}

BOOST_AUTO_TEST_CASE(no_user_agent_if_none_is_wanted)
{
    auto options = plain();
    options.user_agent.clear();
    BOOST_TEST(written(options, "GET", "/x", {}, {}).find("User-Agent") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
