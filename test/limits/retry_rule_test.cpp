#include "limits/support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;

namespace {

raw_request post()
{
    return raw_request("POST", "/auth/x").with_body(secret("{}"));
}

void answer_all(peer& with)
{
    while (!with.read_request().empty())
        with.send(no_content);
}

/// A server whose first connections do something else than serving; told when that was done.
class odd_server
{
public:
    /// @param odd what connections below `count` do after the handshake
    odd_server(std::size_t count, std::function<void(peer&)> odd)
        : odd_(std::move(odd))
        , server(test_authority().issue(), [this, count](peer& with) {
            if (!with.handshake())
                return;
            if (with.index() >= count) {
                answer_all(with);
                return;
            }
            odd_(with);
            ++ready;
            with.wait_for_close();
        })
    {}

    void wait_until_ready(std::size_t count = 1) const
    {
        auto const end = std::chrono::steady_clock::now() + guard;
        while (ready < count && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(1ms);
        BOOST_REQUIRE(ready >= count);
        // What was sent through loopback is there; a moment more does not hurt.
        std::this_thread::sleep_for(20ms);
    }

private:
    std::function<void(peer&)> odd_;

public:
    std::atomic<std::size_t> ready{0};
    scripted_server server;
};

struct client_of
{
    explicit client_of(scripted_server const& server)
        : used(context.get_executor(), patient_options(server))
    {}

    result<raw_response> call(raw_request request) { return run(context, used.send(std::move(request))); }

    asio::io_context context{1};
    client used;
};

void check_served(result<raw_response> const& outcome)
{
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), outcome.error());
    BOOST_TEST(outcome->status == 204);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(retry_rule, descriptor_baseline)

BOOST_AUTO_TEST_CASE(calls_in_turn_share_one_connection)
{
    odd_server at(0, {});
    client_of with(at.server);
    for (int count = 0; count < 5; ++count)
        check_served(with.call(post()));
    BOOST_TEST(at.server.connections() == 1U);
    BOOST_TEST(with.used.stats().connections_reused == 4U);
}

// What an idle connection may come to; each is noticed before the next request is written.
BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, an_idle_connection_that_ended_costs_nothing,
    data::make(
        {"close_notify", "close", "reset", "408", "garbage", "second answer", "close_notify and close"}),
    how)
{
    std::string const what = how;
    std::atomic<bool> answered{false};
    odd_server at(1, [&](peer& with) {
        static_cast<void>(with.read_request());
        with.send(no_content);
        // A reset would overtake the answer.
        while (!answered)
            with.stall(1ms);
        if (what.starts_with("close_notify"))
            with.close_notify();
        if (what == "close" || what == "close_notify and close")
            with.half_close();
        if (what == "reset")
            with.reset();
        if (what == "408")
            with.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        if (what == "garbage")
            with.send("x");
        if (what == "second answer")
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
    });
    client_of with(at.server);
    check_served(with.call(post()));
    answered = true;
    at.wait_until_ready();
    check_served(with.call(post()));
    BOOST_TEST(at.server.requests() == 2U);
    BOOST_TEST(at.server.connections() == 2U);
    auto const counters = with.used.stats();
    BOOST_TEST(counters.retries == 0U);
    BOOST_TEST(counters.requests_sent == 2U);
    auto const sent_more = what == "408" || what == "garbage" || what == "second answer";
    BOOST_TEST(counters.unexpected_bytes == (sent_more ? 1U : 0U));
    BOOST_TEST(sockets_to(at.server.port()) == 1U);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, a_lost_answer_on_a_reused_connection, data::make({false, true}), repeatable)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.send(no_content);
        static_cast<void>(with.read_request());
        with.reset();
    });
    client_of with(at.server);
    check_served(with.call(post()));
    auto const outcome = with.call(repeatable ? get() : post());
    // One of the three was the first call's.
    BOOST_TEST(at.server.requests() == (repeatable ? 3U : 2U));
    BOOST_TEST(at.server.connections() == (repeatable ? 2U : 1U));
    BOOST_TEST(with.used.stats().retries == (repeatable ? 1U : 0U));
    if (repeatable) {
        check_served(outcome);
        return;
    }
    BOOST_REQUIRE(outcome.has_error());
    auto const& e = outcome.error();
    BOOST_TEST(e.code() == make_error_code(errc::connection_lost));
    BOOST_TEST((e.advice() == retry_advice::may_have_run));
    BOOST_TEST(e.request_was_sent());
    BOOST_TEST(e.attempts() == 1U);
}

BOOST_AUTO_TEST_CASE(fault_111_login_is_never_sent_twice)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.send(no_content);
        static_cast<void>(with.read_request());
        with.close_notify();
        with.half_close();
    });
    client_of with(at.server);
    check_served(with.call(post()));
    auto const outcome =
        run(with.context, with.used.login_user(login_request("me@example.com", "correct horse")));
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost));
    BOOST_TEST((outcome.error().advice() == retry_advice::may_have_run));
    BOOST_TEST(at.server.requests() == 2U);
    BOOST_TEST(at.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_repeatable_call_is_sent_at_most_twice)
{
    // The first call is answered; from then on each connection ends after reading a request.
    odd_server at(5, [](peer& with) {
        if (with.index() == 0) {
            static_cast<void>(with.read_request());
            with.send(no_content);
        }
        static_cast<void>(with.read_request());
        with.reset();
    });
    client_of with(at.server);
    check_served(with.call(post()));
    auto const outcome = with.call(get());
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost));
    BOOST_TEST((outcome.error().advice() == retry_advice::yes));
    BOOST_TEST(outcome.error().attempts() == 2U);
    BOOST_TEST(at.server.requests() == 3U);
    BOOST_TEST(at.server.connections() == 2U);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, a_fresh_connection_is_no_reason, data::make({false, true}), repeatable)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.reset();
    });
    client_of with(at.server);
    auto const outcome = with.call(repeatable ? get() : post());
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost));
    BOOST_TEST((outcome.error().advice() == (repeatable ? retry_advice::yes : retry_advice::may_have_run)));
    BOOST_TEST(at.server.requests() == 1U);
    BOOST_TEST(at.server.connections() == 1U);
    BOOST_TEST(with.used.stats().retries == 0U);
    check_served(with.call(post()));
}

BOOST_AUTO_TEST_CASE(part_of_an_answer_rules_a_retry_out)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.send(no_content);
        static_cast<void>(with.read_request());
        with.send("H");
        with.reset();
    });
    client_of with(at.server);
    check_served(with.call(post()));
    auto const outcome = with.call(get());
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost));
    BOOST_TEST(outcome.error().info().answer_began);
    BOOST_TEST(at.server.requests() == 2U);
}

BOOST_AUTO_TEST_CASE(a_warmed_connection_that_dies_counts_as_reused)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.reset();
    });
    client_of with(at.server);
    auto const ready = run(with.context, with.used.warm_up(1));
    BOOST_REQUIRE(ready.has_value());
    BOOST_TEST(*ready == 1U);
    check_served(with.call(get()));
    BOOST_TEST(at.server.requests() == 2U);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, answers_after_which_the_connection_is_not_used_again,
    data::make(
        {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 204 No Content\r\nConnection: foo, Close\r\n\r\n",
         "HTTP/1.0 204 No Content\r\nContent-Length: 0\r\n\r\n",
         "HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
         "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
         "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"}),
    answer)
{
    std::string const text = answer;
    odd_server at(1, [&text](peer& with) {
        static_cast<void>(with.read_request());
        with.send(text);
    });
    client_of with(at.server);
    check_served(with.call(post()));
    BOOST_TEST(with.used.stats().connections_idle == 0U);
    check_served(with.call(post()));
    BOOST_TEST(at.server.connections() == 2U);
    BOOST_TEST(at.server.requests() == 2U);
}

// The second answer is in a record of its own, which nobody has read when the connection comes back; or there is a record
// that nobody can read.
BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_038_a_second_answer_is_not_taken_for_that_of_a_call_that_waits,
    data::make({"an answer", "a bad record"}), behind)
{
    auto const is_answer = std::string_view(behind) == "an answer";
    std::atomic<bool> asked{false};
    std::atomic<bool> both_wait{false};
    odd_server at(1, [&](peer& with) {
        static_cast<void>(with.read_request());
        asked = true;
        wait_for(both_wait);
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
        if (is_answer)
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
        else
            with.send_plain("\x17\x03\x03" + std::string(1, '\0') + ' ' + std::string(32, '\0'));
    });
    asio::io_context context{1};
    auto options = patient_options(at.server);
    options.pool.max_connections = 1;
    client used(context.get_executor(), options);
    pending<result<raw_response>> first(context, used.send(post()));
    pending<result<raw_response>> waiting(context, used.send(post()));
    run_until(context, [&] { return asked && used.stats().calls_waiting == 1; });
    both_wait = true;
    at.wait_until_ready();
    BOOST_TEST(first.get(context)->body.reveal() == "first");
    check_served(waiting.get(context));
    BOOST_TEST(used.stats().unexpected_bytes == (is_answer ? 1U : 0U));
    BOOST_TEST(used.stats().retries == 0U);
    BOOST_TEST(at.server.connections() == 2U);
    BOOST_TEST(at.server.requests() == 2U);
}

// The second answer comes when the connection was handed on, before the request that gets it.
BOOST_AUTO_TEST_CASE(fault_038_a_second_answer_that_comes_with_the_connection_is_not_the_next_ones)
{
    std::atomic<bool> both_wait{false};
    std::atomic<bool> handed_on{false};
    odd_server at(1, [&](peer& with) {
        static_cast<void>(with.read_request());
        wait_for(both_wait);
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
        wait_for(handed_on);
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
    });
    asio::io_context context{1};
    auto options = patient_options(at.server);
    options.pool.max_connections = 1;
    options.observer = std::make_shared<event_hook>(event_kind::queue_end, 2, [&] {
        handed_on = true;
        at.wait_until_ready();
    });
    client used(context.get_executor(), options);
    pending<result<raw_response>> first(context, used.send(post()));
    run_until(context, [&] { return at.server.requests() == 1; });
    pending<result<raw_response>> second(context, used.send(post()));
    pending<result<raw_response>> third(context, used.send(post()));
    run_until(context, [&] { return used.stats().calls_waiting == 2; });
    both_wait = true;
    BOOST_TEST(first.get(context)->body.reveal() == "first");
    check_served(second.get(context));
    check_served(third.get(context));
    BOOST_TEST(used.stats().unexpected_bytes == 1U);
    BOOST_TEST(at.server.connections() == 2U);
    BOOST_TEST(at.server.requests() == 3U);
}

/// The first new connection is only used once the server has said there what it wants to.
client_options options_that_let_speak(odd_server& at)
{
    auto options = patient_options(at.server);
    options.observer =
        std::make_shared<event_hook>(event_kind::connection_open, 1, [&at] { at.wait_until_ready(); });
    return options;
}

// So late that it is not in the way of the handshake, so early that nothing was asked.
BOOST_AUTO_TEST_CASE(fault_040_an_answer_behind_the_handshake_is_nobodys)
{
    odd_server at(1, [](peer& with) { with.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nnobody"); });
    asio::io_context context{1};
    client used(context.get_executor(), options_that_let_speak(at));
    auto const outcome = run(context, used.send(post()));
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST((outcome.error().code() == errc::protocol_error), outcome.error());
    BOOST_TEST(!outcome.error().request_was_sent());
    BOOST_TEST(used.stats().unexpected_bytes == 1U);
    check_served(run(context, used.send(post())));
    BOOST_TEST(at.server.connections() == 2U);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, a_new_connection_that_ended_is_made_no_second_time,
    data::make({"close_notify", "close", "reset"}), how)
{
    std::string const what = how;
    odd_server at(100, [&](peer& with) {
        if (what == "close_notify")
            with.close_notify();
        if (what == "close")
            with.half_close();
        if (what == "reset")
            with.reset();
    });
    asio::io_context context{1};
    client used(context.get_executor(), options_that_let_speak(at));
    auto const outcome = run(context, used.send(post()));
    BOOST_REQUIRE(outcome.has_error());
    BOOST_TEST((outcome.error().code() == errc::connection_lost), outcome.error());
    BOOST_TEST(!outcome.error().request_was_sent());
    BOOST_TEST(outcome.error().attempts() == 1U);
    BOOST_TEST(at.server.connections() == 1U);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_are_counted)
{
    odd_server at(1, [](peer& with) {
        static_cast<void>(with.read_request());
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n");
    });
    client_of with(at.server);
    auto const outcome = with.call(post());
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->body.reveal() == "{}");
    BOOST_TEST(with.used.stats().unexpected_bytes == 1U);
    BOOST_TEST(with.used.stats().connections_idle == 0U);
    BOOST_TEST(sockets_to(at.server.port()) == 0U);
}

// The server closes at a random moment around the next request: each call is either answered or an error, and what
// may not be sent twice is not.
BOOST_AUTO_TEST_CASE(fault_008_surprise_closes)
{
    std::atomic<std::size_t> answered{0};
    scripted_server server(test_authority().issue(), [&answered](peer& with) {
        if (!with.handshake())
            return;
        for (std::size_t left = 1 + with.index() % 3; left > 0 && !with.read_request().empty(); --left) {
            ++answered;
            with.send(no_content);
        }
        if (with.index() % 2 == 0)
            with.reset();
    });
    client_of with(server);
    std::size_t good = 0;
    for (int count = 0; count < 300; ++count) {
        auto const outcome = with.call(post());
        if (outcome)
            ++good;
        else
            BOOST_TEST(outcome.error().code() == make_error_code(errc::connection_lost), outcome.error());
    }
    BOOST_TEST(at_rest(with.used));
    BOOST_TEST(good > 0U);
    BOOST_TEST(server.requests() <= 300U);
    BOOST_TEST(good <= answered.load());
}

BOOST_AUTO_TEST_SUITE_END()
