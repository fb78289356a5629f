#include "limits/stuck.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace fluxer::auth {

static std::ostream& operator<<(std::ostream& out, event_kind value)
{
    return out << to_string(value);
}

} // namespace fluxer::auth

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;
using asio::cancellation_type;

namespace {

constexpr event_kind own_moments[] = {
    event_kind::call_start, event_kind::queue_start, event_kind::attempt_start, event_kind::request_sent};

constexpr char const* types[] = {"terminal", "partial", "total"};

cancellation_type type_of(std::string_view name)
{
    if (name == "terminal")
        return cancellation_type::terminal;
    return name == "partial" ? cancellation_type::partial : cancellation_type::total;
}

bool has_connection(place where)
{
    return where != place::resolve && where != place::connect && where != place::tls && where != place::queue;
}

/// Does something when the client tells of an event of that kind, from inside its work.
class on_event_of final : public observer
{
public:
    on_event_of(event_kind awaited, std::function<void()> then)
        : awaited_(awaited)
        , then_(std::move(then))
    {}

    void on_event(event const& what) override
    {
        if (what.kind == awaited_ && then_)
            std::exchange(then_, nullptr)();
    }

private:
    event_kind awaited_;
    std::function<void()> then_;
};

client_options impatient_dials(stuck const& way)
{
    auto options = way.options();
    // What was being made for a call that is cancelled is made all the same, until its own limits end it.
    options.limits.resolve = options.limits.connect = options.limits.tls = 3s;
    return options;
}

void check_cancelled(result<raw_response> const& outcome, place where)
{
    BOOST_REQUIRE(outcome.has_error());
    auto const& e = outcome.error();
    BOOST_TEST(e.code() == make_error_code(errc::cancelled), e);
    BOOST_TEST(e.request_was_sent() == has_connection(where), e);
    auto const expected = has_connection(where) ? phase_of(where) : phase::queue;
    BOOST_TEST(to_string(e.phase()) == to_string(expected));
}

void check_works_on(asio::io_context& context, client& used, stuck& way)
{
    way.clear(context);
    run_until(context, [&] { return at_rest(used); });
    BOOST_TEST(sockets_to(way.port()) == used.stats().connections_idle);
    auto const next = run(context, used.send(raw_request("POST", "/auth/next")));
    BOOST_REQUIRE_MESSAGE(next.has_value(), next.error());
    BOOST_TEST(at_rest(used));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(cancellation, descriptor_baseline)

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_101_102_each_type_ends_each_phase, data::make(all_places) * data::make(types),
    where, type)
{
    stuck way(where);
    asio::io_context context{1};
    client used(context.get_executor(), impatient_dials(way));
    auto call = way.start(context, used);
    way.run_until_there(context, used);
    call.cancel(type_of(type));
    check_cancelled(call.get(context), where);
    BOOST_TEST(call.ends() == 1);
    check_works_on(context, used, way);
    BOOST_TEST(used.stats().calls_cancelled == (where == place::queue ? 2U : 1U));
}

// Nothing is awaited at that moment, and what is awaited next hears nothing of it.
BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_101_from_within_the_clients_own_work,
    data::make({event_kind::queue_start, event_kind::attempt_start, event_kind::request_sent}) *
        data::make(types),
    when, type)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        for (auto asked = with.read_request(); !asked.empty(); asked = with.read_request()) {
            if (asked.find("/auth/stuck") != std::string::npos)
                with.wait_for_close();
            else
                with.send(no_content);
        }
    });
    asio::io_context context{1};
    std::optional<pending<result<raw_response>>> call;
    auto options = patient_options(server);
    options.observer = std::make_shared<on_event_of>(when, [&] { call->cancel(type_of(type)); });
    client used(context.get_executor(), options);
    call.emplace(context, used.send(raw_request("POST", "/auth/stuck")));
    auto const outcome = call->get(context);
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::cancelled), outcome.error());
    BOOST_TEST(outcome.error().request_was_sent() == (when >= event_kind::attempt_start), outcome.error());
    BOOST_TEST(call->ends() == 1);
    run_until(context, [&] { return at_rest(used); });
    BOOST_TEST(run(context, used.send(raw_request("POST", "/auth/next"))).has_value());
    BOOST_TEST(used.stats().calls_cancelled == 1U);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_101_the_client_cancels_all_calls, data::make(all_places), where)
{
    stuck way(where);
    asio::io_context context{1};
    client used(context.get_executor(), impatient_dials(way));
    auto call = way.start(context, used);
    way.run_until_there(context, used);
    used.cancel();
    check_cancelled(call.get(context), where);
    check_works_on(context, used, way);
}

BOOST_DATA_TEST_CASE_F(descriptor_baseline, fault_025_shutdown_ends_each_phase, data::make(all_places), where)
{
    stuck way(where);
    asio::io_context context{1};
    client used(context.get_executor(), way.options());
    auto call = way.start(context, used);
    way.run_until_there(context, used);
    run(context, used.shutdown(20ms));
    BOOST_TEST(call.done());
    auto const outcome = call.get(context);
    BOOST_REQUIRE(outcome.has_error());
    // What waited can't be served any more; what was in flight had its time of grace.
    auto const expected = has_connection(where) ? errc::cancelled : errc::shut_down;
    BOOST_TEST(outcome.error().code() == make_error_code(expected), outcome.error());
    BOOST_TEST(at_rest(used));
    BOOST_TEST(used.stats().connections_idle == 0U);
    BOOST_TEST(sockets_to(way.port()) == 0U);
    auto const next = run(context, used.send(raw_request("POST", "/auth/next")));
    BOOST_REQUIRE(next.has_error());
    BOOST_TEST(next.error().code() == make_error_code(errc::shut_down));
    BOOST_TEST((next.error().advice() == retry_advice::no));
    way.clear(context);
}

BOOST_AUTO_TEST_CASE(fault_025_a_grace_beyond_all_bounds_is_a_long_one)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            with.stall(100ms);
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    asio::io_context context{1};
    client used(context.get_executor(), patient_options(server));
    pending<result<raw_response>> call(context, used.send(raw_request("POST", "/x")));
    run_until(context, [&] { return used.stats().connections_in_use == 1; });
    run(context, used.shutdown(milliseconds::max()));
    BOOST_TEST(call.get(context).has_value());
}

BOOST_AUTO_TEST_CASE(fault_025_shutdown_lets_calls_in_flight_end)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            with.stall(100ms);
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    asio::io_context context{1};
    client used(context.get_executor(), patient_options(server));
    pending<result<raw_response>> call(context, used.send(raw_request("POST", "/x")));
    run_until(context, [&] { return used.stats().connections_in_use == 1; });
    run(context, used.shutdown(1h));
    BOOST_TEST(call.done());
    BOOST_TEST(call.get(context).has_value());
    BOOST_TEST(sockets_to(server.port()) == 0U);
}

BOOST_AUTO_TEST_CASE(shutdown_makes_no_further_connection)
{
    // The server loses a repeatable call's connection while the client shuts down: a retry would need a new one.
    std::atomic<bool> go{false};
    scripted_server const server(test_authority().issue(), [&go](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        with.send("HTTP/1.1 204 No Content\r\n\r\n");
        static_cast<void>(with.read_request());
        while (!go)
            with.stall(1ms);
        with.reset();
    });
    asio::io_context context{1};
    client used(context.get_executor(), patient_options(server));
    BOOST_REQUIRE(run(context, used.send(raw_request("GET", "/x"))).has_value());
    pending<result<raw_response>> call(context, used.send(raw_request("GET", "/x").as_repeatable()));
    run_until(context, [&] { return server.requests() == 2; });
    bool ended = false;
    asio::co_spawn(context, used.shutdown(1h), [&ended](std::exception_ptr) { ended = true; });
    context.restart();
    context.poll();
    go = true;
    run_until(context, [&] { return ended; });
    auto const outcome = call.get(context);
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost), outcome.error());
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_shutdown_that_is_cancelled_before_it_began_shuts_down)
{
    stuck way(place::first_byte);
    asio::io_context context{1};
    client used(context.get_executor(), way.options());
    auto call = way.start(context, used);
    way.run_until_there(context, used);
    bool ended = false;
    asio::cancellation_signal signal;
    auto const clean_up = [](client of) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        asio::steady_timer never(co_await asio::this_coro::executor, 1h);
        boost::system::error_code cancelled;
        co_await never.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        co_await of.shutdown(1h);
    };
    asio::co_spawn(
        context, clean_up(used),
        asio::bind_cancellation_slot(signal.slot(), [&ended](std::exception_ptr) { ended = true; }));
    context.restart();
    context.poll();
    signal.emit(asio::cancellation_type::terminal);
    run_until(context, [&] { return ended; });
    BOOST_TEST((call.get(context).error().code() == errc::cancelled));
    auto const later = run(context, used.send(way.request()));
    BOOST_REQUIRE(later.has_error());
    BOOST_TEST((later.error().code() == errc::shut_down));
    way.clear(context);
}

BOOST_AUTO_TEST_CASE(fault_100_cancelled_before_it_began)
{
    stuck const way(place::first_byte);
    asio::io_context context{1};
    client used(context.get_executor(), way.options());
    pending<result<raw_response>> call(context, used.send(way.request()));
    call.cancel(cancellation_type::terminal);
    // Asio itself may refuse to await in a cancelled coroutine, by throwing.
    try {
        auto const outcome = call.get(context);
        BOOST_TEST(outcome.error().code() == make_error_code(errc::cancelled));
    } catch (boost::system::system_error const& e) {
        BOOST_TEST((e.code() == asio::error::operation_aborted));
    }
    BOOST_TEST(used.stats().connections_opened == 0U);
    BOOST_TEST(sockets_to(way.port()) == 0U);
}

// The connection is handed over in the very moment in which the limit runs out: that is no cancellation.
BOOST_AUTO_TEST_CASE(fault_021_a_limit_that_comes_together_with_the_connection)
{
    std::atomic<bool> answered{false};
    scripted_server const server(test_authority().issue(), [&answered](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            with.stall(100ms);
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
            answered = true;
        }
    });
    auto options = patient_options(server);
    options.pool.max_connections = 1;
    options.limits.pool_wait = 2s;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    BOOST_REQUIRE(run(context, used.warm_up(1)).has_value());
    pending<result<raw_response>> first(context, used.send(raw_request("POST", "/x")));
    pending<result<raw_response>> second(context, used.send(raw_request("POST", "/x")));
    run_until(context, [&] { return used.stats().calls_waiting == 1; });
    // The context's thread is kept busy until both have happened.
    std::this_thread::sleep_for(2'200ms);
    BOOST_REQUIRE(answered.load());
    BOOST_TEST(first.get(context).has_value());
    auto const outcome = second.get(context);
    if (outcome.has_error()) {
        BOOST_TEST(outcome.error().code() == make_error_code(errc::timed_out), outcome.error());
        BOOST_TEST(to_string(outcome.error().phase()) == to_string(phase::queue));
        BOOST_TEST((outcome.error().limit() == 2s));
    }
    BOOST_TEST(used.stats().calls_cancelled == 0U);
    BOOST_TEST(at_rest(used));
}

// Asio tells nobody of a cancellation that came before the wait began.
BOOST_DATA_TEST_CASE(
    a_cancellation_from_within_an_event_is_seen_before_the_next_attempt, data::make(types), type)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.respond(503, "", "Retry-After: 1200\r\n");
    });
    std::optional<pending<result<raw_response>>> call;
    auto options = patient_options(server);
    options.retry.max_attempts = 2;
    options.observer =
        std::make_shared<event_hook>(event_kind::retry, 1, [&] { call->cancel(type_of(type)); });
    asio::io_context context{1};
    client used(context.get_executor(), options);
    call.emplace(context, used.send(get()));
    auto const outcome = call->get(context);
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::cancelled), outcome.error());
    BOOST_TEST(to_string(outcome.error().phase()) == to_string(phase::retry_wait));
    BOOST_TEST(server.requests() == 1U);
    BOOST_TEST(at_rest(used));
}

BOOST_DATA_TEST_CASE(a_cancellation_from_within_an_event_is_seen_while_warming_up, data::make(types), type)
{
    stuck way(place::tls);
    std::optional<pending<result<std::size_t>>> warming;
    auto options = impatient_dials(way);
    options.observer =
        std::make_shared<event_hook>(event_kind::call_start, 1, [&] { warming->cancel(type_of(type)); });
    asio::io_context context{1};
    client used(context.get_executor(), options);
    warming.emplace(context, used.warm_up(1, call_options(1h)));
    auto const outcome = warming->get(context);
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::cancelled), outcome.error());
    // Not when the connection that it began has come to its own limit.
    BOOST_TEST(used.stats().connections_connecting == 1U);
    run_until(context, [&] { return at_rest(used); });
}

BOOST_AUTO_TEST_SUITE_END()
