#include "support/fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <thread>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

/// A context with a thread of its own.
class threaded_context
{
public:
    explicit threaded_context(int concurrency_hint = 1)
        : context(concurrency_hint)
        , work_(context.get_executor())
        , thread_([this] { context.run(); })
    {}

    threaded_context(threaded_context const&) = delete;
    threaded_context& operator=(threaded_context const&) = delete;

    ~threaded_context()
    {
        work_.reset();
        thread_.join();
    }

    std::thread::id id() const { return thread_.get_id(); }

    asio::io_context context;

private:
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::thread thread_;
};

/// What a future brings, or a failure instead of a hang.
template <class T>
T taken(std::future<T> future)
{
    BOOST_REQUIRE((future.wait_for(guard) == std::future_status::ready));
    return future.get();
}

/// Calls, successful and not, that have to come back to where they were awaited. Boost.Test's macros are for one
/// thread at a time, so it counts instead of checking.
asio::awaitable<int> calls_from(client api, std::thread::id home)
{
    int wrong = 0;
    auto const at_home = [home] { return home == std::thread::id() || std::this_thread::get_id() == home; };
    for (int i = 0; i < 5; ++i) {
        auto const login = co_await api.login_user({email, password}, call_options(30s));
        wrong += login.has_value() && at_home() ? 0 : 1;
        auto const refused = co_await api.login_user({email, "short"});
        wrong += refused.has_error() && at_home() ? 0 : 1;
        auto const rejected = co_await api.verify_email({std::string(64, 'x')});
        wrong += rejected.has_error() && at_home() ? 0 : 1;
        auto const answer = co_await api.send({"GET", "/auth/sso/status"});
        wrong += answer.has_value() && at_home() ? 0 : 1;
    }
    co_return wrong;
}

class executors_fixture : public api_fixture
{
public:
    executors_fixture() { add_account(); }
};

BOOST_FIXTURE_TEST_SUITE(executors, executors_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(fault_124_from_a_strand)
{
    auto const strand = asio::make_strand(run.executor());
    client on_strand(strand, options());
    BOOST_TEST((on_strand.get_executor() == strand));
    std::optional<int> wrong;
    asio::co_spawn(
        strand, calls_from(on_strand, std::this_thread::get_id()),
        [&](std::exception_ptr, int count) { wrong = count; });
    run.until([&] { return wrong.has_value(); });
    BOOST_TEST(*wrong == 0);
    // The client of the context itself, from another strand of it.
    wrong.reset();
    asio::co_spawn(
        asio::make_strand(run.executor()), calls_from(api, std::this_thread::get_id()),
        [&](std::exception_ptr, int count) { wrong = count; });
    run.until([&] { return wrong.has_value(); });
    BOOST_TEST(*wrong == 0);
}

BOOST_AUTO_TEST_CASE(fault_124_from_the_thread_of_another_context)
{
    threaded_context home;
    threaded_context elsewhere;
    client there(home.context.get_executor(), options());
    auto const wrong =
        taken(asio::co_spawn(elsewhere.context, calls_from(there, elsewhere.id()), asio::use_future));
    BOOST_TEST(wrong == 0);
    BOOST_TEST(there.stats().calls_in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(from_many_contexts_at_once)
{
    threaded_context home;
    threaded_context one;
    threaded_context two;
    client there(home.context.get_executor(), options());
    std::vector<std::future<int>> ends;
    for (int i = 0; i < 4; ++i) {
        for (auto* const from : {&home, &one, &two})
            ends.push_back(asio::co_spawn(from->context, calls_from(there, from->id()), asio::use_future));
    }
    for (auto& end : ends)
        BOOST_TEST(taken(std::move(end)) == 0);
}

BOOST_AUTO_TEST_CASE(fault_124_from_a_thread_pool)
{
    asio::thread_pool threads(3);
    auto owner = std::make_optional<client>(threads.get_executor(), options().with_max_connections(4));
    auto& pooled = *owner;
    // It made a strand of its own.
    BOOST_TEST((pooled.get_executor() != asio::any_io_executor(threads.get_executor())));
    std::vector<std::future<int>> ends;
    for (int i = 0; i < 8; ++i)
        ends.push_back(asio::co_spawn(threads, calls_from(pooled, {}), asio::use_future));
    for (int i = 0; i < 4; ++i)
        ends.push_back(asio::co_spawn(pooled.get_executor(), calls_from(pooled, {}), asio::use_future));
    for (int i = 0; i < 4; ++i)
        ends.push_back(asio::co_spawn(asio::make_strand(threads), calls_from(pooled, {}), asio::use_future));
    for (auto& end : ends)
        BOOST_TEST(taken(std::move(end)) == 0);
    BOOST_TEST(pooled.stats().connections_opened <= 4U);
    // As long as it lives, its idle connections are work of the pool.
    owner.reset();
    threads.join();
}

BOOST_AUTO_TEST_CASE(fault_024_clients_may_end_on_any_thread)
{
    asio::thread_pool threads(2);
    std::vector<std::future<int>> ends;
    for (int i = 0; i < 8; ++i) {
        client brief(threads.get_executor(), options());
        ends.push_back(asio::co_spawn(threads, calls_from(brief, {}), asio::use_future));
        asio::post(threads, [copy = std::move(brief)] {});
    }
    for (auto& end : ends)
        BOOST_TEST(taken(std::move(end)) == 0);
    threads.join();
}

BOOST_AUTO_TEST_CASE(cancelled_from_another_context)
{
    sandbox_fault late(sandbox_fault_kind::delay, -1);
    late.latency = 1h;
    server.set_fault("login_user", late);
    threaded_context home;
    client there(home.context.get_executor(), options());
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial,
          asio::cancellation_type::total}) {
        auto const already = requests();
        asio::cancellation_signal signal;
        std::optional<error> failure;
        asio::co_spawn(
            run.executor(), there.login_user({email, password}),
            asio::bind_cancellation_slot(
                signal.slot(), [&](std::exception_ptr, result<login_result> got) { failure = got.error(); }));
        run.until([&] { return requests() == already + 1; });
        signal.emit(type);
        run.until([&] { return failure.has_value(); });
        BOOST_TEST(failure->code() == make_error_code(errc::cancelled));
        BOOST_TEST(failure->request_was_sent());
    }
    // From a thread that belongs to none of them.
    auto const already = requests();
    auto held = asio::co_spawn(home.context, there.login_user({email, password}), asio::use_future);
    run.until([&] { return requests() == already + 1; });
    there.cancel();
    BOOST_TEST(taken(std::move(held)).error().code() == make_error_code(errc::cancelled));
}

BOOST_AUTO_TEST_CASE(exceptions_come_home)
{
    threaded_context home;
    client there(home.context.get_executor(), options());
    auto const all = [](client c) -> asio::awaitable<bool> {
        try {
            (co_await c.login_user({email, other_password})).value();
        } catch (exception const& e) {
            co_return e.error().code() == errc::rejected_input;
        }
        co_return false;
    };
    BOOST_TEST(run(all(there)));
}

BOOST_AUTO_TEST_CASE(a_context_of_one_thread_by_promise)
{
    asio::io_context context;
    auto promised = options();
    promised.threading = threading::single_thread;
    client plain(context.get_executor(), promised);
    BOOST_TEST((plain.get_executor() == asio::any_io_executor(context.get_executor())));
    client careful(context.get_executor(), options());
    BOOST_TEST((careful.get_executor() != asio::any_io_executor(context.get_executor())));
    auto first = asio::co_spawn(context, calls_from(plain, {}), asio::use_future);
    auto second = asio::co_spawn(context, calls_from(careful, {}), asio::use_future);
    auto const ready = [](auto const& future) { return future.wait_for(0s) == std::future_status::ready; };
    auto const end = std::chrono::steady_clock::now() + guard;
    while (!(ready(first) && ready(second)) && std::chrono::steady_clock::now() < end)
        context.run_one_for(100ms);
    BOOST_TEST(taken(std::move(first)) == 0);
    BOOST_TEST(taken(std::move(second)) == 0);
}

BOOST_AUTO_TEST_CASE(a_handoff_is_waited_for_on_another_context)
{
    threaded_context home;
    client there(home.context.get_executor(), options());
    auto const begun = ok(there.initiate_handoff());
    ok(there.cancel_handoff(begun.code));
    auto const waited = run(wait_for_handoff(there, begun));
    BOOST_TEST((waited.status == wait_status::expired));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
