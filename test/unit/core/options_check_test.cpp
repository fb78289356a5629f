#include "core/options_check.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace auth = fluxer::auth;
using auth::core::check;
using namespace std::chrono_literals;

namespace {

template <class Change>
std::string client_problem(Change change)
{
    auth::client_options options;
    change(options);
    auto const found = check(options);
    if (found)
        BOOST_TEST((found->code == auth::errc::invalid_option));
    return found ? found->message : "";
}

std::string call_problem(auth::call_options const& options)
{
    auto const found = check(options);
    return found ? found->message : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(defaults_are_good)
{
    BOOST_TEST(!check(auth::client_options()));
    BOOST_TEST(!check(auth::call_options()));
    BOOST_TEST(!check(auth::client_options("https://127.0.0.1:8443/v1")));
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_are_named)
{
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.max_connections = 0;
               }) == "pool.max_connections is 0; it must be 1-100000");
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.max_waiting = 10'000'001;
               }) == "pool.max_waiting is 10000001; it must be 0-10000000");
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.max_age_jitter_percent = 51;
               }) == "pool.max_age_jitter_percent is 51; it must be 0-50");
    BOOST_TEST(
        client_problem([](auto& o) { o.limits.call = 0ms; }) == "limits.call is 0 ms; it must be 1 ms-24 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.limits.first_byte = 25h;
               }) == "limits.first_byte is 25 h; it must be 1 ms-24 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.idle_timeout = -5ms;
               }) == "pool.idle_timeout is -5 ms; it must be 1 ms-24 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.max_body_bytes = 10;
               }) == "max_body_bytes is 10; it must be 1024-67108864");
    BOOST_TEST(client_problem([](auto& o) {
                   o.resolver_cache = -1ms;
               }) == "resolver_cache is -1 ms; it must be 0 ms-24 h");
}

BOOST_AUTO_TEST_CASE(bounds_belong_to_the_range)
{
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.max_connections = 1;
                   o.pool.max_connecting = 100'000;
                   o.pool.max_waiting = 0;
                   o.pool.max_age_jitter_percent = 0;
                   o.limits.call = 24h;
                   o.limits.send = 1ms;
                   o.resolver_cache = 0ms;
                   o.max_header_bytes = 1024;
                   o.max_body_bytes = 64 * 1024 * 1024;
               }) == "");
}

BOOST_AUTO_TEST_CASE(texts_are_checked)
{
    BOOST_TEST(
        client_problem([](auto& o) { o.base_url = "http://a.example"; }) ==
        "base_url begins with http://, which only the option allow_plain_http allows: passwords and "
        "tokens would travel readable");
    BOOST_TEST(client_problem([](auto& o) {
                   o.platform = "tv";
               }) == "platform is \"tv\"; it must be web, desktop, mobile or empty");
    BOOST_TEST(
        client_problem([](auto& o) { o.user_agent = "a\r\nb"; }) ==
        "user_agent can't be a header's value: it has a control character, or a blank at its start or end");
    BOOST_TEST(client_problem([](auto& o) {
                   o.tls.client_key_file = "k.pem";
               }) == "tls.client_key_file is set; tls.client_certificate_file must be set too");
    BOOST_TEST(client_problem([](auto& o) {
                   o.tls.server_name = "a b";
               }) == "tls.server_name is \"a b\"; it must be a host name or an IP address");
    BOOST_TEST(client_problem([](auto& o) { o.tls.server_name = "::1"; }) == "");
    BOOST_TEST(client_problem([](auto& o) { o.tls.server_name = "a.example"; }) == "");
}

BOOST_AUTO_TEST_CASE(headers_are_checked_and_their_values_not_shown)
{
    BOOST_TEST(client_problem([](auto& o) { o.headers.emplace_back("X-Forwarded-For", "10.0.0.1"); }) == "");
    BOOST_TEST(client_problem([](auto& o) {
                   o.headers.emplace_back("Host", "x");
               }) == "headers[0].name is \"Host\"; this header is the client's own");
    auto const problem = client_problem([](auto& o) {
        o.headers.emplace_back("A", "b");
        o.headers.emplace_back("Authorization", "hunter2\n");
    });
    BOOST_TEST(problem.starts_with("headers[1].value (Authorization) can't be a header's value"));
    BOOST_TEST(problem.find("hunter2") == std::string::npos);
    BOOST_TEST(client_problem([](auto& o) {
                   o.headers.emplace_back("a b", "c");
               }).starts_with("headers[0].name is \"a b\"; it must be a token"));
}

BOOST_AUTO_TEST_CASE(calls_are_checked)
{
    BOOST_TEST(call_problem(auth::call_options(0ms)) == "");
    BOOST_TEST(call_problem(auth::call_options(-1ms)) == "");
    BOOST_TEST(call_problem(auth::call_options(25h)) == "timeout is 25 h; it must be 0 ms-24 h");
    BOOST_TEST(call_problem(auth::call_options().with_request_id("a b")) == "");
    BOOST_TEST(call_problem(auth::call_options().with_request_id("a\n")).starts_with("request_id can't be"));
    BOOST_TEST(
        call_problem(auth::call_options().with_captcha(auth::captcha_proof(""))) == "captcha.token is empty");
    auto const problem = call_problem(auth::call_options().with_sudo_token("hunter2\r\n"));
    BOOST_TEST(problem.starts_with("sudo_token can't be"));
    BOOST_TEST(problem.find("hunter2") == std::string::npos);
    BOOST_TEST(call_problem(auth::call_options().with_header("Transfer-Encoding", "x"))
                   .starts_with("headers[0].name is \"Transfer-Encoding\""));
}

BOOST_AUTO_TEST_CASE(setters_set)
{
    auto const options = auth::client_options("https://a.example")
                             .with_ca_pem("pem")
                             .with_ca_file("file")
                             .with_max_connections(7)
                             .with_timeout(9ms);
    BOOST_TEST(options.base_url == "https://a.example");
    BOOST_TEST(options.tls.ca_pem == "pem");
    BOOST_TEST(options.tls.ca_file == "file");
    BOOST_TEST(options.pool.max_connections == 7U);
    BOOST_TEST((options.limits.call == 9ms));
    auto const call = auth::call_options().with_timeout(5ms).with_header("A", "b");
    BOOST_TEST((call.timeout == 5ms));
    BOOST_TEST((call.headers.front() == auth::header("A", "b")));
    auto const raw = auth::raw_request("GET", "/x").with_body("{}").with_token("t").as_repeatable();
    BOOST_TEST(raw.repeatable);
    BOOST_TEST(raw.body.value().reveal() == "{}");
    auth::raw_response response;
    response.headers.emplace_back("X-Request-ID", "1");
    BOOST_TEST(response.header_value("x-request-id") == "1");
    BOOST_TEST(response.header_value("x").empty());
}

BOOST_AUTO_TEST_CASE(retry_options_have_ranges)
{
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.max_attempts = 0;
               }) == "retry.max_attempts is 0; it must be 1-10");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.max_attempts = 11;
               }) == "retry.max_attempts is 11; it must be 1-10");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.budget_percent = 101;
               }) == "retry.budget_percent is 101; it must be 0-100");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.budget_reserve = 1'000'001;
               }) == "retry.budget_reserve is 1000001; it must be 0-1000000");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.base_pause = -1ms;
               }) == "retry.base_pause is -1 ms; it must be 0 ms-1 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.max_pause = 2h;
               }) == "retry.max_pause is 2 h; it must be 0 ms-1 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.retry.max_attempts = 10;
                   o.retry.budget_percent = 0;
                   o.retry.budget_reserve = 0;
                   o.retry.base_pause = 0ms;
                   o.retry.max_pause = 1h;
               }) == "");
    auth::call_options call;
    call.max_attempts = 0;
    BOOST_TEST(call_problem(call) == "max_attempts is 0; it must be 1-10");
    call.max_attempts = 11;
    BOOST_TEST(call_problem(call) == "max_attempts is 11; it must be 1-10");
    call.max_attempts = 10;
    BOOST_TEST(call_problem(call) == "");
}

BOOST_AUTO_TEST_CASE(fields_name_what_is_wrong_with_a_call)
{
    auto const field_of = [](auth::call_options const& options) {
        auto const found = check(options);
        BOOST_REQUIRE(found.has_value());
        BOOST_REQUIRE(found->fields.size() == 1U);
        return found->fields[0];
    };
    BOOST_TEST(
        (field_of(auth::call_options().with_max_attempts(11)) ==
         auth::field_error("max_attempts", "", "is 11; it must be 1-10")));
    BOOST_TEST(field_of(auth::call_options(25h)).path == "timeout");
    BOOST_TEST(field_of(auth::call_options().with_sudo_token("")).path == "sudo_token");
    BOOST_TEST(field_of(auth::call_options().with_captcha(auth::captcha_proof(""))).path == "captcha.token");
    BOOST_TEST(field_of(auth::call_options().with_request_id("a\nb")).path == "request_id");
    auto const name = field_of(auth::call_options().with_header("X", "1").with_header("a b", "1"));
    BOOST_TEST(name.path == "headers.1.name");
    auto const value = field_of(auth::call_options().with_header("X-One", "a\nb"));
    BOOST_TEST(value.path == "headers.0.value");
    BOOST_TEST(value.message.starts_with("(X-One) can't be a header's value"));
}

BOOST_AUTO_TEST_CASE(pauses_between_dials_have_ranges)
{
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.dial_backoff = -1ms;
               }) == "pool.dial_backoff is -1 ms; it must be 0 ms-1 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.pool.max_dial_backoff = 2h;
               }) == "pool.max_dial_backoff is 2 h; it must be 0 ms-1 h");
    BOOST_TEST(client_problem([](auto& o) {
                   o.limits.proxy = 0ms;
               }) == "limits.proxy is 0 ms; it must be 1 ms-24 h");
}

BOOST_AUTO_TEST_CASE(proxies_are_checked)
{
    BOOST_TEST(client_problem([](auto& o) {
                   o.proxy.url = "http://proxy.example:3128";
                   o.proxy.username = "ada";
                   o.proxy.password = auth::secret("love:lace");
               }) == "");
    BOOST_TEST(client_problem([](auto& o) {
                   o.proxy.url = "https://proxy.example:3128";
               }).starts_with("proxy.url must begin with http://"));
    BOOST_TEST(client_problem([](auto& o) {
                   o.proxy.url = "http://proxy.example:70000";
               }).starts_with("proxy.url needs a host and a port"));
    BOOST_TEST(client_problem([](auto& o) {
                   o.proxy.url = "http://proxy.example:3128";
                   o.proxy.username = "a:b";
               }) == "proxy.username holds a ':', which Basic authentication cannot carry");
    auto const alone = client_problem([](auto& o) {
        o.proxy.url = "http://proxy.example:3128";
        o.proxy.password = auth::secret("lovelace");
    });
    BOOST_TEST(alone == "proxy.password is set; proxy.username must be set too");
    auto const within = client_problem([](auto& o) { o.proxy.url = "http://ada:lovelace@proxy.example:1"; });
    BOOST_TEST(within.starts_with("proxy.url holds a user or password"));
    BOOST_TEST(within.find("lovelace") == std::string::npos);
    // Without a URL there is no proxy, so the rest does not matter.
    BOOST_TEST(client_problem([](auto& o) { o.proxy.username = "a:b"; }) == "");
}

BOOST_AUTO_TEST_CASE(pins_and_lists_are_checked)
{
    auto const pinned = [](std::string pin) {
        return client_problem([&](auto& o) { o.tls.pins = {"sha256/" + std::string(43, 'A') + "=", pin}; });
    };
    BOOST_TEST(pinned("sha256/" + std::string(42, '+') + "/=") == "");
    for (auto const& bad :
         {std::string(), std::string("sha256/"), "sha1/" + std::string(43, 'A') + "=",
          "sha256/" + std::string(42, 'A') + "=", "sha256/" + std::string(44, 'A') + "=",
          "sha256/" + std::string(44, 'A'), "sha256/" + std::string(42, 'A') + "==",
          "sha256/" + std::string(42, 'A') + "-=", " sha256/" + std::string(43, 'A') + "=",
          "SHA256/" + std::string(43, 'A') + "=", "sha256//" + std::string(43, 'A') + "="})
        BOOST_TEST(
            pinned(bad) == "tls.pins[1] is \"" + bad + "\"; it must be sha256/ and the base64 of 32 bytes");
    BOOST_TEST(client_problem([](auto& o) {
                   o.tls.danger_accept_any_certificate = true;
                   o.tls.crl_file = "/x";
               }) == "tls.crl_file is set, but tls.danger_accept_any_certificate turns all verification off");
}

BOOST_AUTO_TEST_CASE(plain_http_goes_with_no_option_of_tls)
{
    auto const plain_with = [](auto change) {
        return client_problem([&](auto& o) {
            o.base_url = "http://localhost:8080/v1";
            o.allow_plain_http = true;
            change(o.tls);
        });
    };
    auto const refused = [](std::string const& name) {
        return name + " is set, but base_url begins with http://, where there is no TLS";
    };
    auto const pin = "sha256/" + std::string(43, 'A') + "=";
    BOOST_TEST(plain_with([](auto&) {}) == "");
    BOOST_TEST(plain_with([](auto& tls) { tls.ca_file = "x"; }) == refused("tls.ca_file"));
    BOOST_TEST(plain_with([](auto& tls) { tls.ca_pem = "x"; }) == refused("tls.ca_pem"));
    BOOST_TEST(plain_with([](auto& tls) {
                   tls.client_certificate_file = "x";
               }) == refused("tls.client_certificate_file"));
    BOOST_TEST(plain_with([](auto& tls) { tls.client_key_file = "x"; }) == refused("tls.client_key_file"));
    BOOST_TEST(plain_with([](auto& tls) { tls.server_name = "x"; }) == refused("tls.server_name"));
    BOOST_TEST(plain_with([](auto& tls) { tls.crl_file = "x"; }) == refused("tls.crl_file"));
    BOOST_TEST(plain_with([&](auto& tls) { tls.pins.push_back(pin); }) == refused("tls.pins"));
    BOOST_TEST(plain_with([](auto& tls) {
                   tls.danger_accept_any_certificate = true;
               }) == refused("tls.danger_accept_any_certificate"));
    // The option alone changes nothing.
    BOOST_TEST(client_problem([&](auto& o) {
                   o.allow_plain_http = true;
                   o.tls.pins.push_back(pin);
               }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
