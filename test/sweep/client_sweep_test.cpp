#include "sweep/sweep.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

asio::awaitable<ending> shut_down(world& in, call_options with)
{
    co_await in.used->shutdown(with.timeout.value_or(1h));
    co_return ending();
}

/// No call works any more, and nothing is left.
void check_is_over(world& in)
{
    pending<result<raw_response>> next(in.used->get_executor(), in.used->send(raw_request("POST", "/next")));
    in.run_until([&] { return next.done(); });
    auto const got = next.get(*in.others);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().code() == make_error_code(errc::shut_down), got.error());
    BOOST_TEST(in.used->stats().connections_idle == 0U);
}

scenario shutdown_of(sweep_server& server, std::string name)
{
    auto what = scenario_for(server, std::move(name));
    what.begin = shut_down;
    what.check_next = check_is_over;
    // What is ended by it ends first.
    what.most_handlers_after_a_blow = 8;
    what.is_call = false;
    what.counts_connections = false;
    what.times_asked = nullptr;
    what.blows = {blow::terminal, blow::partial, blow::total, blow::client_cancel, blow::destruction};
    return what;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(clients, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_warming_up)
{
    sweep_server server(server_manners{});
    auto what = scenario_for(server, "warm_up");
    what.begin = [](world& in, call_options with) { return ending_of(in.used->warm_up(2, std::move(with))); };
    what.check_next = [](world& in) {
        BOOST_TEST(in.used->stats().connections_idle <= 2U);
        check_next_call(in);
    };
    what.times_asked = nullptr;
    // What is being connected goes on.
    what.most_handlers_after_a_blow = 8;
    sweep(what, 6);
}

BOOST_AUTO_TEST_CASE(fault_025_101_102_107_shutting_down_with_a_call_in_flight)
{
    sweep_server server(server_manners{});
    auto what = shutdown_of(server, "shutdown, call in flight");
    what.prepare = occupy;
    // Once the shutdown waits for it.
    what.accompany = [&server](world& in) {
        if (in.handlers > 0)
            let_go(server, in);
    };
    // Nobody lets it go: it was cancelled with the shutdown.
    what.settle = await_occupant;
    what.blows.push_back(blow::whole_limit);
    sweep(what, 2);
}

BOOST_AUTO_TEST_CASE(fault_025_101_102_107_shutting_down_with_a_dial)
{
    sweep_server server(server_manners{});
    auto what = shutdown_of(server, "shutdown, connection being made");
    what.prepare = [](world& in) {
        in.occupant.emplace(in.used->get_executor(), in.used->send(raw_request("POST", "/next")));
        in.run_until([&] { return in.used->stats().connections_connecting == 1; });
    };
    what.settle = await_occupant;
    sweep(what, 2);
}

BOOST_AUTO_TEST_SUITE_END()
