#include "support/fixture.hpp"

#include <fluxer/auth/discovery.hpp>
#include <fluxer/auth/observer.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;

sandbox_options without_tls()
{
    sandbox_options wanted;
    wanted.plain_http = true;
    return wanted;
}

class kinds_seen : public observer
{
public:
    void on_event(event const& what) override { kinds.push_back(what.kind); }

    bool saw(event_kind kind) const { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }

    std::vector<event_kind> kinds;
};

class plain_fixture
{
public:
    plain_fixture()
        : server(without_tls())
    {
        server.create_account({email, password});
    }

    client_options options() const
    {
        auto wanted = client_options(server.base_url()).with_allow_plain_http(true);
        wanted.rate.governor = std::make_shared<local_rate_governor>();
        return wanted;
    }

    client make_client() { return client(run.executor(), options()); }

    template <class T>
    T ok(boost::asio::awaitable<result<T>> call, source_location at = source_location::current())
    {
        return value_of(run(std::move(call)), at);
    }

    template <class T>
    error fails(boost::asio::awaitable<result<T>> call, source_location at = source_location::current())
    {
        return error_of(run(std::move(call)), at);
    }

    boost::asio::awaitable<result<instance>> find(std::string what)
    {
        return discover(run.executor(), std::move(what), discovery_options(options()));
    }

    std::string host() const { return "localhost:" + std::to_string(server.port()); }

    sandbox server;
    runner run;
};

BOOST_FIXTURE_TEST_SUITE(plain_http, plain_fixture)

BOOST_AUTO_TEST_CASE(a_session_from_login_to_logout_over_one_connection)
{
    BOOST_TEST(server.base_url().starts_with("http://"));
    auto api = make_client();
    auto outcome = ok(api.login_user({email, password}));
    auto const* made = std::get_if<session>(&outcome);
    BOOST_REQUIRE(made != nullptr);
    BOOST_TEST(ok(api.list_auth_sessions(made->token)).size() == 1U);
    ok(api.logout_user(made->token));
    BOOST_TEST((fails(api.list_auth_sessions(made->token)).code() == errc::unauthorized));

    auto const seen = server.counters();
    BOOST_TEST(seen.connections_accepted == 1U);
    BOOST_TEST(seen.requests == 4U);
    BOOST_TEST(seen.tls_handshakes == 0U);
    auto const told = api.stats();
    BOOST_TEST(told.connections_opened == 1U);
    BOOST_TEST(told.connections_reused == 3U);
    BOOST_TEST(told.tls_handshakes == 0U);
}

BOOST_AUTO_TEST_CASE(the_observer_hears_of_no_handshake)
{
    auto const seen = std::make_shared<kinds_seen>();
    auto api = client(run.executor(), options().with_observer(seen));
    ok(api.get_sso_status());
    BOOST_TEST(seen->saw(event_kind::connect_end));
    BOOST_TEST(seen->saw(event_kind::connection_open));
    BOOST_TEST(!seen->saw(event_kind::handshake_start));
    BOOST_TEST(!seen->saw(event_kind::handshake_end));
}

BOOST_AUTO_TEST_CASE(connections_can_be_made_ahead)
{
    auto api = make_client();
    BOOST_TEST(ok(api.warm_up(3)) == 3U);
    BOOST_TEST(api.stats().connections_idle == 3U);
    ok(api.get_sso_status());
    BOOST_TEST(server.counters().connections_accepted == 3U);
}

BOOST_AUTO_TEST_CASE(it_is_refused_without_the_option)
{
    client_options wanted(server.base_url());
    try {
        client const made(run.executor(), std::move(wanted));
        BOOST_ERROR("made without the option");
    } catch (exception const& e) {
        BOOST_TEST((e.error().code() == errc::invalid_option));
        BOOST_TEST(e.error().message().find("the option allow_plain_http") != std::string::npos);
    }
    BOOST_TEST(server.counters().connections_accepted == 0U);
}

BOOST_AUTO_TEST_CASE(an_instance_is_found_and_used)
{
    auto const found = ok(find("http://" + host()));
    BOOST_TEST(found.api_base == server.base_url());
    BOOST_CHECK_THROW(client(run.executor(), found.options()), exception);
    client api(run.executor(), found.options(options()));
    ok(api.get_sso_status());
    BOOST_TEST(server.counters().tls_handshakes == 0U);
}

BOOST_AUTO_TEST_CASE(a_bare_host_is_asked_over_https_even_so)
{
    auto const failed = fails(find(host()));
    BOOST_TEST((failed.code() == errc::tls_failed));
    BOOST_TEST(server.counters().requests == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_off_is_no_answer)
{
    auto api = make_client();
    server.set_fault("get_sso_status", sandbox_fault(sandbox_fault_kind::truncate, -1));
    auto wanted = call_options();
    wanted.max_attempts = 1;
    BOOST_TEST((fails(api.get_sso_status(wanted)).code() == errc::connection_lost));
    server.clear_faults();
    ok(api.get_sso_status());
    BOOST_TEST(server.counters().connections_accepted == 2U);
}

BOOST_AUTO_TEST_CASE(a_login_that_is_lost_is_not_sent_twice)
{
    auto api = make_client();
    ok(api.get_sso_status());
    server.set_fault("login_user", sandbox_fault(sandbox_fault_kind::reset_after, -1));
    auto const failed = fails(api.login_user({email, password}));
    BOOST_TEST((failed.code() == errc::connection_lost));
    BOOST_TEST(failed.attempts() == 1U);
    BOOST_TEST(server.counters().requests_by_operation["login_user"] == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_of_tls_is_no_server_of_plain_http)
{
    sandbox const with_tls;
    auto wanted = client_options("http://localhost:" + std::to_string(with_tls.port()) + "/v1")
                      .with_allow_plain_http(true);
    wanted.retry.max_attempts = 1;
    client api(run.executor(), std::move(wanted));
    auto const failed = fails(api.get_sso_status());
    BOOST_TEST((failed.code() == condition::transport || failed.code() == condition::protocol));
    BOOST_TEST(with_tls.counters().requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
