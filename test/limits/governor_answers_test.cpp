// Governors that answer late, never, or with a failure.
#include "limits/cancellation_bits.hpp"
#include "limits/governor_support.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(a_governor_may_answer_later_from_another_thread)
{
    auto used = make(governor);
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    BOOST_TEST(sent == 0);
    std::thread([&] {
        std::lock_guard const lock(governor->mutex);
        governor->pending_reply(scripted_governor::yes());
        governor->pending_reply(scripted_governor::yes());
    }).join();
    BOOST_TEST(call.get(context).has_value());
    BOOST_TEST(call.ends() == 1);
    BOOST_TEST(sent == 1);
}

BOOST_AUTO_TEST_CASE(a_governor_that_never_answers_costs_the_calls_limit)
{
    auto used = make(governor);
    pending<result<std::vector<auth_session>>> call(
        context, used.list_auth_sessions(secret(token), call_options(300ms)));
    settle();
    pass(310ms);
    BOOST_REQUIRE(call.done());
    auto const got = call.get(context);
    BOOST_TEST((got.error().code() == errc::timed_out));
    BOOST_TEST((got.error().phase() == phase::rate_limit));
    BOOST_TEST(got.error().limit().value_or(0ms).count() == 300);
    BOOST_TEST(governor->left == 1);
    governor->pending_reply(scripted_governor::yes());
    settle();
    BOOST_TEST(sent == 0);
}

BOOST_DATA_TEST_CASE(a_governor_that_does_not_answer_can_be_cancelled, cancellation_bits, bits)
{
    auto used = make(governor);
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    call.cancel(type_of(bits));
    settle();
    BOOST_REQUIRE(call.done());
    BOOST_TEST((call.get(context).error().code() == errc::cancelled));
    BOOST_TEST(governor->left == 1);
}

BOOST_AUTO_TEST_CASE(a_governor_that_fails_fails_the_call)
{
    auto used = make(governor);
    governor->on_acquire = [](rate_reply) { throw std::runtime_error("out of order"); };
    auto const thrown = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(thrown.has_error());
    BOOST_TEST(thrown.error().message().find("out of order") != std::string::npos);
    BOOST_TEST((thrown.error().phase() == phase::rate_limit));

    governor->on_acquire = [](rate_reply reply) {
        error_info info;
        info.code = errc::overloaded;
        info.message = "no governor today";
        reply(error(std::move(info)));
    };
    auto const replied = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(replied.has_error());
    BOOST_TEST((replied.error().code() == errc::overloaded));
    BOOST_TEST(sent == 0);
}

BOOST_AUTO_TEST_CASE(a_governor_that_fails_to_learn_loses_no_answer)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    governor->out_of_order = true;
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        auto answer = made(200, R"({"token":"flx_made_up_for_this_test","user_id":"17"})");
        answer.headers.emplace_back("X-RateLimit-Limit", "10");
        reply(std::move(answer));
    };
    client used(context.get_executor(), std::move(options));
    auto const got = run(context, used.login_user(login_request("me@example.com", "correct horse")));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(std::get<session>(got.value()).user_id.str() == "17");
    BOOST_TEST(governor->learned.size() == 1U);
    BOOST_TEST(governor->users.size() == 1U);
    // Whoever asks for it is told.
    BOOST_CHECK_THROW(used.introduce(std::get<session>(got.value())), std::runtime_error);
}

// Contract 4: captcha and SSO come before the buckets.
BOOST_AUTO_TEST_CASE(a_governor_is_told_what_the_server_did_not_count)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    std::string body;
    int status = 0;
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [&](transport_request const&, transport_reply const& reply) {
        reply(made(status, body));
    };
    client used(context.get_executor(), std::move(options));
    auto const log_in = [&](int answer, char const* code) {
        status = answer;
        body = std::string(R"({"code":")") + code + R"(","message":"no"})";
        auto const got = run(context, used.login_user(login_request("me@example.com", "correct horse")));
        BOOST_TEST(got.has_error());
    };
    log_in(400, "CAPTCHA_REQUIRED");
    log_in(400, "INVALID_CAPTCHA");
    log_in(403, "SSO_REQUIRED");
    BOOST_REQUIRE(governor->learned.size() == 3U);
    for (auto const& answer : governor->learned)
        BOOST_TEST(!answer.counted);
    // A body that is wrong, and whatever else, is counted.
    log_in(400, "INVALID_FORM_BODY");
    log_in(403, "FORBIDDEN");
    BOOST_REQUIRE(governor->learned.size() == 5U);
    BOOST_TEST(governor->learned[3].counted);
    BOOST_TEST(governor->learned[4].counted);
}

// On a strand of several threads: the second reply is given by the thread that asked, while the call goes on elsewhere.
BOOST_AUTO_TEST_CASE(a_governor_may_answer_twice_on_the_thread_that_asked)
{
    asio::thread_pool threads(2);
    governor->on_acquire = [&](rate_reply reply) {
        asio::post(threads, [reply] { reply(scripted_governor::yes()); });
        asio::post(threads, [reply] { reply(scripted_governor::yes()); });
    };
    client_options options("https://api.example.test/v1");
    options.transport = [](transport_request const&, transport_reply const& reply) {
        reply(made(200, "[]"));
    };
    options.rate.governor = governor;
    client used(threads.get_executor(), std::move(options));
    std::atomic<int> served = 0;
    for (int count = 0; count < 200; ++count)
        asio::co_spawn(
            threads, used.list_auth_sessions(secret(token)),
            [&](std::exception_ptr, result<std::vector<auth_session>> const& got) {
                served += got.has_value() ? 1 : 0;
            });
    threads.join();
    BOOST_TEST(served == 200);
}

BOOST_AUTO_TEST_SUITE_END()
