#include "limits/stuck.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;

namespace {

/// Shorter than all others, so that it is what fires.
constexpr milliseconds short_limit{400};

milliseconds& limit_of(limit_options& limits, place where)
{
    switch (where) {
    case place::resolve:
        return limits.resolve;
    case place::connect:
        return limits.connect;
    case place::tls:
        return limits.tls;
    case place::send:
        return limits.send;
    case place::first_byte:
        return limits.first_byte;
    case place::header:
    case place::body:
        return limits.read_idle;
    case place::header_drip:
    case place::body_drip:
        return limits.attempt;
    case place::queue:
        return limits.pool_wait;
    }
    return limits.call;
}

std::string_view words_of(phase value)
{
    switch (value) {
    case phase::queue:
        return "waiting for a connection";
    case phase::resolve:
        return "looking up the host name";
    case phase::connect:
        return "connecting to 127.0.0.2:";
    case phase::tls:
        return "in the TLS handshake with 127.0.0.1:";
    case phase::send:
        return "sending the request to 127.0.0.1:";
    case phase::first_byte:
        return "waiting for the first byte of the answer from 127.0.0.1:";
    case phase::header:
        return "reading the header of the answer from 127.0.0.1:";
    case phase::body:
        return "reading the body of the answer from 127.0.0.1:";
    default:
        return "?";
    }
}

bool contains(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

bool is_sent(place where)
{
    return where != place::resolve && where != place::connect && where != place::tls && where != place::queue;
}

void check_timeout(error const& e, place where)
{
    BOOST_TEST_MESSAGE(e.to_string());
    BOOST_TEST(e.code() == make_error_code(errc::timed_out));
    BOOST_TEST((e.code() == condition::timeout));
    BOOST_TEST(to_string(e.phase()) == to_string(phase_of(where)));
    BOOST_TEST((e.limit() == short_limit));
    BOOST_TEST(e.elapsed().count() >= short_limit.count());
    BOOST_TEST((e.elapsed() < guard));
    BOOST_TEST(e.request_was_sent() == is_sent(where));
    BOOST_TEST(e.attempts() == (is_sent(where) ? 1U : 0U));
    BOOST_TEST((e.advice() == (is_sent(where) ? retry_advice::may_have_run : retry_advice::yes)));
    auto const text = e.to_string();
    BOOST_TEST(contains(text, "raw: timed out after "), text);
    BOOST_TEST(contains(text, " (limit " + std::to_string(short_limit.count()) + " ms) "), text);
    BOOST_TEST(contains(text, words_of(e.phase())), text);
}

/// Lets the client's time go on.
template <class Condition>
void pass_time_until(asio::io_context& context, manual_clock& clock, Condition condition)
{
    run_until(context, [&] {
        clock.advance(10ms);
        return condition();
    });
}

/// Lets the call come as far as it does, and then its limit.
result<raw_response> run_out(
    stuck& way, asio::io_context& context, manual_clock& clock, client const& used,
    pending<result<raw_response>>& call)
{
    way.run_until_there(context, used);
    pass_time_until(context, clock, [&] { return call.done(); });
    return call.get(context);
}

/// Gauges are back, no socket is left over, and the client works on.
void check_aftermath(asio::io_context& context, manual_clock& clock, client& used, stuck& way)
{
    way.clear(context);
    pass_time_until(context, clock, [&] { return at_rest(used); });
    BOOST_TEST(used.stats().connections_idle == 0U);
    BOOST_TEST(sockets_to(way.port()) == 0U);
    auto const next = run(context, used.send(raw_request("POST", "/auth/next"), call_options(guard)));
    BOOST_REQUIRE_MESSAGE(next.has_value(), next.error());
    BOOST_TEST(next->status == 204);
    BOOST_TEST(at_rest(used));
    auto const counters = used.stats();
    BOOST_TEST(
        counters.calls_started ==
        counters.calls_succeeded + counters.calls_failed + counters.calls_cancelled);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(phase_limits, descriptor_baseline)

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_057_085_091_each_phase_ends_at_its_own_limit, data::make(all_places), where)
{
    stuck way(where);
    auto const clock = std::make_shared<manual_clock>();
    auto options = way.options();
    options.clock = clock;
    limit_of(options.limits, where) = short_limit;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    auto call = way.start(context, used);
    auto const outcome = run_out(way, context, *clock, used, call);
    BOOST_REQUIRE(outcome.has_error());
    check_timeout(outcome.error(), where);
    check_aftermath(context, *clock, used, way);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, the_deadline_of_the_call_ends_each_phase, data::make(all_places), where)
{
    stuck way(where);
    auto const clock = std::make_shared<manual_clock>();
    auto options = way.options();
    options.clock = clock;
    // A connection that is being made outlives the call that wanted it, until its own limits end it.
    options.limits.resolve = options.limits.connect = options.limits.tls = 800ms;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    auto call = way.start(context, used, call_options(short_limit));
    auto const outcome = run_out(way, context, *clock, used, call);
    BOOST_REQUIRE(outcome.has_error());
    check_timeout(outcome.error(), where);
    check_aftermath(context, *clock, used, way);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, the_limit_of_all_calls_ends_each_phase, data::make(all_places), where)
{
    stuck way(where);
    auto const clock = std::make_shared<manual_clock>();
    auto options = way.options();
    options.clock = clock;
    options.limits.resolve = options.limits.connect = options.limits.tls = 800ms;
    // The occupant of the queue's only connection must last longer.
    options.limits.call = where == place::queue ? 1h : short_limit;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    auto call = where == place::queue ? way.start(context, used, call_options(short_limit))
                                      : way.start(context, used);
    auto const outcome = run_out(way, context, *clock, used, call);
    BOOST_REQUIRE(outcome.has_error());
    check_timeout(outcome.error(), where);
    check_aftermath(context, *clock, used, way);
}

BOOST_AUTO_TEST_CASE(fault_105_no_time_left_means_no_io)
{
    stuck way(place::first_byte);
    asio::io_context context{1};
    client used(context.get_executor(), way.options());
    for (auto const timeout : {0ms, -5ms}) {
        auto const outcome = run(context, used.send(way.request(), call_options(timeout)));
        BOOST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code() == make_error_code(errc::timed_out));
        BOOST_TEST(to_string(outcome.error().phase()) == to_string(phase::validation));
        BOOST_TEST((outcome.error().limit() == timeout));
    }
    BOOST_TEST(sockets_to(way.port()) == 0U);
    BOOST_TEST(used.stats().connections_opened == 0U);
}

// They must not be added to the time as they are.
BOOST_AUTO_TEST_CASE(fault_105_timeouts_beyond_all_bounds_mean_no_io)
{
    stuck way(place::first_byte);
    asio::io_context context{1};
    client used(context.get_executor(), way.options());
    for (auto const timeout : {milliseconds::min(), milliseconds(-10'000'000'000'000), milliseconds::max()}) {
        auto const expected = timeout < 0ms ? errc::timed_out : errc::invalid_request;
        auto const sent = run(context, used.send(way.request(), call_options(timeout)));
        BOOST_REQUIRE(sent.has_error());
        BOOST_TEST(sent.error().code() == make_error_code(expected), sent.error());
        auto const warmed = run(context, used.warm_up(1, call_options(timeout)));
        BOOST_REQUIRE(warmed.has_error());
        BOOST_TEST(warmed.error().code() == make_error_code(expected), warmed.error());
    }
    BOOST_TEST(sockets_to(way.port()) == 0U);
    BOOST_TEST(used.stats().connections_opened == 0U);
}

BOOST_AUTO_TEST_CASE(fault_020_a_full_queue_fails_at_once)
{
    stuck way(place::queue);
    auto options = way.options();
    options.pool.max_waiting = 0;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    // Without a place to wait, not even the first call can wait for its connection; warm_up brings that.
    auto const warm = run(context, used.warm_up(1));
    BOOST_REQUIRE(warm.has_value());
    auto call = way.start(context, used);
    auto const outcome = call.get(context);
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::queue_full));
    BOOST_TEST((outcome.error().code() == condition::local));
    BOOST_TEST(to_string(outcome.error().phase()) == to_string(phase::queue));
    BOOST_TEST((outcome.error().advice() == retry_advice::yes));
    BOOST_TEST(contains(outcome.error().to_string(), "pool.max_waiting"));
    BOOST_TEST(used.stats().queue_full == 1U);
    way.clear(context);
    run_until(context, [&] { return at_rest(used); });
}

BOOST_AUTO_TEST_CASE(waiting_for_a_connection_names_the_last_connect_error)
{
    auto const server = std::make_unique<scripted_server>(test_authority().issue(), [](peer&) {});
    auto options = patient_options(*server);
    // The first attempt fails, so that there is an error to name; the second is stuck.
    auto const lookups = std::make_shared<std::atomic<int>>(0);
    options.resolver = [lookups](std::string const&) -> std::vector<std::string> {
        if ((*lookups)++ == 0)
            throw std::runtime_error("no such name today");
        return {black_hole::address};
    };
    black_hole const hole(server->port());
    options.limits.pool_wait = 400ms;
    asio::io_context context{1};
    client used(context.get_executor(), options);
    static_cast<void>(run(context, used.send(raw_request("GET", "/x"))));
    auto const outcome = run(context, used.send(raw_request("GET", "/x")));
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(contains(outcome.error().to_string(), "no such name today"), outcome.error());
}

BOOST_AUTO_TEST_SUITE_END()
