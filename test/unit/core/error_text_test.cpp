#include <fluxer/auth/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace auth = fluxer::auth;
using auth::errc;
using auth::phase;

namespace {

auth::error_info login_failure(errc code)
{
    auth::error_info info;
    info.code = code;
    info.operation = auth::operation::login_user;
    return info;
}

auth::error_info lost_answer(errc code)
{
    auto info = login_failure(code);
    info.phase = phase::first_byte;
    info.remote_endpoint = "127.0.0.1:8443";
    info.request_was_sent = true;
    info.attempts = 1;
    return info;
}

auth::error_info api_answer(errc code, int status, std::string code_text)
{
    auto info = login_failure(code);
    info.phase = phase::done;
    info.http_status = status;
    info.api_code_text = std::move(code_text);
    info.request_was_sent = true;
    info.answer_began = true;
    info.attempts = 1;
    info.remote_endpoint = "127.0.0.1:8443";
    return info;
}

std::string line(auth::error_info info)
{
    return auth::error(std::move(info)).to_string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_lines)

BOOST_AUTO_TEST_CASE(time_out_of_a_sent_request)
{
    auto info = lost_answer(errc::timed_out);
    info.elapsed = auth::milliseconds(300);
    info.limit = auth::milliseconds(300);
    BOOST_TEST(
        line(info) ==
        "login_user: timed out after 300 ms (limit 300 ms) waiting for the first byte of the answer from "
        "127.0.0.1:8443; the request was sent and may have taken effect (attempt 1)");
}

BOOST_AUTO_TEST_CASE(time_out_in_the_queue)
{
    auto info = login_failure(errc::timed_out);
    info.phase = phase::queue;
    info.elapsed = auth::milliseconds(20'003);
    info.limit = auth::milliseconds(20'000);
    info.message = "the last connect failed";
    info.cause = boost::asio::error::connection_refused;
    BOOST_TEST(
        line(info) ==
        "login_user: timed out after 20003 ms (limit 20 s) waiting for a connection: the last connect failed "
        "(Connection refused); nothing was sent, may be retried");
}

BOOST_AUTO_TEST_CASE(a_cause_in_the_words_of_the_message)
{
    auto info = login_failure(errc::connect_failed);
    info.phase = phase::connect;
    info.remote_endpoint = "127.0.0.1:8443";
    info.cause = boost::asio::error::connection_refused;
    info.message = info.cause.message();
    BOOST_TEST(
        line(info) ==
        "login_user: no connection to 127.0.0.1:8443: Connection refused; nothing was sent, may be "
        "retried");
}

BOOST_AUTO_TEST_CASE(rejected_fields)
{
    auto info = api_answer(errc::rejected_input, 400, "INVALID_FORM_BODY");
    info.message = "Input Validation Error";
    info.fields.emplace_back("email", "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password.");
    info.request_id = "3f2a";
    BOOST_TEST(
        line(info) == "login_user: 400 INVALID_FORM_BODY: email: Invalid email or password. "
                      "(INVALID_EMAIL_OR_PASSWORD); do "
                      "not retry unchanged [request 3f2a]");
}

BOOST_AUTO_TEST_CASE(many_fields_are_cut_short)
{
    auto info = api_answer(errc::rejected_input, 400, "INVALID_FORM_BODY");
    for (int index = 0; index < 7; ++index)
        info.fields.emplace_back("f" + std::to_string(index), "C", "bad");
    BOOST_TEST(
        line(info) == "login_user: 400 INVALID_FORM_BODY: f0: bad (C), f1: bad (C), f2: bad (C), f3: bad "
                      "(C), f4: bad (C) and 2 "
                      "more; do not retry unchanged");
}

BOOST_AUTO_TEST_CASE(invalid_request)
{
    auto info = login_failure(errc::invalid_request);
    info.fields.emplace_back("password", "", "must have 8-256 characters");
    BOOST_TEST(
        line(info) ==
        "login_user: invalid request: password: must have 8-256 characters; do not retry unchanged");
}

BOOST_AUTO_TEST_CASE(what_helpers_say_belongs_to_no_operation)
{
    auth::error_info info;
    info.code = errc::wrong_passphrase;
    BOOST_TEST(line(info) == "wrong passphrase; do not retry unchanged");
    info.code = errc::not_an_instance;
    info.http_status = 200;
    info.message = "the answer is not JSON";
    BOOST_TEST(
        line(info) == "not a Fluxer instance (status 200): the answer is not JSON; do not retry unchanged");
    info.phase = phase::decode;
    info.remote_endpoint = "127.0.0.1:8443";
    info.helper = "discover";
    BOOST_TEST(
        line(info) == "not a Fluxer instance (status 200): the answer is not JSON; do not retry unchanged");
    info.code = errc::not_found;
    BOOST_TEST(line(info).starts_with("discover: 200 not found: "));
}

BOOST_AUTO_TEST_CASE(invalid_option_of_a_client)
{
    auth::error_info info;
    info.code = errc::invalid_option;
    info.message = "pool.max_connections is 0; it must be 1-100000";
    BOOST_TEST(
        line(info) ==
        "invalid option: pool.max_connections is 0; it must be 1-100000; do not retry unchanged");
}

BOOST_AUTO_TEST_CASE(queue_full)
{
    auto info = login_failure(errc::queue_full);
    info.phase = phase::queue;
    info.message = "10000 calls wait for a connection (pool.max_waiting)";
    BOOST_TEST(
        line(info) ==
        "login_user: queue full: 10000 calls wait for a connection (pool.max_waiting); nothing was "
        "sent, may be retried");
}

BOOST_AUTO_TEST_CASE(rate_limited)
{
    auto info = api_answer(errc::rate_limited, 429, "RATE_LIMITED");
    info.message = "You are being rate limited.";
    info.retry_after = auth::milliseconds(1'500);
    info.attempts = 2;
    BOOST_TEST(
        line(info) ==
        "login_user: 429 RATE_LIMITED: You are being rate limited.; may be retried after 1500 ms "
        "(attempt 2)");
}

BOOST_AUTO_TEST_CASE(connection_lost_of_a_repeatable_operation)
{
    auto info = lost_answer(errc::connection_lost);
    info.operation = auth::operation::list_auth_sessions;
    info.repeatable = true;
    info.attempts = 2;
    info.cause = boost::asio::error::eof;
    BOOST_TEST(
        line(info) == "list_auth_sessions: connection lost waiting for the first byte of the answer from "
                      "127.0.0.1:8443: End of file; the operation is repeatable, may be retried (attempt 2)");
}

BOOST_AUTO_TEST_CASE(untrusted_certificate)
{
    auto info = login_failure(errc::tls_untrusted);
    info.phase = phase::tls;
    info.remote_endpoint = "127.0.0.1:443";
    info.message = "self-signed certificate";
    info.attempts = 1;
    BOOST_TEST(
        line(info) ==
        "login_user: certificate not trusted with 127.0.0.1:443: self-signed certificate; do not "
        "retry unchanged (attempt 1)");
}

BOOST_AUTO_TEST_CASE(answer_of_a_proxy)
{
    auto info = api_answer(errc::proxy_error, 502, "");
    info.body_excerpt = "<html>not to be seen</html>";
    BOOST_TEST(
        line(info) ==
        "login_user: 502 not answered by the API; the request was sent and may have taken effect");
}

BOOST_AUTO_TEST_CASE(server_texts_stay_on_one_line_and_short)
{
    auto info = api_answer(errc::rejected_input, 400, "CODE\r\nX: y");
    info.fields.emplace_back("a\nb", "C\tD", std::string(1000, 'm') + "\x1b[31m");
    info.fields.emplace_back("", "", "");
    info.request_id = "id\r\nSet-Cookie: x";
    auto const text = line(info);
    BOOST_TEST(std::none_of(text.begin(), text.end(), [](unsigned char character) {
        return character < 0x20 || character == 0x7F;
    }));
    BOOST_TEST(text.find(std::string(200, 'm') + "…") == std::string::npos);
    BOOST_TEST(text.size() < 600U);
}

BOOST_AUTO_TEST_CASE(no_secret_is_in_the_line)
{
    std::string const token = "flx_" + std::string(36, 'k');
    std::string const ticket(64, 't');
    auto info = api_answer(errc::ip_authorization_required, 403, "IP_AUTHORIZATION_REQUIRED");
    info.message = "The token " + token + " and ticket=" + ticket + " are refused";
    info.ip_authorization.emplace(ticket, "me@example.com", std::chrono::seconds(30));
    info.fields.emplace_back("token", "INVALID", "not " + token);
    info.body_excerpt = token;
    auto const with_fields = line(info);
    info.fields.clear();
    auto const without_fields = line(info);
    for (auto const& text : {with_fields, without_fields}) {
        BOOST_TEST(text.find(token) == std::string::npos);
        BOOST_TEST(text.find(ticket) == std::string::npos);
        BOOST_TEST(text.find("me@example.com") == std::string::npos);
        BOOST_TEST(text.find("[redacted]") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
