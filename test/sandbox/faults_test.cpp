#include "served.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace sandbox_test;
using fluxer::auth::sandbox_fault;
using fluxer::auth::sandbox_fault_kind;

namespace {

constexpr auto status_path = "/v1/auth/sso/status";

} // namespace

BOOST_FIXTURE_TEST_SUITE(faults, served)

BOOST_AUTO_TEST_CASE(answers_of_proxies_and_of_an_overloaded_server)
{
    server.set_fault("get_sso_status", sandbox_fault(sandbox_fault_kind::html));
    auto const page = client.get(status_path);
    BOOST_TEST(page.status == 502);
    BOOST_TEST(page.header("content-type") == "text/html");
    BOOST_TEST(page.header("x-request-id") == "");
    BOOST_TEST(client.get(status_path).status == 200);

    server.set_fault("*", sandbox_fault(sandbox_fault_kind::overloaded, 2));
    auto const busy = client.get(status_path);
    BOOST_TEST(busy.status == 503);
    BOOST_TEST(busy.header("retry-after") == "5");
    BOOST_TEST(busy.body.find("code") == std::string::npos);
    BOOST_TEST(client.get("/nowhere").status == 503);
    BOOST_TEST(client.get("/nowhere").status == 404);
    BOOST_TEST(server.counters().faults_injected == 3U);
}

BOOST_AUTO_TEST_CASE(delays)
{
    sandbox_fault fault(sandbox_fault_kind::delay, -1);
    fault.latency = std::chrono::milliseconds{60};
    server.set_fault("get_sso_status", fault);
    auto const start = std::chrono::steady_clock::now();
    BOOST_TEST(client.get(status_path).status == 200);
    BOOST_TEST(client.get(status_path).status == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - start >= std::chrono::milliseconds{120}));
    server.clear_faults();
}

BOOST_AUTO_TEST_CASE(a_reset_before_has_no_effect_and_one_after_has)
{
    server.set_fault("login_user", sandbox_fault(sandbox_fault_kind::reset_before));
    BOOST_TEST(login().status == 0);
    BOOST_TEST(server.sessions_of(email).empty());

    https_client second(server.port(), server.ca_pem());
    server.set_fault("login_user", sandbox_fault(sandbox_fault_kind::reset_after));
    BOOST_TEST(second.post("/v1/auth/login", {{"email", email}, {"password", password}}).status == 0);
    BOOST_TEST(server.sessions_of(email).size() == 1U);

    https_client third(server.port(), server.ca_pem());
    server.set_fault("get_sso_status", sandbox_fault(sandbox_fault_kind::truncate));
    auto const cut = third.get(status_path);
    BOOST_TEST(cut.status == 0);
    BOOST_TEST(cut.head.find("200 OK") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refused_connections)
{
    server.set_fault("*", sandbox_fault(sandbox_fault_kind::refuse));
    BOOST_CHECK_THROW(https_client(server.port(), server.ca_pem()), std::runtime_error);
    BOOST_TEST(client.get(status_path).status == 200);
    https_client again(server.port(), server.ca_pem());
    BOOST_TEST(again.get(status_path).status == 200);
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused)
{
    sandbox_fault fault;
    BOOST_CHECK_THROW(server.set_fault("nothing", fault), std::invalid_argument);
    fault.status = 200;
    BOOST_CHECK_THROW(server.set_fault("*", fault), std::invalid_argument);
    BOOST_CHECK_THROW(
        server.set_fault("login_user", sandbox_fault(sandbox_fault_kind::refuse)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
