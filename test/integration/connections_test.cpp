#include "support/fixture.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <map>
#include <set>
#include <tuple>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

/// Counts starts and ends, which have to be pairs.
class event_counter : public observer
{
public:
    void on_event(event const& what) override
    {
        ++kinds[what.kind];
        if (what.kind == event_kind::call_start)
            BOOST_TEST(open_calls.insert(what.call).second);
        if (what.kind == event_kind::call_end)
            BOOST_TEST(open_calls.erase(what.call) == 1U);
    }

    std::map<event_kind, int> kinds;
    std::set<std::uint64_t> open_calls;
};

bool is_connected_to(int descriptor, sandbox const& server)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return false;
    return server.base_url().find(":" + std::to_string(ntohs(address.sin_port)) + "/") != std::string::npos;
}

class connections_fixture : public api_fixture
{
public:
    connections_fixture()
        : before(server.counters())
    {}

    std::uint64_t accepted() const
    {
        return server.counters().connections_accepted - before.connections_accepted;
    }

    std::uint64_t asked() const { return server.counters().requests - before.requests; }

    void never_answer(std::string_view operation_id)
    {
        sandbox_fault late(sandbox_fault_kind::delay, -1);
        late.latency = 1h;
        server.set_fault(operation_id, late);
    }

    sandbox_counters const before;
};

asio::awaitable<void> ask_once(client api, int& good)
{
    auto const status = co_await api.get_sso_status();
    if (status.has_value())
        ++good;
}

asio::awaitable<void> keep(client api, std::optional<error>& into)
{
    auto const status = co_await api.get_sso_status();
    if (status.has_error())
        into = status.error();
}

BOOST_FIXTURE_TEST_SUITE(connections, connections_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_hundred_calls_in_a_row_use_one_connection)
{
    for (int i = 0; i < 100; ++i)
        ok(api.get_sso_status());
    BOOST_TEST(accepted() == 1U);
    BOOST_TEST(asked() == 100U);
    BOOST_TEST(server.counters().tls_handshakes - before.tls_handshakes == 1U);
    auto const now = api.stats();
    BOOST_TEST(now.calls_started == 100U);
    BOOST_TEST(now.calls_succeeded == 100U);
    BOOST_TEST(now.calls_failed == 0U);
    BOOST_TEST(now.calls_cancelled == 0U);
    BOOST_TEST(now.calls_in_flight == 0U);
    BOOST_TEST(now.requests_sent == 100U);
    BOOST_TEST(now.connections_opened == 1U);
    BOOST_TEST(now.connections_reused == 99U);
    BOOST_TEST(now.connections_closed == 0U);
    BOOST_TEST(now.connections_idle == 1U);
    BOOST_TEST(now.tls_handshakes == 1U);
    BOOST_TEST(now.retries == 0U);
    BOOST_TEST(now.unexpected_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(programs_that_are_started_do_not_inherit_connections)
{
    auto const there_before = open_descriptors();
    ok(api.get_sso_status());
    auto own = 0;
    for (auto const& [number, target] : open_descriptors()) {
        // The sandbox is in this process too; its side of the connection has another peer.
        if (there_before.contains(number) || !is_connected_to(number, server))
            continue;
        ++own;
        BOOST_TEST((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
    }
    BOOST_TEST(own == 1);
}

BOOST_AUTO_TEST_CASE(many_calls_at_once_share_few_connections)
{
    auto few = make_client(options().with_max_connections(8));
    int good = 0;
    for (int i = 0; i < 64; ++i)
        run.start(ask_once(few, good));
    run.until([&] { return few.stats().calls_succeeded == 64 && few.stats().calls_in_flight == 0; });
    run.until([&] { return good == 64; });
    BOOST_TEST(accepted() <= 8U);
    BOOST_TEST(accepted() >= 1U);
    BOOST_TEST(asked() == 64U);
    auto const now = few.stats();
    BOOST_TEST(now.connections_opened == accepted());
    BOOST_TEST(now.calls_waiting == 0U);
    BOOST_TEST(now.connections_in_use == 0U);
    BOOST_TEST(now.queue_full == 0U);
}

BOOST_AUTO_TEST_CASE(connections_can_be_made_ahead)
{
    BOOST_TEST(ok(api.warm_up(5)) == 5U);
    BOOST_TEST(api.stats().connections_idle == 5U);
    run.until([&] { return server.counters().tls_handshakes - before.tls_handshakes == 5; });
    BOOST_TEST(asked() == 0U);
    BOOST_TEST(ok(api.warm_up(3)) == 5U);
    int good = 0;
    for (int i = 0; i < 5; ++i)
        run.start(ask_once(api, good));
    run.until([&] { return good == 5; });
    BOOST_TEST(accepted() == 5U);
    BOOST_TEST(api.stats().connections_opened == 5U);
}

BOOST_AUTO_TEST_CASE(no_more_are_made_ahead_than_allowed)
{
    auto two = make_client(options().with_max_connections(2));
    BOOST_TEST(ok(two.warm_up(10)) == 2U);
    BOOST_TEST(accepted() == 2U);
}

BOOST_AUTO_TEST_CASE(a_new_connection_resumes_the_tls_session)
{
    auto single = options();
    single.pool.max_requests = 1;
    auto fickle = make_client(single);
    for (int i = 0; i < 4; ++i)
        ok(fickle.get_sso_status());
    BOOST_TEST(accepted() == 4U);
    BOOST_TEST(server.counters().tls_resumptions - before.tls_resumptions == 3U);
    BOOST_TEST(fickle.stats().tls_handshakes == 4U);
    BOOST_TEST(fickle.stats().tls_handshakes_resumed == 3U);
    BOOST_TEST(fickle.stats().connections_closed == 4U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_is_not_used)
{
    sandbox_options hasty;
    hasty.idle_timeout = 3s;
    sandbox other(hasty);
    auto reach = options();
    reach.base_url = other.base_url();
    reach.tls.ca_pem = other.ca_pem();
    auto calm = make_client(reach);
    ok(calm.get_sso_status());
    run.until([&] { return other.counters().connections_open == 0; });
    // Not repeatable, and yet it works: the connection's end shows before anything is sent.
    auto const e = fails(calm.login_user({email, password}));
    BOOST_TEST(e.code() == make_error_code(errc::rejected_input));
    BOOST_TEST(e.attempts() == 1U);
    BOOST_TEST(other.counters().connections_accepted == 2U);
    BOOST_TEST(other.counters().requests == 2U);
}

BOOST_AUTO_TEST_CASE(copies_share_the_connections)
{
    ok(api.get_sso_status());
    auto copy = api;
    ok(copy.get_sso_status());
    BOOST_TEST(accepted() == 1U);
    BOOST_TEST(copy.stats().calls_started == 2U);
    auto other = make_client(options());
    ok(other.get_sso_status());
    BOOST_TEST(accepted() == 2U);
    other = copy;
    ok(other.get_sso_status());
    BOOST_TEST(accepted() == 2U);
}

BOOST_AUTO_TEST_CASE(too_many_waiting_calls_are_refused_at_once)
{
    never_answer("get_sso_status");
    auto narrow = options().with_max_connections(1);
    narrow.pool.max_waiting = 0;
    // With no place to wait, the connection has to be there already.
    auto one = make_client(narrow);
    BOOST_TEST(ok(one.warm_up(1)) == 1U);
    std::optional<error> held;
    run.start(keep(one, held));
    run.until([&] { return requests_of(operation::get_sso_status) > 0 && asked() == 1; });
    auto const e = fails(one.login_user({email, password}));
    BOOST_TEST(e.code() == make_error_code(errc::queue_full));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST((e.advice() == retry_advice::yes));
    BOOST_TEST(one.stats().queue_full == 1U);
    one.cancel();
    run.until([&] { return held.has_value(); });
    BOOST_TEST(held->code() == make_error_code(errc::cancelled));
    BOOST_TEST(held->request_was_sent());
    BOOST_TEST((held->advice() == retry_advice::yes));
    // Later calls work.
    server.clear_faults();
    BOOST_TEST(ok(one.warm_up(1)) == 1U);
    ok(one.get_sso_status());
}

BOOST_AUTO_TEST_CASE(a_shut_down_client_refuses_calls)
{
    ok(api.get_sso_status());
    run(api.shutdown());
    auto const e = fails(api.get_sso_status());
    BOOST_TEST(e.code() == make_error_code(errc::shut_down));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST(api.stats().connections_idle == 0U);
    BOOST_TEST(fails(api.warm_up(1)).code() == make_error_code(errc::shut_down));
    BOOST_TEST(asked() == 1U);
}

BOOST_AUTO_TEST_CASE(a_shutdown_cancels_what_outlasts_its_grace)
{
    never_answer("get_sso_status");
    std::optional<error> held;
    run.start(keep(api, held));
    run.until([&] { return asked() == 1; });
    run(api.shutdown(1ms));
    run.until([&] { return held.has_value(); });
    BOOST_TEST(held->code() == make_error_code(errc::cancelled));
    BOOST_TEST(api.stats().calls_in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(every_start_has_its_end)
{
    auto const seen = std::make_shared<event_counter>();
    {
        auto watched = make_client(options().with_observer(seen).with_max_connections(2));
        int good = 0;
        for (int i = 0; i < 10; ++i)
            run.start(ask_once(watched, good));
        run.until([&] { return good == 10; });
        server.set_fault("*", sandbox_fault(sandbox_fault_kind::reset_before));
        fails(watched.login_user({email, password}));
        fails(watched.login_user({"ada", password}));
    }
    run.drain();
    auto& kinds = seen->kinds;
    BOOST_TEST(seen->open_calls.empty());
    BOOST_TEST(kinds[event_kind::call_start] == 11);
    for (auto const& [start, end] :
         {std::tuple(event_kind::call_start, event_kind::call_end),
          std::tuple(event_kind::queue_start, event_kind::queue_end),
          std::tuple(event_kind::attempt_start, event_kind::attempt_end),
          std::tuple(event_kind::resolve_start, event_kind::resolve_end),
          std::tuple(event_kind::connect_start, event_kind::connect_end),
          std::tuple(event_kind::handshake_start, event_kind::handshake_end),
          std::tuple(event_kind::connection_open, event_kind::connection_closed)}) {
        BOOST_TEST_INFO(to_string(start));
        BOOST_TEST(kinds[start] == kinds[end]);
        BOOST_TEST(kinds[start] > 0);
    }
    BOOST_TEST(kinds[event_kind::request_sent] == 11);
    BOOST_TEST(kinds[event_kind::first_byte] == 10);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
