#include "generations.hpp"

#include "support/passkey.hpp"

#include <fluxer/auth/discovery.hpp>
#include <fluxer/auth/sudo.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

// More calls than limits let go at once, against a sandbox that counts; the client's time and the sandbox's are moved on
// together. For the operations' own limits test/limits/governor_*_test.cpp stand.

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;

/// Knows which requests wait.
class watched_governor final : public local_rate_governor
{
public:
    using local_rate_governor::local_rate_governor;

    void acquire(rate_request const& request, rate_reply reply) override
    {
        auto const ticket = request.ticket;
        local_rate_governor::acquire(request, [&, ticket](result<rate_verdict> verdict) {
            if (verdict.value().granted) {
                waiting.erase(ticket);
            } else {
                waiting.insert(ticket);
                waited[verdict.value().bucket].insert(ticket);
            }
            reply(std::move(verdict));
        });
    }

    std::set<std::uint64_t> waiting;
    std::map<std::string, std::set<std::uint64_t>> waited; ///< by what was in the way
};

class governed_fixture : public generation_fixture
{
public:
    using call = std::function<asio::awaitable<bool>()>;

    governed_fixture()
        : token(add_session())
    {
        server.set_rate_limits(true);
        server.enable_sms(email, "+15550001234");
        server.add_passkey(email, key.credential_id(), key.public_key());
    }

    client_options governed() const
    {
        auto made = options();
        made.rate.mode = rate_mode::wait;
        made.rate.governor = governor;
        made.clock = time;
        made.limits.call = 1h;
        return made;
    }

    /// Makes so many calls, the first one alone: its answer shows that there are limits.
    void make_calls(int count, call const& one)
    {
        begin(1, one);
        begin(count - 1, one);
        BOOST_TEST(failed == 0);
    }

    secret const token;
    passkey const key;
    std::shared_ptr<manual_clock> const time = std::make_shared<manual_clock>();
    std::shared_ptr<watched_governor> const governor = std::make_shared<watched_governor>(time);

private:
    void begin(int count, call const& one)
    {
        unended = static_cast<std::size_t>(count);
        for (int number = 0; number < count; ++number)
            run.start(make_call(one));
        // Time passes only while nothing is on its way: the two clocks are not moved on in the same moment.
        for (;;) {
            run.until([this] { return governor->waiting.size() == unended; });
            if (unended == 0)
                return;
            server.advance_clock(100ms);
            time->advance(100ms);
            run(let_ask_again());
        }
    }

    /// Whoever was woken has asked when this ends.
    static asio::awaitable<void> let_ask_again()
    {
        auto const here = co_await asio::this_coro::executor;
        for (int turns = 0; turns < 20; ++turns)
            co_await asio::post(here, asio::use_awaitable);
    }

    asio::awaitable<void> make_call(call one)
    {
        bool const good = co_await one();
        failed += good ? 0 : 1;
        --unended;
    }

    std::size_t unended = 0;
    int failed = 0;
};

template <class T>
asio::awaitable<bool> works(asio::awaitable<result<T>> call)
{
    auto const got = co_await std::move(call);
    if (got.has_error())
        BOOST_TEST_MESSAGE(got.error());
    co_return got.has_value();
}

asio::awaitable<bool> is_refused_by_sso(client api, secret token)
{
    raw_request request("POST", "/auth/verify/resend");
    request.token = std::move(token);
    auto const got = co_await api.send(std::move(request));
    co_return got.has_value() && got->status == 403;
}

BOOST_FIXTURE_TEST_SUITE(governor, governed_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE(asking_for_the_methods_of_sudo_waits_its_turn, data::make(generations), generation)
{
    play(generation);
    auto const before = requests_of("get_sudo_methods");
    auto used = make_client(governed());
    make_calls(23, [&] { return works(get_sudo_methods(used, token)); });
    BOOST_TEST(requests_of("get_sudo_methods") - before == 23U);
    BOOST_TEST(governor->waited["sudo:mfa:methods"].size() >= 3U);
}

BOOST_DATA_TEST_CASE(codes_of_sudo_by_sms_wait_their_turn, data::make(generations), generation)
{
    play(generation);
    auto const before = requests_of("send_sudo_sms_code");
    auto used = make_client(governed());
    make_calls(7, [&] { return works(send_sudo_sms_code(used, token)); });
    BOOST_TEST(requests_of("send_sudo_sms_code") - before == 7U);
    BOOST_TEST(governor->waited["sudo:sms:send"].size() >= 2U);
}

BOOST_DATA_TEST_CASE(challenges_of_sudo_wait_their_turn, data::make(generations), generation)
{
    play(generation);
    auto const before = requests_of("get_sudo_webauthn_options");
    auto used = make_client(governed());
    make_calls(12, [&] { return works(get_sudo_webauthn_options(used, token)); });
    BOOST_TEST(requests_of("get_sudo_webauthn_options") - before == 12U);
    BOOST_TEST(governor->waited["sudo:webauthn:options"].size() >= 2U);
}

// The server counts all sessions of a user together, and ends the one that goes beyond (contract 10.1, 10.4).
BOOST_DATA_TEST_CASE(sessions_that_were_brought_are_kept_once_introduced, data::make(generations), generation)
{
    play(generation);
    // Looked at between the limit of all together and that of the operation (contract 4), and refused there.
    server.set_sso(true);
    auto const other = add_session();
    auto used = make_client(governed());
    used.introduce(session(token, user_id));
    used.introduce(session(other, user_id));
    bool turn = false;
    make_calls(120, [&] {
        turn = !turn;
        return is_refused_by_sso(used, turn ? token : other);
    });
    BOOST_TEST(governor->waited["global"].size() >= 60U);
    BOOST_TEST(server.is_session(token.reveal()));
    BOOST_TEST(server.is_session(other.reveal()));
}

// Each discovery has a client of its own, which the governor outlives.
BOOST_DATA_TEST_CASE(discovery_waits_its_turn, data::make(generations), generation)
{
    play(generation);
    auto const before = requests_of("discovery");
    discovery_options const how(governed());
    auto const host = "localhost:" + std::to_string(server.port());
    make_calls(63, [&] { return works(discover(run.executor(), host, how)); });
    BOOST_TEST(requests_of("discovery") - before == 63U);
    BOOST_TEST(governor->waited["instance:info"].size() >= 3U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
