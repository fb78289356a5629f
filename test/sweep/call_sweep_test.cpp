#include "support/every_call.hpp"
#include "sweep/sweep.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* session_answer = R"({"token":"flx_made_up","user_id":"17"})";

server_manners slow_session()
{
    server_manners manners;
    manners.answer = session_answer;
    manners.pace = 48;
    return manners;
}

asio::awaitable<ending> log_in(world& in, call_options with)
{
    return ending_of(in.used->login_user(login_request("me@example.com", "correct horse"), std::move(with)));
}

asio::awaitable<ending> get_twice_at_most(world& in, call_options with)
{
    return ending_of(in.used->send(raw_request("GET", "/swept").as_repeatable(), std::move(with)));
}

asio::awaitable<ending> ending_of_operation(asio::awaitable<std::optional<error>> call)
{
    auto const failed = co_await std::move(call);
    ending end;
    if (failed)
        end = ending(*failed);
    co_return end;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(calls, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_login_over_a_new_connection)
{
    sweep_server server(slow_session());
    auto what = scenario_for(server, "login_user, cold");
    what.options = [&server] {
        auto options = patient_options(server.where());
        // Nobody listens at the first.
        options.resolver = [](std::string const&) {
            return std::vector<std::string>{"127.0.0.3", "127.0.0.1"};
        };
        return options;
    };
    what.begin = log_in;
    sweep(what, 8);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_login_at_an_address)
{
    sweep_server server(slow_session());
    auto what = scenario_for(server, "login_user, cold, without lookup");
    what.options = [&server] { return patient_options(server.where().base_url("127.0.0.1")); };
    what.begin = log_in;
    sweep(what, 6);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_login_over_an_idle_connection)
{
    sweep_server server(slow_session());
    auto what = scenario_for(server, "login_user, warm");
    what.prepare = warm;
    what.begin = log_in;
    sweep(what, 3);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_108_login_that_queues)
{
    sweep_server server(slow_session());
    auto what = scenario_for(server, "login_user, queued");
    what.options = [&server] {
        auto options = patient_options(server.where());
        options.pool.max_connections = 1;
        return options;
    };
    what.prepare = [](world& in) {
        warm(in);
        occupy(in);
    };
    what.begin = log_in;
    what.accompany = [&server](world& in) {
        if (in.used->stats().calls_waiting == 1)
            let_go(server, in);
        server.let_go(in.id, in.sent());
    };
    what.settle = [&server](world& in) {
        let_go(server, in);
        await_occupant(in);
    };
    what.counts_connections = false;
    sweep(what, 4);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_retry_pause)
{
    server_manners manners;
    manners.refuses_first = true;
    sweep_server server(manners);
    auto what = scenario_for(server, "send, refused once");
    what.options = [&server] {
        auto options = patient_options(server.where());
        options.retry.max_attempts = 3;
        options.retry.base_pause = options.retry.max_pause = 1ms;
        options.random = [] { return std::uint64_t{1}; };
        return options;
    };
    what.prepare = warm;
    what.begin = get_twice_at_most;
    what.most_times_asked = 2;
    sweep(what, 4);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_repetition_on_a_fresh_connection)
{
    server_manners manners;
    manners.loses_first = true;
    sweep_server server(manners);
    auto what = scenario_for(server, "send, pooled connection lost");
    what.prepare = warm;
    what.begin = get_twice_at_most;
    what.most_times_asked = 2;
    what.counts_connections = false;
    sweep(what, 6);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_login_through_a_proxy)
{
    auto manners = slow_session();
    manners.proxy = true;
    sweep_server server(manners);
    auto what = scenario_for(server, "login_user, through a proxy");
    what.options = [&server] {
        auto options = patient_options(server.where());
        options.proxy = proxy_options("http://127.0.0.1:" + std::to_string(server.where().port()));
        return options;
    };
    what.begin = log_in;
    sweep(what, 7);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_large_request)
{
    sweep_server server(server_manners{});
    auto what = scenario_for(server, "send, 8 MB");
    what.prepare = warm;
    what.begin = [](world& in, call_options with) {
        raw_request request("POST", "/swept");
        request.body = secret(std::string(8 * 1024 * 1024, 'x'));
        return ending_of(in.used->send(std::move(request), std::move(with)));
    };
    sweep(what, 3);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_call_over_a_transport)
{
    ledger asked;
    scenario what;
    what.name = "send, over a transport";
    std::vector<std::function<void()>> later;
    what.options = [&] {
        client_options options("https://api.example.test");
        options.limits.call = options.limits.attempt = options.limits.first_byte = 1h;
        options.transport = [&](transport_request request, transport_reply reply) {
            asked.count(std::string(request.header_value("X-Request-ID")));
            later.emplace_back([reply = std::move(reply)] {
                raw_response answer;
                answer.status = 204;
                reply(std::move(answer));
            });
        };
        return options;
    };
    what.begin = [](world& in, call_options with) {
        return ending_of(in.used->send(raw_request("POST", "/swept"), std::move(with)));
    };
    auto const reply = [&](world&) {
        for (auto const& each : std::exchange(later, {}))
            each();
    };
    what.accompany = reply;
    // Late, as far as the swept call is concerned.
    what.settle = reply;
    what.times_asked = [&](std::string const& id) { return asked.times(id); };
    what.counts_connections = false;
    sweep(what, 3);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_every_operation)
{
    sweep_server server(server_manners{});
    auto const all = every_call(secret("flx_made_up"));
    BOOST_TEST(all.size() == 28U);
    for (auto const& each : all) {
        auto what = scenario_for(server, std::string(to_string(each.what)) + ", warm");
        what.prepare = warm;
        what.begin = [&each](world& in, call_options with) {
            return ending_of_operation(each.make(*in.used, std::move(with)));
        };
        sweep(what, 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
