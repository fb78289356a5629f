#include "support/fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

constexpr auto all_types = {
    asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total};

/// A call that can be cancelled, and what became of it.
class spawned
{
public:
    template <class T>
    void start(asio::any_io_executor const& executor, asio::awaitable<result<T>> call)
    {
        asio::co_spawn(
            executor, std::move(call),
            asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown, result<T> got) {
                ended_ = true;
                BOOST_TEST(!thrown);
                if (got.has_error())
                    failure_ = got.error();
            }));
    }

    void cancel(asio::cancellation_type type) { signal_.emit(type); }

    bool ended() const { return ended_; }

    error const& failure() const
    {
        BOOST_REQUIRE(failure_.has_value());
        return *failure_;
    }

private:
    asio::cancellation_signal signal_;
    std::optional<error> failure_;
    bool ended_ = false;
};

class cancellation_fixture : public api_fixture
{
public:
    cancellation_fixture()
        : one(make_client(options().with_max_connections(1)))
    {
        add_account();
        sandbox_fault late(sandbox_fault_kind::delay, -1);
        late.latency = 1h;
        server.set_fault("login_user", late);
        before = requests();
    }

    std::uint64_t asked() const { return requests() - before; }

    client one;
    std::uint64_t before = 0;
};

asio::awaitable<result<login_result>> filtered(client api)
{
    // Only this much gets through the coroutine itself; the call honours all three all the same.
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return co_await api.login_user({email, password});
}

BOOST_FIXTURE_TEST_SUITE(cancellations, cancellation_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_call_that_was_sent_can_be_cancelled)
{
    for (auto const type : all_types) {
        auto const already = asked();
        spawned call;
        call.start(run.executor(), filtered(api));
        run.until([&] { return asked() == already + 1; });
        call.cancel(type);
        run.until([&] { return call.ended(); });
        auto const& e = call.failure();
        BOOST_TEST(e.code() == make_error_code(errc::cancelled));
        BOOST_TEST(e.request_was_sent());
        BOOST_TEST((e.advice() == retry_advice::may_have_run));
    }
    BOOST_TEST(api.stats().calls_cancelled == 3U);
    BOOST_TEST(api.stats().connections_idle == 0U);
    ok(api.get_sso_status());
}

BOOST_AUTO_TEST_CASE(a_call_spawned_by_itself_can_be_cancelled)
{
    for (auto const type : all_types) {
        auto const already = asked();
        spawned call;
        call.start(run.executor(), api.login_user({email, password}));
        run.until([&] { return asked() == already + 1; });
        call.cancel(type);
        run.until([&] { return call.ended(); });
        BOOST_TEST(call.failure().code() == make_error_code(errc::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_for_a_connection_can_be_cancelled)
{
    spawned holder;
    holder.start(run.executor(), one.login_user({email, password}));
    run.until([&] { return asked() == 1; });
    for (auto const type : all_types) {
        spawned waiting;
        waiting.start(run.executor(), one.login_user({email, password}));
        run.until([&] { return one.stats().calls_waiting == 1; });
        waiting.cancel(type);
        run.until([&] { return waiting.ended(); });
        auto const& e = waiting.failure();
        BOOST_TEST(e.code() == make_error_code(errc::cancelled));
        BOOST_TEST(!e.request_was_sent());
        BOOST_TEST((e.advice() == retry_advice::yes));
        BOOST_TEST(to_string(e.phase()) == to_string(phase::queue));
    }
    BOOST_TEST(one.stats().calls_waiting == 0U);
    one.cancel();
    run.until([&] { return holder.ended(); });
    BOOST_TEST(asked() == 1U);
    ok(one.get_sso_status());
}

BOOST_AUTO_TEST_CASE(cancel_ends_waiting_calls_and_others_alike)
{
    std::array<spawned, 4> calls;
    for (auto& call : calls)
        call.start(run.executor(), one.login_user({email, password}));
    run.until([&] { return asked() == 1 && one.stats().calls_waiting == 3; });
    one.cancel();
    run.until([&] { return one.stats().calls_in_flight == 0; });
    int sent = 0;
    for (auto& call : calls) {
        run.until([&] { return call.ended(); });
        BOOST_TEST(call.failure().code() == make_error_code(errc::cancelled));
        sent += call.failure().request_was_sent() ? 1 : 0;
    }
    BOOST_TEST(sent == 1);
    BOOST_TEST(one.stats().calls_cancelled == 4U);
    ok(one.get_sso_status());
}

BOOST_AUTO_TEST_CASE(a_call_can_be_cancelled_before_it_began)
{
    spawned call;
    call.start(run.executor(), api.login_user({email, password}));
    call.cancel(asio::cancellation_type::terminal);
    run.until([&] { return call.ended(); });
    BOOST_TEST(call.failure().code() == make_error_code(errc::cancelled));
    BOOST_TEST(!call.failure().request_was_sent());
    BOOST_TEST(asked() == 0U);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_leaves_the_call_alone)
{
    spawned call;
    call.start(run.executor(), api.get_sso_status());
    run.until([&] { return call.ended(); });
    // Late, and for nobody.
    call.cancel(asio::cancellation_type::terminal);
    ok(api.get_sso_status());
}

BOOST_AUTO_TEST_CASE(a_call_may_race_a_timer)
{
    using namespace asio::experimental::awaitable_operators;
    auto const race = [](client c) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
        auto either = c.login_user({email, password}) || timer.async_wait(asio::use_awaitable);
        auto const winner = co_await std::move(either);
        BOOST_TEST(winner.index() == 1U);
    };
    run(race(api));
    run.until([&] { return api.stats().calls_in_flight == 0; });
    BOOST_TEST(api.stats().calls_cancelled == 1U);
}

BOOST_AUTO_TEST_CASE(the_coroutine_goes_on_after_a_cancelled_call)
{
    bool went_on = false;
    auto const all = [&](client c) -> asio::awaitable<result<sso_status>> {
        auto const got = co_await c.login_user({email, password});
        bad(got);
        co_await asio::this_coro::reset_cancellation_state();
        auto status = co_await c.get_sso_status();
        good(status);
        went_on = true;
        co_return status;
    };
    spawned call;
    call.start(run.executor(), all(api));
    run.until([&] { return asked() == 1; });
    call.cancel(asio::cancellation_type::terminal);
    run.until([&] { return call.ended(); });
    BOOST_TEST(went_on);
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_handoff_can_be_cancelled)
{
    auto const begun = ok(api.initiate_handoff());
    for (auto const type : all_types) {
        std::optional<wait_outcome> outcome;
        asio::cancellation_signal signal;
        unsigned told = 0;
        poll_options polling;
        polling.on_progress = [&](poll_progress const&) { ++told; };
        asio::co_spawn(
            run.executor(), wait_for_handoff(api, begun, polling),
            asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, wait_outcome got) {
                BOOST_TEST(!thrown);
                outcome = std::move(got);
            }));
        run.until([&] { return told == 1; });
        signal.emit(type);
        run.until([&] { return outcome.has_value(); });
        BOOST_TEST((outcome->status == wait_status::cancelled));
        BOOST_TEST(!outcome->session.has_value());
        BOOST_TEST(outcome->polls == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
