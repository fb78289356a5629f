#include "generations.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

// The governor against the clock: what test/limits/governor_test.cpp shows with a clock moved by hand.

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;
using steady = std::chrono::steady_clock;

constexpr int callers = 500;
constexpr double per_second = 50; // contract 10.4
constexpr double at_once = 50;

/// A pause of this program longer than this is one in which the callers could not ask.
constexpr auto hiccup = 100ms;

/// So long calls are made; those that wait then take ten seconds more. The ten requests of the burst that the governor
/// holds back are little more than 1 % of what is allowed in the shorter one too, so that 5 % tell of the rest.
constexpr auto long_load = 20s;
constexpr auto short_load = 5s;

class load_fixture : public generation_fixture
{
public:
    load_fixture()
        : token(add_session())
    {
        server.set_rate_limits(true);
        // Every operation's own limit is below that of all together. SSO is looked at between the two (contract 4), so
        // that its refusal counts against that of all alone.
        server.set_sso(true);
    }

    client make_governed(rate_mode mode)
    {
        auto made = client_options(server.base_url()).with_ca_pem(server.ca_pem()).with_rate_mode(mode);
        made.retry.max_attempts = 1; // each answer is seen here
        return make_client(std::move(made));
    }

    /// Has all callers call without a pause until the time is over or the session is.
    void load(client const& with, steady::duration time)
    {
        began = steady::now();
        last_answer = began;
        ends = began + time;
        running = callers;
        run.start(watch());
        for (int number = 0; number < callers; ++number)
            run.start(call(with));
        run.until([this] { return running == 0 && !watching; });
    }

    std::uint64_t served() const
    {
        return requests_of(operation::resend_verification_email) - served_before_;
    }

    steady::duration duration() const { return newer ? short_load : long_load; }

    secret const token;
    steady::time_point began;
    steady::time_point last_answer;
    steady::duration stalled{};
    std::uint64_t let_through = 0;
    std::uint64_t refused = 0; ///< answered 429
    std::uint64_t revoked = 0; ///< answered as without a session
    std::uint64_t others = 0;

private:
    asio::awaitable<void> call(client with)
    {
        raw_request request("POST", "/auth/verify/resend");
        request.token = token;
        while (steady::now() < ends && revoked == 0) {
            auto const got = co_await with.send(request);
            count(got);
        }
        --running;
    }

    void count(result<raw_response> const& got)
    {
        last_answer = steady::now();
        if (got.has_error())
            ++others;
        else if (got->status == 429)
            ++refused;
        else if (!server.is_session(token.reveal()))
            ++revoked;
        else
            ++(got->status == 403 ? let_through : others);
    }

    asio::awaitable<void> watch()
    {
        watching = true;
        asio::steady_timer timer(co_await asio::this_coro::executor);
        auto last = steady::now();
        while (running > 0) {
            timer.expires_after(10ms);
            co_await timer.async_wait(asio::use_awaitable);
            auto const now = steady::now();
            if (now - last > hiccup)
                stalled += now - last;
            last = now;
        }
        watching = false;
    }

    steady::time_point ends;
    int running = 0;
    bool watching = false;
    /// The cases share the sandbox.
    std::uint64_t const served_before_ = requests_of(operation::resend_verification_email);
};

BOOST_FIXTURE_TEST_SUITE(governor_real_time, load_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE(
    five_hundred_callers_of_a_session_keep_it_and_use_what_is_allowed, data::make(generations), generation)
{
    play(generation);
    auto governed = make_governed(rate_mode::wait);
    load(governed, duration());

    BOOST_TEST(refused == 0U);
    BOOST_TEST(revoked == 0U);
    BOOST_TEST(others == 0U);
    BOOST_TEST(let_through == served());
    BOOST_TEST(server.is_session(token.reveal()));
    BOOST_TEST(!ok(governed.list_auth_sessions(token)).empty());

    auto const seconds = std::chrono::duration<double>(last_answer - began).count();
    auto const allowed = at_once + per_second * seconds;
    auto const share = 100 * static_cast<double>(served()) / allowed;
    BOOST_TEST_MESSAGE(served() << " of " << allowed << " in " << seconds << " s: " << share << " %");
    BOOST_TEST(share <= 100);
    if (stalled == 0s)
        BOOST_TEST(share >= 95);
    else
        BOOST_TEST_MESSAGE(
            "speed not judged: this machine gave the callers no time for "
            << std::chrono::duration<double>(stalled).count() << " s");
}

BOOST_DATA_TEST_CASE(the_same_load_without_a_governor_costs_the_session, data::make(generations), generation)
{
    play(generation);
    auto reckless = make_governed(rate_mode::off);
    load(reckless, duration());
    BOOST_TEST(refused > 0U);
    BOOST_TEST(revoked > 0U);
    BOOST_TEST(!server.is_session(token.reveal()));
    server.advance_clock(10s);
    BOOST_TEST((fails(api.list_auth_sessions(token)).code() == errc::unauthorized));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
