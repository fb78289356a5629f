// What becomes of a permit while its call is without a connection.
#include "limits/cancellation_bits.hpp"
#include "limits/governor_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(fault_009_the_connection_that_waits_for_a_slow_governor_dies)
{
    std::atomic<bool> answer = false;
    std::atomic<bool> close = false;
    std::atomic<bool> closed = false;
    scripted_server const real(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        for (auto first = with.index() == 0; !with.read_request().empty(); first = false) {
            while (first && !answer && with.stall(1ms))
                continue;
            with.respond(200, R"({"token":"flx_made_up_for_this_test","user_id":"17"})");
            while (first && !close && with.stall(1ms))
                continue;
            if (first) {
                with.close();
                closed = true;
                return;
            }
        }
    });
    auto options = patient_options(real);
    options.pool.max_connections = 1;
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    options.observer = log;
    client used(context.get_executor(), std::move(options));
    login_request const request("me@example.com", "correct horse");

    governor->has_limits = false;
    pending<result<login_result>> holder(context, used.login_user(request));
    run_until(context, [&] { return real.requests() == 1; });
    pending<result<login_result>> waiting(context, used.login_user(request));
    run_until(context, [&] { return log->queued == 2; });
    governor->has_limits = true;
    answer = true;
    run_until(context, [&] { return governor->asked.size() == 1; });
    close = true;
    run_until(context, [&] { return closed.load(); });
    governor->pending_reply(scripted_governor::yes());
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto const got = waiting.get(context);
    BOOST_TEST(got.has_value(), got.error());
    BOOST_TEST(holder.get(context).has_value());
    BOOST_TEST(real.connections() == 2U);
    BOOST_TEST(at_rest(used));
}

BOOST_DATA_TEST_CASE(a_call_cancelled_in_the_queue_asks_for_nothing_any_more, cancellation_bits, bits)
{
    std::atomic<bool> answer = false;
    scripted_server const real(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            while (!answer && with.stall(1ms))
                continue;
            with.respond(200, "[]");
        }
    });
    auto options = patient_options(real);
    options.pool.max_connections = 1;
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    options.clock = clock;
    options.observer = log;
    client used(context.get_executor(), std::move(options));
    governor->has_limits = false;
    pending<result<std::vector<auth_session>>> holder(context, used.list_auth_sessions(secret(token)));
    run_until(context, [&] { return real.requests() == 1; });
    pending<result<std::vector<auth_session>>> waiting(context, used.list_auth_sessions(secret(token)));
    run_until(context, [&] { return log->queued == 2; });
    governor->has_limits = true;
    waiting.cancel(type_of(bits));
    settle();
    BOOST_REQUIRE(waiting.done());
    auto const got = waiting.get(context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::cancelled));
    BOOST_TEST(governor->asked.empty());
    answer = true;
    BOOST_TEST(holder.get(context).has_value());
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(fault_115_a_permit_comes_back_when_no_connection_can_be_made)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    std::string url;
    {
        scripted_server const gone(test_authority().issue(), [](peer&) {});
        url = gone.base_url();
    }
    auto options = patient_options(url);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    client used(context.get_executor(), std::move(options));
    auto const got = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::connect_failed));
    BOOST_TEST(governor->asked.size() == 1U);
    BOOST_TEST(governor->given_back == 1);
}

BOOST_AUTO_TEST_CASE(a_governor_is_told_of_what_was_sent_and_not_answered)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    scripted_server const real(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        if (with.index() == 0)
            return with.reset();
        while (with.stall(1ms))
            continue;
    });
    auto options = patient_options(real);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    login_request const request("me@example.com", "correct horse");
    {
        client used(context.get_executor(), options);
        BOOST_TEST(run(context, used.login_user(request)).has_error());
        BOOST_REQUIRE(governor->learned.size() == 1U);
        BOOST_TEST(governor->learned[0].status == 0);
    }
    // Nor does it matter that the call is destroyed meanwhile.
    {
        asio::io_context doomed{1};
        client used(doomed.get_executor(), options);
        asio::co_spawn(doomed, used.login_user(request), [](auto&&...) { BOOST_ERROR("it ended"); });
        run_until(doomed, [&] { return real.requests() == 2; });
    }
    BOOST_TEST(governor->learned.size() == 2U);
    BOOST_TEST(governor->given_back == 0);
}

// Ends the call in the same turn in which the governor says yes.
BOOST_AUTO_TEST_CASE(leave_that_comes_together_with_the_end_of_its_call_comes_back)
{
    auto const counts = std::make_shared<local_rate_governor>(clock);
    for (int count = 0; count < 60; ++count) {
        asio::cancellation_signal stop;
        client_options options("https://api.example.test/v1");
        options.rate.governor = governor;
        bool ended = false;
        governor->on_acquire = [&](rate_reply reply) {
            counts->acquire(governor->asked.back(), std::move(reply));
            stop.emit(asio::cancellation_type::terminal);
        };
        auto used = make(std::move(options));
        asio::co_spawn(
            context, used.list_auth_sessions(secret(token)),
            asio::bind_cancellation_slot(
                stop.slot(), [&](std::exception_ptr, result<std::vector<auth_session>> const& got) {
                    ended = true;
                    BOOST_TEST(got.has_error());
                }));
        settle();
        BOOST_REQUIRE(ended);
        counts->withdraw(governor->asked.back(), false);
    }
    BOOST_TEST(governor->given_back == 60);
    BOOST_TEST(governor->left == 0);
    BOOST_TEST(sent == 0);
    clock->advance(10s);
    BOOST_TEST(counts->is_at_rest());
}

// Leave that comes at once costs a call from elsewhere a turn, in which it can be cancelled.
BOOST_AUTO_TEST_CASE(a_call_from_another_executor_can_be_cancelled_at_every_turn)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    scripted_server const real(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        with.respond(200, "[]");
        while (with.stall(1ms))
            continue;
    });
    auto options = patient_options(real);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    auto was_last = false;
    for (int turns = 0; !was_last; ++turns) {
        client used(context.get_executor(), options);
        BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
        asio::io_context caller{1};
        asio::cancellation_signal stop;
        auto ended = false;
        asio::co_spawn(
            caller, used.list_auth_sessions(secret(token)),
            asio::bind_cancellation_slot(
                stop.slot(), [&ended](std::exception_ptr, result<std::vector<auth_session>> const& got) {
                    ended = true;
                    BOOST_TEST(got.has_error());
                }));
        for (int passed = 0; passed < turns && !was_last; ++passed) {
            caller.restart();
            context.restart();
            was_last = caller.poll_one() + context.poll_one() == 0;
        }
        stop.emit(asio::cancellation_type::terminal);
        run_until(context, [&] {
            caller.restart();
            caller.poll();
            return ended;
        });
    }
}

// As after a cancellation that comes together with the connection.
BOOST_AUTO_TEST_CASE(a_connection_given_back_without_a_request_has_had_none)
{
    std::atomic<bool> go = false;
    scripted_server const real(test_authority().issue(), [&](peer& with) {
        while (!go && with.stall(1ms))
            continue;
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.respond(200, "[]");
    });
    auto options = patient_options(real);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    options.clock = clock;
    options.observer = log;
    options.pool.max_requests = 1;
    client used(context.get_executor(), std::move(options));
    governor->has_limits = false;
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    run_until(context, [&] { return real.connections() == 1; });
    // A limit is seen meanwhile; leave is refused once, when the connection is there.
    governor->has_limits = true;
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::later(1ms)); };
    go = true;
    run_until(context, [&] {
        if (!governor->asked.empty())
            governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
        clock->advance(1ms);
        return call.done();
    });
    BOOST_TEST(call.get(context).has_value());
    BOOST_TEST(governor->asked.size() > 1U);
    BOOST_TEST(real.connections() == 1U);
    BOOST_TEST(used.stats().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(a_permit_wanted_since_the_queue_is_asked_for_without_losing_the_connection)
{
    std::atomic<bool> answers{false};
    std::atomic<int> requests{0};
    scripted_server const one_by_one(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            ++requests;
            while (!answers)
                std::this_thread::sleep_for(1ms);
            with.respond(200, "[]");
        }
    });
    governor->has_limits = false;
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto options = patient_options(one_by_one);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    options.clock = clock;
    options.observer = log;
    options.pool.max_connections = 1;
    client used(context.get_executor(), std::move(options));
    std::vector<pending<result<std::vector<auth_session>>>> calls;
    for (int count = 0; count < 5; ++count)
        calls.emplace_back(context, used.list_auth_sessions(secret(token)));
    run_until(context, [&] { return requests == 1; });
    governor->has_limits = true;
    answers = true;
    for (auto& call : calls)
        BOOST_TEST(call.get(context).has_value());
    BOOST_TEST(requests == 5);
    BOOST_TEST(log->queued == 5); // each once
    BOOST_TEST(governor->asked.size() == 4U);
    BOOST_TEST(governor->given_back == 0);
}

BOOST_AUTO_TEST_CASE(those_that_came_first_go_first_though_making_their_connections_took_long)
{
    std::atomic<bool> go = false;
    scripted_server const slow(test_authority().issue(), [&](peer& with) {
        while (!go && with.stall(1ms))
            continue;
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.respond(200, R"({"enabled":false,"enforced":false})");
    });
    auto const counts = std::make_shared<local_rate_governor>(clock);
    rate_answer limits;
    limits.announces_limits = true;
    counts->learn(rate_request(), limits);
    auto options = patient_options(slow);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = counts;
    options.clock = clock;
    options.observer = log;
    client used(context.get_executor(), std::move(options));
    std::vector<pending<result<sso_status>>> calls;
    for (int count = 0; count < 40; ++count)
        calls.emplace_back(context, used.get_sso_status(call_options().with_timeout(30s)));
    // Ten in ten seconds.
    run_until(context, [&] { return slow.connections() == 10; });
    clock->advance(5s);
    go = true;
    for (int count = 0; count < 10; ++count) {
        auto const got = calls[static_cast<std::size_t>(count)].get(context);
        BOOST_TEST(got.has_value(), got.error());
    }
    BOOST_TEST(slow.requests() == 10U);
    BOOST_TEST(log->queued == 10);
    // Five seconds have passed, and yet the server has only just counted those.
    clock->advance(900ms);
    settle();
    BOOST_TEST(slow.requests() == 10U);
    used.cancel();
    run_until(context, [&] { return at_rest(used); });
}

BOOST_AUTO_TEST_CASE(a_refused_repetition_tells_of_the_attempt_before)
{
    scripted_server const real(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        with.respond(200, "[]");
        static_cast<void>(with.read_request());
        with.reset();
    });
    auto options = patient_options(real);
    options.rate.mode = rate_mode::wait;
    options.rate.governor = governor;
    client used(context.get_executor(), std::move(options));
    governor->on_acquire = [&](rate_reply reply) {
        reply(governor->asked.size() <= 2 ? scripted_governor::yes() : scripted_governor::later(24h));
    };
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
    auto const got = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::rate_limited));
    BOOST_TEST(got.error().request_was_sent());
    BOOST_TEST(got.error().attempts() == 1U);
    auto const text = got.error().to_string();
    BOOST_TEST(text.find("nothing was sent") == std::string::npos, text);
    BOOST_TEST(text.find("the attempt before failed") != std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
