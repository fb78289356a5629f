// client_options::rate: what calls do when the governor makes them wait, without any socket where none is needed.
#include "limits/cancellation_bits.hpp"
#include "limits/support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/observer.hpp>
#include <fluxer/auth/rate.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* token = "flx_made_up_for_this_test";

/// Counts as the server does (contract 10.1, 10.4): 50 at once, then one per 20 ms.
class strict_server
{
public:
    explicit strict_server(std::shared_ptr<manual_clock> clock)
        : clock_(std::move(clock))
    {}

    int answer()
    {
        auto const now = clock_->now();
        empty_at_ = std::max(empty_at_, now);
        if (empty_at_ - now + 20ms > 50 * 20ms) {
            ++refused;
            return 429;
        }
        empty_at_ += 20ms;
        ++served;
        return 200;
    }

    int served = 0;
    int refused = 0;

private:
    std::shared_ptr<manual_clock> clock_;
    manual_clock::time_point empty_at_{};
};

struct throttle_log final : observer
{
    void on_event(event const& what) override
    {
        if (what.kind == event_kind::throttled)
            seen.emplace_back(what.detail);
        if (what.kind == event_kind::queue_start)
            ++queued;
    }

    std::vector<std::string> seen;
    int queued = 0;
};

/// Writes down what it is asked, and answers as it is told.
class scripted_governor final : public rate_governor
{
public:
    void acquire(rate_request const& request, rate_reply reply) override
    {
        std::unique_lock lock(mutex);
        asked.push_back(request);
        pending_reply = reply;
        auto const respond = on_acquire;
        lock.unlock();
        if (respond)
            respond(std::move(reply));
    }

    void withdraw(rate_request const&, bool granted) override
    {
        std::lock_guard const lock(mutex);
        ++(granted ? given_back : left);
    }

    void learn(rate_request const&, rate_answer const& answer) override
    {
        std::lock_guard const lock(mutex);
        learned.push_back(answer);
    }

    void introduce(std::string_view session, std::string_view user) override
    {
        std::lock_guard const lock(mutex);
        users.emplace(session, user);
    }

    static rate_verdict yes()
    {
        rate_verdict verdict;
        verdict.granted = true;
        return verdict;
    }

    static rate_verdict later(milliseconds wait)
    {
        rate_verdict verdict;
        verdict.wait = wait;
        verdict.bucket = "auth:sessions";
        return verdict;
    }

    std::mutex mutex;
    std::function<void(rate_reply)> on_acquire;
    rate_reply pending_reply;
    std::vector<rate_request> asked;
    std::vector<rate_answer> learned;
    std::map<std::string, std::string> users;
    int given_back = 0;
    int left = 0;
};

struct governor_fixture
{
    client make(client_options options = client_options("https://api.example.test/v1"))
    {
        options.transport = [this](transport_request const&, transport_reply const& reply) {
            ++sent;
            auto const status = server.answer();
            reply(
                status == 200
                    ? made(200, "[]")
                    : made(429, R"({"code":"RATE_LIMITED","message":"no","retry_after":1,"global":true})"));
        };
        options.clock = clock;
        options.observer = log;
        options.retry.max_attempts = 1;
        return client(context.get_executor(), std::move(options));
    }

    client make(std::shared_ptr<rate_governor> with)
    {
        client_options options("https://api.example.test/v1");
        options.rate.governor = std::move(with);
        return make(std::move(options));
    }

    /// Lets everything happen that can without the time going on.
    void settle()
    {
        context.restart();
        while (context.poll() > 0)
            context.restart();
    }

    void pass(milliseconds time)
    {
        for (auto left = time; left > 0ms; left -= 5ms) {
            clock->advance(5ms);
            settle();
        }
    }

    /// Makes and ends so many calls that the next one has to wait.
    void use_up(client& used)
    {
        for (int count = 0; count < 40; ++count)
            BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
        BOOST_TEST(sent == 40);
    }

    descriptor_baseline descriptors;
    asio::io_context context{1};
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    std::shared_ptr<throttle_log> log = std::make_shared<throttle_log>();
    std::shared_ptr<scripted_governor> governor = std::make_shared<scripted_governor>();
    strict_server server{clock};
    int sent = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(five_hundred_callers_of_a_session_never_cross_its_limit)
{
    auto used = make();
    auto ended = 0;
    auto failed = 0;
    auto stop = false;
    auto const caller = [&]() -> asio::awaitable<void> {
        while (!stop) {
            auto const got = co_await used.list_auth_sessions(secret(token));
            if (got.has_error())
                ++failed;
        }
        ++ended;
    };
    for (int count = 0; count < 500; ++count)
        asio::co_spawn(context, caller, [](std::exception_ptr) {});
    settle();
    pass(20s);
    auto const allowed = 50 + 20 * 50;
    BOOST_TEST(server.refused == 0);
    BOOST_TEST(server.served <= allowed);
    BOOST_TEST(server.served >= allowed * 95 / 100);
    BOOST_TEST(failed == 0);
    stop = true;
    pass(11s);
    BOOST_TEST(ended == 500);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(two_clients_of_a_server_share_the_count)
{
    auto const shared = std::make_shared<local_rate_governor>(clock);
    auto one = make(shared);
    auto two = make(shared);
    use_up(one);
    pending<result<std::vector<auth_session>>> call(context, two.list_auth_sessions(secret(token)));
    settle();
    BOOST_TEST(!call.done());
    BOOST_TEST(sent == 40);
    pass(25ms);
    BOOST_TEST(call.done());
}

BOOST_AUTO_TEST_CASE(failing_fast_sends_nothing)
{
    auto used = make(client_options("https://api.example.test/v1").with_rate_mode(rate_mode::fail_fast));
    use_up(used);
    auto const got = run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(got.has_error());
    auto const& e = got.error();
    BOOST_TEST((e.code() == errc::rate_limited));
    BOOST_TEST((e.phase() == phase::rate_limit));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST(e.attempts() == 0U);
    BOOST_REQUIRE(e.rate_limit() != nullptr);
    BOOST_TEST(e.rate_limit()->global);
    BOOST_TEST(e.retry_after().value_or(0ms).count() == 20);
    BOOST_TEST((e.advice() == retry_advice::after_wait));
    BOOST_TEST(sent == 40);
    BOOST_TEST(e.to_string().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(off_counts_nothing)
{
    auto used = make(client_options("https://api.example.test/v1").with_rate_mode(rate_mode::off));
    for (int count = 0; count < 60; ++count)
        run(context, used.list_auth_sessions(secret(token)));
    BOOST_TEST(sent == 60);
    BOOST_TEST(server.refused == 10);
}

BOOST_AUTO_TEST_CASE(a_call_may_differ_from_its_client)
{
    auto used = make();
    use_up(used);
    call_options fast;
    fast.rate_mode = rate_mode::fail_fast;
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token), fast)).has_error());
    call_options off;
    off.rate_mode = rate_mode::off;
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token), off)).has_value());
}

BOOST_AUTO_TEST_CASE(a_turn_beyond_the_calls_own_limit_fails_at_once)
{
    auto used = make();
    use_up(used);
    call_options brief(10ms);
    auto const got = run(context, used.list_auth_sessions(secret(token), brief));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::rate_limited));
    BOOST_TEST(sent == 40);
}

BOOST_AUTO_TEST_CASE(waiting_is_told_once)
{
    auto used = make();
    use_up(used);
    BOOST_TEST(log->seen.empty());
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    pass(25ms);
    BOOST_TEST(call.done());
    BOOST_REQUIRE(log->seen.size() == 1U);
    BOOST_TEST(log->seen.front() == "global");
}

BOOST_DATA_TEST_CASE(fault_115_a_call_cancelled_while_it_waits_leaves_its_place, cancellation_bits, bits)
{
    auto used = make();
    use_up(used);
    pending<result<std::vector<auth_session>>> first(context, used.list_auth_sessions(secret(token)));
    pending<result<std::vector<auth_session>>> second(context, used.list_auth_sessions(secret(token)));
    settle();
    first.cancel(type_of(bits));
    settle();
    BOOST_REQUIRE(first.done());
    auto const got = first.get(context);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code() == errc::cancelled));
    BOOST_TEST((got.error().phase() == phase::rate_limit));
    BOOST_TEST(!got.error().request_was_sent());
    BOOST_TEST(first.ends() == 1);
    pass(45ms);
    BOOST_TEST(second.done());
    BOOST_TEST(sent == 41);
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(shutting_down_ends_the_wait)
{
    auto used = make();
    use_up(used);
    pending<result<std::vector<auth_session>>> call(context, used.list_auth_sessions(secret(token)));
    settle();
    run(context, used.shutdown(0ms));
    BOOST_REQUIRE(call.done());
    auto const got = call.get(context);
    BOOST_TEST((got.error().code() == errc::shut_down));
    BOOST_TEST((got.error().phase() == phase::rate_limit));
}

BOOST_AUTO_TEST_CASE(destroying_the_context_of_a_call_that_waits_leaves_nothing_behind)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::later(100ms)); };
    {
        asio::io_context doomed{1};
        client_options options("https://api.example.test/v1");
        options.rate.governor = governor;
        client used(doomed.get_executor(), std::move(options));
        asio::co_spawn(
            doomed, used.list_auth_sessions(secret(token)), [](auto&&...) { BOOST_ERROR("it ended"); });
        doomed.poll();
        BOOST_TEST(governor->asked.size() == 1U);
    }
    BOOST_TEST(governor->left == 1);
    BOOST_TEST(governor->given_back == 0);
}

BOOST_AUTO_TEST_CASE(fault_116_a_global_refusal_is_waited_out_by_all)
{
    auto used = make();
    for (int count = 0; count < 49; ++count)
        server.answer(); // by somebody else
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
    BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_error());
    pending<result<std::vector<auth_session>>> list(context, used.list_auth_sessions(secret(token)));
    pending<result<void>> resend(context, used.resend_verification_email(secret(token)));
    settle();
    auto const before = sent;
    pass(990ms);
    BOOST_TEST(sent == before);
    pass(60ms);
    BOOST_TEST(sent == before + 2);
    BOOST_TEST(list.done());
    BOOST_TEST(resend.done());
}

BOOST_AUTO_TEST_CASE(a_governor_of_ones_own_sees_what_a_request_counts_against)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    run(context, used.login_user(login_request("Me@Example.com", "correct horse")));
    BOOST_REQUIRE(governor->asked.size() == 1U);
    auto const asked = governor->asked.front();
    BOOST_TEST((asked.operation == operation::login_user));
    BOOST_REQUIRE(asked.keys.size() == 4U);
    BOOST_TEST((asked.keys[0].scope == rate_scope::global));
    BOOST_TEST(asked.keys[0].limit == 50U);
    BOOST_TEST(asked.keys[0].subject == "address:");
    BOOST_TEST(asked.keys[1].bucket == "auth:login");
    BOOST_TEST(asked.keys[1].limit == 10U);
    BOOST_TEST((asked.keys[1].window == 10s));
    BOOST_TEST(asked.keys[2].bucket == "login:email");
    BOOST_TEST(asked.keys[2].subject.starts_with("email:"));
    BOOST_TEST(asked.keys[2].subject.find("xample") == std::string::npos);
    BOOST_TEST(asked.keys[3].bucket == "login:address");
    BOOST_TEST((asked.keys[3].window == 30min));

    run(context, used.login_user(login_request("me@example.com", "correct horse")));
    BOOST_TEST(governor->asked[1].keys[2].subject == asked.keys[2].subject);
    BOOST_TEST(governor->asked[1].ticket != asked.ticket);
    BOOST_TEST(governor->given_back == 0);
}

BOOST_AUTO_TEST_CASE(a_session_is_introduced_with_its_user)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        reply(made(200, R"({"token":"flx_made_up_for_this_test","user_id":"17"})"));
    };
    client used(context.get_executor(), std::move(options));
    run(context, used.login_user(login_request("me@example.com", "correct horse")));
    run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(governor->users.size() == 1U);
    BOOST_TEST(governor->users.begin()->second == "17");
    BOOST_TEST(governor->asked[1].keys[0].subject == governor->users.begin()->first);
}

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

    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    pending<result<login_result>> holder(context, used.login_user(request));
    run_until(context, [&] { return real.requests() == 1; });
    pending<result<login_result>> waiting(context, used.login_user(request));
    run_until(context, [&] { return log->queued == 2; });
    auto const asked = governor->asked.size();
    governor->on_acquire = {};
    // Until its permit is too old.
    context.restart();
    context.run_for(80ms);
    answer = true;
    run_until(context, [&] { return governor->asked.size() > asked; });
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

BOOST_AUTO_TEST_CASE(a_permit_grown_old_in_the_queue_is_renewed_without_losing_the_connection)
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
    clock->advance(1s);
    answers = true;
    for (auto& call : calls)
        BOOST_TEST(call.get(context).has_value());
    BOOST_TEST(requests == 5);
    BOOST_TEST(log->queued == 5);          // each once
    BOOST_TEST(governor->given_back == 4); // the first went before the clock did
}

BOOST_AUTO_TEST_CASE(calls_that_wait_for_a_connection_when_a_limit_is_seen_are_counted)
{
    std::atomic<int> requests{0};
    scripted_server const one_by_one(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            ++requests;
            with.respond(
                200, R"({"suggestions":[]})", "X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 9\r\n");
        }
    });
    auto options = patient_options(one_by_one);
    options.rate.mode = rate_mode::fail_fast;
    options.clock = clock;
    options.pool.max_connections = 1;
    client used(context.get_executor(), std::move(options));
    std::vector<pending<result<username_suggestions>>> calls;
    for (int count = 0; count < 12; ++count)
        calls.emplace_back(context, used.get_username_suggestions(username_suggestions_request("Ann")));
    int refused = 0;
    for (auto& call : calls)
        refused += call.get(context).has_error() ? 1 : 0;
    // Ten at once less one for jitter, the one that showed the limit among them.
    BOOST_TEST(requests == 9);
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(limits_are_seen_in_any_of_their_fields)
{
    std::atomic<int> requests{0};
    scripted_server const newer(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty()) {
            ++requests;
            with.respond(200, R"({"suggestions":[]})", "X-RateLimit-Bucket: auth:register\r\n");
        }
    });
    auto options = patient_options(newer);
    options.rate.mode = rate_mode::fail_fast;
    options.clock = clock;
    options.pool.max_connections = 1;
    client used(context.get_executor(), std::move(options));
    int refused = 0;
    for (int count = 0; count < 12; ++count)
        refused +=
            run(context, used.get_username_suggestions(username_suggestions_request("Ann"))).has_error();
    BOOST_TEST(requests == 9); // ten at once less one for jitter, the one that showed the limit among them
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(what_answers_say_is_passed_on)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    client_options options("https://api.example.test/v1");
    options.rate.governor = governor;
    options.transport = [](transport_request const&, transport_reply const& reply) {
        auto answer = made(200, "[]");
        answer.headers.emplace_back("x-ratelimit-limit", "40");
        answer.headers.emplace_back("x-ratelimit-remaining", "38");
        answer.headers.emplace_back("x-ratelimit-reset-after", "0.5");
        reply(std::move(answer));
    };
    client used(context.get_executor(), std::move(options));
    run(context, used.list_auth_sessions(secret(token)));
    BOOST_REQUIRE(governor->learned.size() == 1U);
    BOOST_TEST(governor->learned[0].announces_limits);
    BOOST_TEST(governor->learned[0].limit.value_or(0) == 40U);
    BOOST_TEST(governor->learned[0].remaining.value_or(0) == 38U);
    BOOST_TEST(governor->learned[0].reset_after.value_or(0ms).count() == 500);
}

BOOST_AUTO_TEST_SUITE_END()
