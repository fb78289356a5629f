#include "served.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>

using namespace sandbox_test;
using fluxer::auth::sandbox;
using fluxer::auth::sandbox_options;

BOOST_AUTO_TEST_SUITE(https_server)

BOOST_FIXTURE_TEST_CASE(transport, served)
{
    BOOST_TEST(client.tls_version() == "TLSv1.3");
    BOOST_TEST(client.protocol() == "http/1.1");
    auto const echoed = client.get("/v1/auth/sso/status", {{"X-Request-ID", "abc-1"}});
    BOOST_TEST(echoed.header("x-request-id") == "abc-1");
    BOOST_TEST(client.get("/auth/sso/status").header("x-request-id").size() == 36U);

    auto const empty = client.post("/v1/auth/logout");
    BOOST_TEST(empty.status == 204);
    BOOST_TEST(empty.header("content-length") == "");
    BOOST_TEST(empty.header("content-type") == "text/plain; charset=UTF-8");

    BOOST_TEST(client.send("HEAD", "/v1/auth/sso/status", "").status == 200);
    BOOST_TEST(client.send("OPTIONS", "/v1/anything", "").status == 204);
    BOOST_TEST(client.get("/v1/auth/login").text("code") == "NOT_FOUND");
    BOOST_TEST(client.get("/v1/auth/sso/status/").status == 404);
    BOOST_TEST(server.counters().tls_handshakes == 1U);
}

BOOST_FIXTURE_TEST_CASE(chunked_requests, served)
{
    auto const answer =
        client.send_raw("POST /v1/auth/forgot HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "b\r\n{\"email\":\"a\r\n10\r\nnn@example.com\"}\r\n0\r\n\r\n");
    BOOST_TEST(answer.status == 204);
    BOOST_TEST(server.outbox(email).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_waits_for_100, served)
{
    auto const asked = client.send_raw(
        "POST /v1/auth/forgot HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 27\r\n\r\n");
    BOOST_TEST(asked.status == 100);
    BOOST_TEST(client.send_raw("{\"email\":\"ann@example.com\"}").status == 204);
}

BOOST_AUTO_TEST_CASE(hostile_input_is_bounded)
{
    auto const expect_rejection = [](std::string const& bytes, int status) {
        served one;
        BOOST_TEST(one.client.send_raw(bytes).status == status);
        BOOST_TEST(one.client.get("/v1/auth/sso/status").status == 0);
    };
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 400; ++i)
        many += "X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
    expect_rejection(many + "\r\n", 431);
    expect_rejection("GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n", 431);
    expect_rejection("nonsense\r\n\r\n", 400);
    expect_rejection("POST /v1/auth/login HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", 413);
}

BOOST_FIXTURE_TEST_CASE(rate_limits_tell_and_revoke, served)
{
    BOOST_TEST(client.get("/v1/auth/sso/status").header("x-ratelimit-limit") == "");
    server.set_rate_limits(true);
    auto const first = client.get("/v1/auth/sso/status");
    BOOST_TEST(first.header("x-ratelimit-limit") == "10");
    BOOST_TEST(first.header("x-ratelimit-remaining") == "9");
    for (int i = 0; i < 9; ++i)
        BOOST_TEST(client.post("/v1/auth/sso/start").status == 403); // the same bucket
    auto refused = client.get("/v1/auth/sso/status");
    // A slot is free again after a second.
    for (int more = 0; more < 100 && refused.status == 200; ++more)
        refused = client.get("/v1/auth/sso/status");
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.header("retry-after") == "1");
    BOOST_TEST(refused.header("x-ratelimit-global") == "false");
    BOOST_TEST(refused.json().at("retry_after").as_int64() == 1);

    auto const token = server.create_session(email);
    headers const by = {{"Authorization", token}};
    int tries = 0;
    while (tries < 5'000 && server.is_session(token)) {
        client.get("/v1/auth/sso/status", by);
        ++tries;
    }
    BOOST_TEST(tries > 50);
    BOOST_TEST(!server.is_session(token));
}

BOOST_FIXTURE_TEST_CASE(inner_limits_of_login, served)
{
    server.set_rate_limits(true);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(login("wrong-password").status == 400);
    auto const refused = login();
    BOOST_TEST(refused.status == 429);
    auto const wait = std::stoi(std::string(refused.header("retry-after")));
    BOOST_TEST((wait > 60 && wait <= 180), wait); // 180 less the time since the first
    server.advance_clock(std::chrono::minutes{3});
    BOOST_TEST(login().status == 200);
}

BOOST_AUTO_TEST_CASE(overload)
{
    sandbox_options options;
    options.max_in_flight = 1;
    sandbox server(options);
    fluxer::auth::sandbox_fault slow(fluxer::auth::sandbox_fault_kind::delay);
    slow.latency = std::chrono::seconds{3};
    server.set_fault("get_sso_status", slow);
    std::thread first([&server] {
        https_client client(server.port(), server.ca_pem());
        BOOST_TEST(client.get("/v1/auth/sso/status").status == 200);
    });
    while (server.counters().in_flight == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    https_client client(server.port(), server.ca_pem());
    BOOST_TEST(client.get("/v1/auth/sso/status").status == 503);
    first.join();
}

BOOST_AUTO_TEST_CASE(idle_connections_end)
{
    sandbox_options options;
    options.idle_timeout = std::chrono::seconds{3};
    sandbox server(options);
    https_client client(server.port(), server.ca_pem());
    BOOST_TEST(client.get("/v1/auth/sso/status").status == 200);
    BOOST_TEST(client.send_raw("GET").status == 0); // half a request, and no more
    BOOST_TEST(server.counters().connections_accepted == 1U);
}

BOOST_AUTO_TEST_CASE(options_out_of_range)
{
    sandbox_options options;
    options.address = "0.0.0.0";
    BOOST_CHECK_THROW(sandbox{options}, std::invalid_argument);
    options = {};
    options.altcha_max_number = 0;
    BOOST_CHECK_THROW(sandbox{options}, std::invalid_argument);
    options = {};
    options.threads = 0;
    BOOST_CHECK_THROW(sandbox{options}, std::invalid_argument);
    sandbox first;
    options = {};
    options.port = first.port();
    BOOST_CHECK_THROW(sandbox{options}, std::system_error);
    BOOST_TEST(sandbox::operation_ids().size() == 28U);
    BOOST_TEST(sandbox::newer_operation_ids().size() == 5U);
}

BOOST_AUTO_TEST_CASE(several_threads)
{
    sandbox_options options;
    options.threads = 3;
    sandbox server(options);
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&server] {
            https_client client(server.port(), server.ca_pem());
            for (int n = 0; n < 50; ++n)
                client.post("/v1/auth/handoff/initiate");
        });
    for (auto& one : clients)
        one.join();
    BOOST_TEST(server.counters().requests_by_operation.at("initiate_handoff") == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
