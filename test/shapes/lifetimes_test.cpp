#include "support/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

class lifetimes_fixture : public api_fixture
{
public:
    lifetimes_fixture()
    {
        add_account();
        ok(api.get_sso_status());
        before = requests();
    }

    client another() { return make_client(options()); }

    std::uint64_t asked() const { return requests() - before; }

    std::uint64_t before = 0;
};

BOOST_FIXTURE_TEST_SUITE(lifetimes, lifetimes_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_client_may_be_a_temporary)
{
    auto const all = [](lifetimes_fixture& of) -> asio::awaitable<void> {
        good(co_await client(of.api).get_sso_status());
        good(co_await client(of.api).login_user({email, password}));
        good(co_await of.another().get_sso_status());
        good(co_await of.another().login_user(login_request(email, password).with_invite_code("code")));
        good(co_await client(of.run.executor(), of.options())
                 .login_user({email, password}, call_options(30s)));
    };
    run(all(*this));
    BOOST_TEST(asked() == 5U);
}

BOOST_AUTO_TEST_CASE(calls_may_be_spawned_by_themselves)
{
    int ended = 0;
    for (int i = 0; i < 10; ++i) {
        asio::co_spawn(
            run.executor(), api.login_user({email, password}),
            [&ended](std::exception_ptr thrown, result<login_result> got) {
                BOOST_TEST(!thrown);
                good(got);
                ++ended;
            });
        asio::co_spawn(
            run.executor(), api.get_sso_status(call_options(30s)),
            [&ended](std::exception_ptr thrown, result<sso_status> got) {
                BOOST_TEST(!thrown);
                good(got);
                ++ended;
            });
        asio::co_spawn(run.executor(), another().initiate_handoff(), asio::detached);
    }
    run.until([&] { return ended == 20 && asked() == 30; });
}

BOOST_AUTO_TEST_CASE(calls_outlive_their_client)
{
    int ended = 0;
    {
        auto brief = another();
        for (int i = 0; i < 8; ++i)
            asio::co_spawn(
                run.executor(), brief.login_user({email, password}),
                [&ended](std::exception_ptr, result<login_result> got) {
                    good(got);
                    ++ended;
                });
        // Some have begun, none has ended.
        run.until([&] { return brief.stats().calls_in_flight == 8; });
    }
    run.until([&] { return ended == 8; });
    BOOST_TEST(asked() == 8U);
}

BOOST_AUTO_TEST_CASE(calls_that_have_not_begun_outlive_their_client_too)
{
    int ended = 0;
    {
        auto brief = another();
        for (int i = 0; i < 3; ++i)
            asio::co_spawn(
                run.executor(), brief.get_sso_status(), [&ended](std::exception_ptr, result<sso_status> got) {
                    good(got);
                    ++ended;
                });
    }
    run.until([&] { return ended == 3; });
}

BOOST_AUTO_TEST_CASE(fault_026_a_client_may_end_in_its_own_completion)
{
    auto last = std::make_optional(another());
    bool ended = false;
    asio::co_spawn(
        run.executor(), last->login_user({email, password}),
        [&](std::exception_ptr, result<login_result> got) {
            last.reset();
            good(got);
            ended = true;
        });
    run.until([&] { return ended; });
    auto const all = [](std::optional<client> own) -> asio::awaitable<void> {
        auto const got = co_await own->get_sso_status();
        own.reset();
        good(got);
    };
    run(all(another()));
}

BOOST_AUTO_TEST_CASE(a_client_may_be_replaced_while_it_works)
{
    auto mine = another();
    int ended = 0;
    for (int i = 0; i < 5; ++i) {
        asio::co_spawn(
            run.executor(), mine.get_sso_status(), [&ended](std::exception_ptr, result<sso_status> got) {
                good(got);
                ++ended;
            });
        mine = another();
    }
    mine = std::move(api);
    good(run(mine.get_sso_status()));
    run.until([&] { return ended == 5; });
    api = mine;
}

BOOST_AUTO_TEST_CASE(fault_107_a_context_may_end_with_calls_in_flight)
{
    sandbox_fault late(sandbox_fault_kind::delay, -1);
    late.latency = 1h;
    server.set_fault("*", late);
    for (int round = 0; round < 3; ++round) {
        auto context = std::make_unique<asio::io_context>(1);
        auto brief = std::make_optional<client>(context->get_executor(), options().with_max_connections(2));
        auto const already = requests();
        for (int i = 0; i < 4; ++i)
            asio::co_spawn(*context, brief->login_user({email, password}), asio::detached);
        // Two are on their way, two wait for a connection.
        auto const end = std::chrono::steady_clock::now() + guard;
        while (requests() < already + 2 && std::chrono::steady_clock::now() < end)
            context->run_one_for(1ms);
        BOOST_TEST(requests() == already + 2);
        if (round == 1)
            brief.reset();
        if (round == 2) {
            // The client outlives its context's work, but not the context.
            context->stop();
        }
        brief.reset();
        context.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_context_may_end_before_it_ran)
{
    asio::io_context context(1);
    client idle(context.get_executor(), options());
    asio::co_spawn(context, idle.login_user({email, password}), asio::detached);
    auto const never = idle.get_sso_status();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
