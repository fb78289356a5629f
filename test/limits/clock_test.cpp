// All of a client's time comes from client_options::clock: nothing here takes as long as it says.
#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/observer.hpp>

#include <atomic>
#include <string>
#include <thread>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr std::string_view later = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";

/// Lets everything happen that happens without the time going on.
void settle(asio::io_context& context)
{
    auto const end = std::chrono::steady_clock::now() + 50ms;
    while (std::chrono::steady_clock::now() < end) {
        context.restart();
        context.run_one_for(5ms);
    }
}

struct pause_log final : observer
{
    void on_event(event const& what) override
    {
        if (what.kind == event_kind::retry)
            pauses.push_back(std::chrono::duration_cast<milliseconds>(what.duration));
    }

    std::vector<milliseconds> pauses;
};

/// Answers so many requests with 503 and the rest well, or keeps quiet.
struct clock_fixture
{
    explicit clock_fixture(int refusals = 0, bool silent = false)
        : server(test_authority().issue(), [=](peer& with) {
            if (!with.handshake())
                return;
            while (!with.read_request().empty())
                if (!silent && !with.send(server_requests() <= refusals ? later : no_content))
                    break;
            with.wait_for_close();
        })
    {
        counted = 0;
    }

    static int server_requests() { return ++counted; }

    client make(client_options options)
    {
        options.clock = clock;
        options.observer = log;
        return client(context.get_executor(), std::move(options));
    }

    client_options options() const { return patient_options(server); }

    inline static std::atomic<int> counted{0};
    descriptor_baseline descriptors;
    asio::io_context context;
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    std::shared_ptr<pause_log> log = std::make_shared<pause_log>();
    scripted_server server;
};

} // namespace

BOOST_AUTO_TEST_SUITE(injected_clock)

BOOST_AUTO_TEST_CASE(an_idle_connection_ends_when_the_clock_says_so)
{
    clock_fixture on;
    auto options = on.options();
    options.pool.idle_timeout = 50s;
    auto used = on.make(options);
    BOOST_TEST(run(on.context, used.send(get())).has_value());
    on.clock->advance(49s);
    settle(on.context);
    BOOST_TEST(used.stats().connections_idle == 1U);
    on.clock->advance(2s);
    run_until(on.context, [&] { return used.stats().connections_idle == 0; });
    BOOST_TEST(used.stats().connections_closed == 1U);
}

BOOST_AUTO_TEST_CASE(a_short_limit_lasts_until_the_clock_moves)
{
    clock_fixture on(0, true);
    auto options = on.options();
    options.limits.call = 1ms;
    auto used = on.make(options);
    pending<result<raw_response>> call(on.context, used.send(get()));
    settle(on.context);
    BOOST_TEST(!call.done());
    on.clock->advance(10ms);
    auto const got = call.get(on.context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(a_long_limit_is_over_at_once)
{
    clock_fixture on(0, true);
    auto options = on.options();
    options.limits.first_byte = 20h;
    options.limits.attempt = 24h;
    options.limits.call = 24h;
    auto used = on.make(options);
    pending<result<raw_response>> call(on.context, used.send(get()));
    run_until(
        on.context, [&] { return clock_fixture::counted >= 0 && used.stats().connections_in_use == 1; });
    settle(on.context);
    on.clock->advance(19h);
    settle(on.context);
    BOOST_TEST(!call.done());
    on.clock->advance(2h);
    auto const got = call.get(on.context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().info().phase == phase::first_byte));
    BOOST_TEST((got.error().info().limit == milliseconds(20h)));
}

BOOST_AUTO_TEST_CASE(fault_109_a_retry_waits_for_the_clock)
{
    clock_fixture on(1);
    auto options = on.options();
    options.retry.max_attempts = 3;
    options.retry.base_pause = 1h;
    options.retry.max_pause = 1h;
    options.limits.call = 24h;
    options.random = [] { return std::uint64_t{1'800'000}; };
    auto used = on.make(options);
    pending<result<raw_response>> call(on.context, used.send(get()));
    run_until(on.context, [&] { return used.stats().retries == 1; });
    BOOST_REQUIRE(on.log->pauses.size() == 1U);
    BOOST_TEST((on.log->pauses.front() == 30min));
    on.clock->advance(29min);
    settle(on.context);
    BOOST_TEST(!call.done());
    BOOST_TEST(clock_fixture::counted == 1);
    on.clock->advance(2min);
    BOOST_TEST(call.get(on.context).has_value());
    BOOST_TEST(clock_fixture::counted == 2);
}

BOOST_AUTO_TEST_CASE(what_is_due_already_needs_no_step_of_the_clock)
{
    clock_fixture on(2);
    auto options = on.options();
    options.retry.max_attempts = 3;
    options.retry.base_pause = 0ms;
    options.retry.max_pause = 0ms;
    auto used = on.make(options);
    auto const got = run(on.context, used.send(get()));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->status == 204);
    BOOST_TEST(clock_fixture::counted == 3);
}

BOOST_AUTO_TEST_CASE(fault_106_the_random_source_decides_whether_the_pause_fits)
{
    for (auto const pause : {999, 1000}) {
        clock_fixture on(1);
        auto options = on.options();
        options.retry.max_attempts = 2;
        options.retry.base_pause = 10s;
        options.retry.max_pause = 10s;
        options.limits.call = 1s;
        options.random = [pause] { return static_cast<std::uint64_t>(pause); };
        auto used = on.make(options);
        pending<result<raw_response>> call(on.context, used.send(get()));
        run_until(on.context, [&] { return call.done() || used.stats().retries == 1; });
        BOOST_TEST(call.done() == (pause == 1000));
        if (call.done()) {
            BOOST_TEST(call.get(on.context)->status == 503);
            continue;
        }
        call.cancel(asio::cancellation_type::terminal);
        BOOST_TEST((call.get(on.context).error().code() == errc::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(another_thread_may_move_the_clock)
{
    clock_fixture on(0, true);
    auto options = on.options();
    options.limits.first_byte = 1s;
    auto used = on.make(options);
    std::atomic<bool> stop{false};
    std::thread mover([&] {
        while (!stop) {
            on.clock->advance(100ms);
            std::this_thread::sleep_for(1ms);
        }
    });
    for (int count = 0; count < 20; ++count)
        BOOST_TEST((run(on.context, used.send(get())).error().code() == errc::timed_out));
    stop = true;
    mover.join();
}

BOOST_AUTO_TEST_CASE(a_wake_after_the_client_is_gone_does_no_harm)
{
    clock_fixture on;
    {
        auto options = on.options();
        options.pool.idle_timeout = 10s;
        auto used = on.make(options);
        BOOST_TEST(run(on.context, used.send(get())).has_value());
    }
    settle(on.context);
    on.clock->advance(1h);
    settle(on.context);
}

BOOST_AUTO_TEST_SUITE_END()
