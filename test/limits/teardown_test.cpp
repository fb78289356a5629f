#include "limits/stuck.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;

namespace {

struct idle_observer final : observer
{
    void on_event(event const&) override {}
};

void run_for(asio::io_context& context, milliseconds time)
{
    for (auto const end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
        context.restart();
        context.run_one_for(5ms);
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(teardown, descriptor_baseline)

// What is suspended goes with its context; the sanitizers and the descriptors tell whether all of it did.
BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_024_107_108_the_context_is_destroyed_first, data::make(all_places), where)
{
    stuck way(where);
    auto context = std::make_unique<asio::io_context>(1);
    client used(context->get_executor(), way.options());
    auto call = way.start(*context, used);
    run_for(*context, 80ms);
    context.reset();
    BOOST_TEST(!call.done());
    auto const counters = used.stats();
    BOOST_TEST(counters.calls_in_flight == 0U);
    BOOST_TEST(counters.calls_waiting == 0U);
    BOOST_TEST(counters.connections_in_use == 0U);
    BOOST_TEST(counters.connections_connecting == 0U);
    BOOST_TEST(sockets_to(way.port()) == 0U);
}

// Its pool and timers belong to the executor, whose threads may be at work.
BOOST_AUTO_TEST_CASE(a_call_that_is_never_awaited_does_not_end_the_client_elsewhere)
{
    auto gone = false;
    asio::io_context context{1};
    client_options options("https://api.example.test/v1");
    options.observer = std::shared_ptr<observer>(new idle_observer, [&gone](observer* what) {
        gone = true;
        delete what;
    });
    std::optional<client> used(std::in_place, context.get_executor(), std::move(options));
    std::optional<asio::awaitable<result<sso_status>>> call(used->get_sso_status());
    used.reset();
    context.poll();
    BOOST_TEST(!gone);
    call.reset();
    BOOST_TEST(!gone);
    context.restart();
    context.poll();
    BOOST_TEST(gone);
}

BOOST_DATA_TEST_CASE_F(descriptor_baseline, the_client_is_destroyed_first, data::make(all_places), where)
{
    stuck way(where);
    std::optional<pending<result<raw_response>>> call;
    asio::io_context context{1};
    {
        client used(context.get_executor(), way.options());
        call.emplace(way.start(context, used));
        run_for(context, 40ms);
    }
    run_for(context, 40ms);
    // Calls in flight run to their end, however long that takes.
    BOOST_TEST(!call->done());
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, nothing_goes_on_without_client_and_calls,
    data::make({place::resolve, place::connect, place::tls}), where)
{
    stuck way(where);
    asio::io_context context{1};
    {
        client used(context.get_executor(), way.options());
        auto call = way.start(context, used, call_options(100ms));
        BOOST_TEST(call.get(context).has_error());
        BOOST_TEST(used.stats().connections_connecting == 1U);
    }
    // The connection that was being made for the call has an hour's time, but nobody is left to use it.
    context.restart();
    context.run_for(guard);
    BOOST_TEST(context.stopped());
    BOOST_TEST(sockets_to(way.port()) == 0U);
}

BOOST_AUTO_TEST_CASE(fault_026_the_last_handle_goes_in_the_calls_completion)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
    });
    asio::io_context context{1};
    auto used = std::make_unique<client>(context.get_executor(), patient_options(server));
    bool good = false;
    auto call = used->send(raw_request("POST", "/x"));
    asio::co_spawn(context, std::move(call), [&](std::exception_ptr, result<raw_response> outcome) {
        used.reset();
        good = outcome.has_value();
    });
    context.run_for(guard);
    BOOST_TEST(context.stopped());
    BOOST_TEST(good);
    BOOST_TEST(sockets_to(server.port()) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A resolver whose first lookups block until the test lets them go.
struct blocking_resolver
{
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    std::atomic<unsigned> lookups{0};
    std::atomic<unsigned> ended{0};

    std::vector<std::string> look_up(unsigned blocked)
    {
        if (lookups++ < blocked) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return open; });
        }
        ++ended;
        return {"127.0.0.1"};
    }

    void let_go()
    {
        std::lock_guard const lock(mutex);
        open = true;
        changed.notify_all();
    }
};

client_options with_resolver(
    scripted_server const& server, std::shared_ptr<blocking_resolver> const& resolver, unsigned blocked)
{
    auto options = patient_options(server);
    options.resolver = [resolver, blocked](std::string const&) { return resolver->look_up(blocked); };
    return options;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(blocked_lookups, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_091_another_client_is_not_delayed)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    auto const resolver = std::make_shared<blocking_resolver>();
    asio::io_context context{1};
    client first(context.get_executor(), with_resolver(server, resolver, 1));
    client second(context.get_executor(), patient_options(server));
    pending<result<raw_response>> call(context, first.send(raw_request("GET", "/x")));
    run_until(context, [&] { return resolver->lookups == 1; });
    BOOST_TEST(run(context, second.send(raw_request("GET", "/x"))).has_value());
    BOOST_TEST(!call.done());
    resolver->let_go();
    BOOST_TEST(call.get(context).has_value());
}

BOOST_AUTO_TEST_CASE(a_context_does_not_wait_for_a_lookup)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    auto const resolver = std::make_shared<blocking_resolver>();
    {
        asio::io_context context{1};
        client used(context.get_executor(), with_resolver(server, resolver, 1));
        pending<result<raw_response>> call(context, used.send(raw_request("GET", "/x")));
        run_until(context, [&] { return resolver->lookups == 1; });
    }
    BOOST_TEST(resolver->ended == 0U);
    resolver->let_go();
    auto const end = std::chrono::steady_clock::now() + guard;
    while (resolver->ended == 0U && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(1ms);
    BOOST_TEST(resolver->ended == 1U);
}

// Under steady load there is always somebody who waits for the lookup that hangs: it must not be the one that
// everybody joins for ever.
BOOST_AUTO_TEST_CASE(fault_091_a_lookup_that_hangs_does_not_catch_later_calls)
{
    scripted_server const server(test_authority().issue(), serve_no_content);
    auto const resolver = std::make_shared<blocking_resolver>();
    auto options = with_resolver(server, resolver, 1);
    options.limits.resolve = 600ms;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    pending<result<raw_response>> first(context, used.send(raw_request("GET", "/x")));
    run_for(context, 300ms);
    pending<result<raw_response>> second(context, used.send(raw_request("GET", "/x")));
    auto const failed = first.get(context);
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST(failed.error().code() == make_error_code(errc::timed_out));
    BOOST_TEST(!second.done());
    auto const third = run(context, used.send(raw_request("GET", "/x")));
    BOOST_TEST(third.has_value());
    BOOST_TEST(resolver->lookups >= 2U);
    static_cast<void>(second.get(context));
    run_until(context, [&] { return at_rest(used); });
    resolver->let_go();
}

BOOST_AUTO_TEST_SUITE_END()
