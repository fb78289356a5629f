#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <regex>
#include <stdexcept>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using versions = scripted_server::tls_versions;

namespace {

/// One call of a client made for it; its error.
error failing_call(client_options options, raw_request request = raw_request("GET", "/auth/sso/status"))
{
    asio::io_context context{1};
    client used(context.get_executor(), std::move(options));
    auto outcome = run(context, used.send(std::move(request)));
    run_until(context, [&] { return at_rest(used); });
    BOOST_REQUIRE(outcome.has_error());
    return outcome.error();
}

error failing_call_to(identity const& who, scripted_server::script steps, versions tls = versions::modern)
{
    scripted_server const server(who, std::move(steps), tls);
    return failing_call(patient_options(server));
}

error failing_login(login_request request)
{
    asio::io_context context{1};
    client used(context.get_executor(), patient_options("https://localhost:1/v1"));
    auto const outcome = run(context, used.login_user(std::move(request)));
    BOOST_REQUIRE(outcome.has_error());
    return outcome.error();
}

error refused_options(client_options options)
{
    asio::io_context context{1};
    try {
        client const never(context.get_executor(), std::move(options));
    } catch (exception const& e) {
        return e.error();
    }
    BOOST_FAIL("bad options were taken");
    return {};
}

certificate_options valid_from(long not_before, long not_after)
{
    certificate_options made;
    made.not_before = not_before;
    made.not_after = not_after;
    return made;
}

/// What differs from run to run is replaced.
std::string stable(std::string text)
{
    text = std::regex_replace(text, std::regex(R"((127\.0\.0\.1|localhost):\d+)"), "$1:PORT");
    text = std::regex_replace(text, std::regex(R"(timed out after \d+ ms)"), "timed out after N ms");
    return text;
}

/// A line for the README, and what it must be.
void check_line(std::string_view name, error const& e, errc code, phase where, std::string const& expected)
{
    auto const line = e.to_string();
    BOOST_TEST(line.find('\n') == std::string::npos);
    std::cout << "error_line " << name << " | " << stable(line) << '\n';
    BOOST_TEST(e.code() == make_error_code(code), name << ": " << line);
    BOOST_TEST(to_string(e.phase()) == to_string(where), name << ": " << line);
    BOOST_TEST(std::regex_match(line, std::regex(expected)), name << ": " << line);
    BOOST_TEST(!e.request_was_sent());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transport_errors, descriptor_baseline)

BOOST_AUTO_TEST_CASE(error_lines)
{
    auto const good = test_authority().issue();

    unsigned short stopped = 0;
    {
        scripted_server const server(good, serve_no_content);
        stopped = server.port();
    }
    check_line(
        "stopped server",
        failing_call(patient_options("https://localhost:" + std::to_string(stopped) + "/v1")),
        errc::connect_failed, phase::connect,
        R"(raw: no connection to 127\.0\.0\.1:\d+: Connection refused; nothing was sent, may be retried)");

    certificate_options of_another;
    of_another.common_name = "another authority";
    scripted_server const untrusted(good, serve_no_content);
    auto trusting_another = patient_options(untrusted);
    trusting_another.tls.ca_pem = authority::self_signed(of_another).chain;
    check_line(
        "wrong CA", failing_call(trusting_another), errc::tls_untrusted, phase::tls,
        R"(raw: certificate not trusted with 127\.0\.0\.1:\d+: unable to get local issuer certificate \(certificate verify failed \(SSL routines\)\); do not retry unchanged)");
    check_line(
        "self-signed", failing_call_to(authority::self_signed(), serve_no_content), errc::tls_untrusted,
        phase::tls,
        R"(raw: certificate not trusted with 127\.0\.0\.1:\d+: self-signed certificate \(certificate verify failed \(SSL routines\)\); do not retry unchanged)");

    certificate_options elsewhere;
    elsewhere.common_name = "localhost";
    elsewhere.names = {"DNS:elsewhere.example"};
    check_line(
        "wrong host", failing_call_to(test_authority().issue(elsewhere), serve_no_content),
        errc::tls_wrong_host, phase::tls,
        R"(raw: certificate of another host with 127\.0\.0\.1:\d+: [Hh]ostname mismatch \(certificate verify failed \(SSL routines\)\); do not retry unchanged)");
    check_line(
        "expired", failing_call_to(test_authority().issue(valid_from(-7200, -3600)), serve_no_content),
        errc::tls_expired, phase::tls,
        R"(raw: certificate expired or not valid yet with 127\.0\.0\.1:\d+: certificate has expired \(certificate verify failed \(SSL routines\)\); do not retry unchanged)");
    check_line(
        "not valid yet", failing_call_to(test_authority().issue(valid_from(3600, 7200)), serve_no_content),
        errc::tls_expired, phase::tls,
        R"(raw: certificate expired or not valid yet with 127\.0\.0\.1:\d+: certificate is not yet valid \(certificate verify failed \(SSL routines\)\); do not retry unchanged)");

    check_line(
        "plain HTTP",
        failing_call_to(
            good,
            [](peer& with) {
                with.send_plain("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                with.wait_for_close();
            }),
        errc::tls_failed, phase::tls,
        R"(raw: TLS handshake failed with 127\.0\.0\.1:\d+: (wrong version number|packet length too long) \(SSL routines\): the server does not seem to speak TLS on this port; nothing was sent, may be retried)");
    check_line(
        "handshake cut off",
        failing_call_to(
            good,
            [](peer& with) {
                with.half_close();
                with.wait_for_close();
            }),
        errc::tls_failed, phase::tls,
        R"(raw: TLS handshake failed with 127\.0\.0\.1:\d+: the connection ended in the TLS handshake: stream truncated; nothing was sent, may be retried)");
    check_line(
        "TLS 1.1 only", failing_call_to(good, serve_no_content, versions::up_to_1_1), errc::tls_failed,
        phase::tls,
        R"(raw: TLS handshake failed with 127\.0\.0\.1:\d+: tlsv1 alert protocol version \(SSL routines\); nothing was sent, may be retried)");

    auto unresolvable = patient_options("https://no-such-host.example/v1");
    unresolvable.resolver = [](std::string const&) -> std::vector<std::string> {
        throw std::runtime_error("Name or service not known");
    };
    check_line(
        "unknown host name", failing_call(unresolvable), errc::resolve_failed, phase::resolve,
        R"(raw: host name not resolved: Name or service not known \(Host not found \(authoritative\)\); nothing was sent, may be retried)");
    auto nowhere = unresolvable;
    nowhere.resolver = [](std::string const&) { return std::vector<std::string>{}; };
    check_line(
        "no address", failing_call(nowhere), errc::resolve_failed, phase::resolve,
        R"(raw: host name not resolved: the host has no address \(Host not found \(authoritative\)\); nothing was sent, may be retried)");

    auto unqueued = patient_options("https://localhost:" + std::to_string(stopped) + "/v1");
    unqueued.pool.max_waiting = 0;
    check_line(
        "full queue", failing_call(unqueued), errc::queue_full, phase::queue,
        R"(raw: queue full: 0 calls wait for a connection already \(pool\.max_waiting\); nothing was sent, may be retried)");

    check_line(
        "short password", failing_login({"me@example.com", "short"}), errc::invalid_request,
        phase::validation,
        R"(login_user: invalid request: password: must be 8 to 256 characters long, but has 5 .*\(PASSWORD_LENGTH_INVALID\); do not retry unchanged)");
    check_line(
        "invalid UTF-8", failing_login({"\xC3\x28@example.com", "correct horse"}), errc::invalid_request,
        phase::validation,
        R"(login_user: invalid request: email: is not valid UTF-8 \(INVALID_UTF8\); do not retry unchanged)");
    check_line(
        "NUL in a token",
        failing_call(
            patient_options("https://localhost:1/v1"),
            raw_request("GET", "/x").with_token(secret(std::string("abc\0def", 7)))),
        errc::invalid_request, phase::validation,
        R"(raw: invalid request: token: must be visible ASCII \(INVALID_FORMAT\); do not retry unchanged)");

    auto options = patient_options("https://localhost/v1");
    options.pool.max_connections = 0;
    check_line(
        "bad option", refused_options(options), errc::invalid_option, phase::validation,
        R"(invalid option: pool\.max_connections is 0; it must be 1-100000; do not retry unchanged)");
    check_line(
        "bad base URL", refused_options(client_options("http://localhost/v1")), errc::invalid_option,
        phase::validation,
        R"(invalid option: base_url begins with http://, which only the option allow_plain_http allows: passwords and tokens would travel readable; do not retry unchanged)");
    auto no_file = patient_options("https://localhost/v1");
    no_file.tls.ca_file = "/no/such/ca.pem";
    check_line(
        "no CA file", refused_options(no_file), errc::invalid_option, phase::validation,
        R"(invalid option: tls\.ca_file: cannot use '/no/such/ca\.pem' as a PEM file of certificates.*; do not retry unchanged)");
}

BOOST_AUTO_TEST_CASE(an_answer_cut_off)
{
    auto const e = failing_call_to(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
        with.half_close();
        with.wait_for_close();
    });
    std::cout << "error_line answer cut off | " << stable(e.to_string()) << '\n';
    BOOST_TEST(e.code() == make_error_code(errc::connection_lost));
    BOOST_TEST(to_string(e.phase()) == to_string(phase::body));
    BOOST_TEST(e.request_was_sent());
    BOOST_TEST((e.advice() == retry_advice::may_have_run));
}

BOOST_AUTO_TEST_CASE(fault_111_an_early_answer_is_heard_though_writing_fails)
{
    // 413 and close while the request is still being written (trap T30).
    auto const server = std::make_unique<scripted_server>(test_authority().issue(), [](peer& with) {
        if (!with.handshake() || !with.read_bytes(1000))
            return;
        with.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        with.close_notify();
        with.wait_for_close();
    });
    asio::io_context context{1};
    client used(context.get_executor(), patient_options(*server));
    auto request = raw_request("POST", "/x").with_body(secret(std::string(512 * 1024, 'x')));
    auto const outcome = run(context, used.send(std::move(request)));
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), outcome.error());
    BOOST_TEST(outcome->status == 413);
    BOOST_TEST(used.stats().connections_idle == 0U);
}

BOOST_AUTO_TEST_CASE(fault_092_a_black_hole_first_costs_a_head_start_only)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    black_hole const hole(server.port());
    auto options = patient_options(server);
    options.resolver = [](std::string const&) {
        return std::vector<std::string>{black_hole::address, "127.0.0.1"};
    };
    asio::io_context context{1};
    client used(context.get_executor(), options);
    auto const outcome = run(context, used.send(raw_request("GET", "/x")));
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), outcome.error());
    BOOST_TEST(sockets_to(server.port()) == 1U);
}

BOOST_AUTO_TEST_CASE(dead_addresses_are_skipped)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    auto options = patient_options(server);
    // Nothing listens there; some machines have no IPv6 at all, and one entry is no address.
    options.resolver = [](std::string const&) {
        return std::vector<std::string>{"::1", "nonsense", "127.0.0.3", "127.0.0.1"};
    };
    asio::io_context context{1};
    client used(context.get_executor(), options);
    auto const outcome = run(context, used.send(raw_request("GET", "/x")));
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), outcome.error());
    BOOST_TEST(used.stats().connect_failures == 0U);
}

BOOST_AUTO_TEST_CASE(an_address_is_verified_as_one)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    asio::io_context context{1};
    client used(context.get_executor(), patient_options(server.base_url("127.0.0.1")));
    BOOST_TEST(run(context, used.send(raw_request("GET", "/x"))).has_value());

    certificate_options names_only;
    names_only.names = {"DNS:localhost"};
    scripted_server const other(test_authority().issue(names_only), serve_no_content);
    auto const e = failing_call(patient_options(other.base_url("127.0.0.1")));
    BOOST_TEST(e.code() == make_error_code(errc::tls_wrong_host), e);
}

BOOST_AUTO_TEST_SUITE_END()
