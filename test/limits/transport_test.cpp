// client_options::transport: calls without any socket.
#include "limits/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

raw_response answer(int status, std::string body = {})
{
    raw_response made;
    made.status = status;
    if (!body.empty())
        made.headers.emplace_back("Content-Type", "application/json");
    made.body = secret(std::move(body));
    return made;
}

error failing(errc code, std::string message)
{
    error_info info;
    info.code = code;
    info.message = std::move(message);
    return error(std::move(info));
}

struct transport_fixture
{
    client make(transport through, unsigned attempts = 1)
    {
        client_options options("https://api.example.test:8443/v1");
        options.transport = std::move(through);
        options.clock = clock;
        options.retry.max_attempts = attempts;
        options.retry.base_pause = 0ms;
        options.retry.max_pause = 0ms;
        return client(context.get_executor(), std::move(options));
    }

    descriptor_baseline descriptors;
    asio::io_context context;
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
};

} // namespace

BOOST_AUTO_TEST_SUITE(injected_transport)

BOOST_AUTO_TEST_CASE(sees_the_request_and_answers_it)
{
    transport_fixture on;
    transport_request seen;
    auto used = on.make([&](transport_request request, transport_reply reply) {
        seen = std::move(request);
        auto made = answer(201, "{\"a\":1}");
        made.headers.emplace_back("X-Request-ID", "abc");
        reply(std::move(made));
    });
    auto const got =
        run(on.context, used.send(raw_request("POST", "/auth/x?y=1")
                                      .with_body(secret("{\"b\":2}"))
                                      .with_token(secret("flx_token"))
                                      .with_header("X-Mine", "z")));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->status == 201);
    BOOST_TEST(got->body.reveal() == "{\"a\":1}");
    BOOST_TEST(got->header_value("x-request-id") == "abc");
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.target.reveal() == "/v1/auth/x?y=1");
    BOOST_TEST(seen.body.reveal() == "{\"b\":2}");
    BOOST_TEST(seen.header_value("host") == "api.example.test:8443");
    BOOST_TEST(seen.header_value("AUTHORIZATION") == "flx_token");
    BOOST_TEST(seen.header_value("X-Mine") == "z");
    BOOST_TEST(seen.header_value("X-None").empty());
    BOOST_TEST(used.stats().connections_opened == 0U);
    BOOST_TEST(used.stats().requests_sent == 1U);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(operations_are_decoded_as_ever)
{
    transport_fixture on;
    auto used = on.make([](transport_request const& request, transport_reply const& reply) {
        reply(
            request.target.reveal() == "/v1/auth/verify"
                ? answer(204)
                : answer(400, R"({"code":"INVALID_FORM_BODY","message":"no","errors":[]})"));
    });
    auto const refused = run(on.context, used.get_sso_status());
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code() == errc::rejected_input));
    BOOST_TEST(refused.error().info().http_status == 400);
}

BOOST_AUTO_TEST_CASE(an_error_is_the_calls)
{
    transport_fixture on;
    auto used = on.make([](transport_request const&, transport_reply const& reply) {
        reply(failing(errc::connect_failed, "no way there"));
    });
    auto const got = run(on.context, used.send(get()));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::connect_failed));
    BOOST_TEST(got.error().info().message.find("no way there") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_exception_fails_the_attempt)
{
    transport_fixture on;
    int calls = 0;
    auto used = on.make(
        [&](transport_request const&, transport_reply const& reply) {
            if (++calls == 1)
                throw std::runtime_error("out of paper");
            if (calls == 2)
                throw 42;
            reply(answer(204));
        },
        3);
    auto const got = run(on.context, used.send(get()));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(calls == 3);
    calls = 0;
    call_options once;
    once.max_attempts = 1;
    auto const failed = run(on.context, used.send(get(), once));
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::connection_lost));
    BOOST_TEST(failed.error().info().message.find("out of paper") != std::string::npos);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(fault_111_what_must_not_be_repeated_is_passed_on_once)
{
    transport_fixture on;
    int calls = 0;
    auto used = on.make(
        [&](transport_request const&, transport_reply const& reply) {
            if (++calls % 2 == 1)
                throw std::runtime_error("x");
            reply(answer(503));
        },
        10);
    for (int count = 1; count <= 4; ++count) {
        auto const got = run(on.context, used.send(raw_request("POST", "/auth/x")));
        BOOST_TEST(got.has_error() == (count % 2 == 1));
        BOOST_TEST(calls == count);
    }
}

BOOST_AUTO_TEST_CASE(no_answer_has_the_usual_limits)
{
    transport_fixture on;
    transport_reply kept;
    auto used = on.make([&](transport_request const&, transport_reply reply) { kept = std::move(reply); });
    pending<result<raw_response>> call(on.context, used.send(get()));
    run_until(on.context, [&] { return kept != nullptr; });
    on.clock->advance(14s);
    run_until(on.context, [&] { return used.stats().calls_in_flight == 1; });
    BOOST_TEST(!call.done());
    on.clock->advance(2s);
    auto const got = call.get(on.context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::timed_out));
    BOOST_TEST((got.error().info().limit == milliseconds(15s)));
    BOOST_TEST(got.error().info().request_was_sent);
    // Late, and twice.
    kept(answer(200));
    kept(answer(201));
    on.context.restart();
    on.context.poll();
    BOOST_TEST(call.ends() == 1);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(only_the_first_answer_counts)
{
    transport_fixture on;
    auto used = on.make([](transport_request const&, transport_reply const& reply) {
        auto const copy = reply;
        copy(answer(201));
        reply(answer(202));
        reply(failing(errc::connection_lost, "x"));
    });
    BOOST_TEST(run(on.context, used.send(get()))->status == 201);
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_dropped_leaves_the_limits)
{
    transport_fixture on;
    auto used = on.make([](transport_request const&, transport_reply const&) {});
    pending<result<raw_response>> call(on.context, used.send(get()));
    run_until(on.context, [&] { return used.stats().calls_in_flight == 1; });
    on.context.restart();
    on.context.poll();
    on.clock->advance(1h);
    BOOST_TEST((call.get(on.context).error().code() == errc::timed_out));
}

BOOST_DATA_TEST_CASE(cancelling_does_not_wait_for_it, boost::unit_test::data::xrange(4), how)
{
    transport_fixture on;
    transport_reply kept;
    auto used = on.make([&](transport_request const&, transport_reply reply) { kept = std::move(reply); }, 3);
    pending<result<raw_response>> call(on.context, used.send(get()));
    run_until(on.context, [&] { return kept != nullptr; });
    using type = asio::cancellation_type;
    if (how == 3)
        used.cancel();
    else
        call.cancel(how == 0 ? type::terminal : how == 1 ? type::partial : type::total);
    auto const got = call.get(on.context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::cancelled));
    BOOST_TEST(got.error().info().request_was_sent);
    kept(answer(200));
    on.context.restart();
    on.context.poll();
    BOOST_TEST(call.ends() == 1);
    BOOST_TEST(at_rest(used));
    BOOST_TEST(used.stats().calls_cancelled == 1U);
}

// Of a strand, which must not outlive its context: the sanitizer tells.
BOOST_AUTO_TEST_CASE(fault_107_a_reply_may_be_kept_for_longer_than_the_context)
{
    transport_reply kept;
    auto threads = std::make_unique<asio::thread_pool>(1);
    client_options options("https://api.example.test/v1");
    std::atomic<bool> asked = false;
    options.transport = [&](transport_request const&, transport_reply reply) {
        kept = std::move(reply);
        asked = true;
    };
    client used(threads->get_executor(), std::move(options));
    asio::co_spawn(*threads, used.send(raw_request("GET", "/x")), asio::detached);
    while (!asked)
        std::this_thread::sleep_for(1ms);
    threads->stop();
    threads.reset();
    kept(made(200));
    kept = nullptr;
}

BOOST_AUTO_TEST_CASE(the_answer_may_come_from_another_thread)
{
    transport_fixture on;
    std::vector<std::thread> threads;
    auto used = on.make([&](transport_request const&, transport_reply reply) {
        threads.emplace_back([reply = std::move(reply)] { reply(answer(204)); });
    });
    for (int count = 0; count < 50; ++count)
        BOOST_TEST(run(on.context, used.send(get())).has_value());
    for (auto& each : threads)
        each.join();
}

BOOST_AUTO_TEST_CASE(fault_110_it_is_asked_again_by_the_policy)
{
    transport_fixture on;
    int calls = 0;
    auto used = on.make(
        [&](transport_request const&, transport_reply const& reply) {
            reply(answer(++calls < 3 ? 503 : 204));
        },
        3);
    BOOST_TEST(run(on.context, used.send(get()))->status == 204);
    BOOST_TEST(calls == 3);
    BOOST_TEST(used.stats().retries == 2U);
}

BOOST_AUTO_TEST_CASE(the_client_may_go_within_it)
{
    transport_fixture on;
    std::optional<client> used;
    transport_reply kept;
    used.emplace(on.make([&](transport_request const&, transport_reply reply) {
        kept = std::move(reply);
        used.reset();
    }));
    pending<result<raw_response>> call(on.context, used->send(get()));
    run_until(on.context, [&] { return kept != nullptr; });
    kept(answer(204));
    BOOST_TEST(call.get(on.context)->status == 204);
}

BOOST_AUTO_TEST_SUITE_END()
