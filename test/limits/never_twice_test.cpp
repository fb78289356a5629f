// 111 in the large: a server that kills connections at random, and counts what it was asked.
#include "limits/support.hpp"
#include "support/every_call.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/observer.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr unsigned seed = 20'111;
constexpr std::size_t total_calls = 10'000;
constexpr std::size_t callers = 8;

/// What a server saw of each nonce.
class ledger
{
public:
    void count(std::string_view request)
    {
        constexpr std::string_view name = "X-Request-ID: ";
        auto const at = request.find(name);
        // No check here: this is a server's thread. A request without nonce is counted for the name "".
        auto const value = at == std::string_view::npos ? "\r\n" : request.substr(at + name.size());
        std::lock_guard const lock(mutex_);
        ++seen_[std::string(value.substr(0, value.find("\r\n")))];
    }

    int times(std::string const& nonce) const
    {
        std::lock_guard const lock(mutex_);
        auto const found = seen_.find(nonce);
        return found == seen_.end() ? 0 : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, int> seen_;
};

/// Serves each connection until chance says how it ends.
class killer
{
public:
    void operator()(peer& with)
    {
        std::mt19937 chance(static_cast<unsigned>(seed + with.index()));
        // Now and then not even a handshake.
        if (chance() % 20 == 0 || !with.handshake())
            return with.reset();
        while (one_request(with, chance)) {}
    }

    ledger received;

private:
    /// False: that was the last one.
    bool one_request(peer& with, std::mt19937& chance)
    {
        auto const what = chance() % 20;
        if (what == 0) { // before reading, idle or not
            with.stall(milliseconds(chance() % 2));
            with.reset();
            return false;
        }
        if (what == 1) { // within the request
            with.read_bytes(1 + chance() % 100);
            with.reset();
            return false;
        }
        auto const request = with.read_request();
        if (request.empty())
            return false;
        received.count(request);
        if (what == 2) { // behind the request
            with.reset();
            return false;
        }
        if (what == 3) { // within the answer
            std::string_view const whole = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":";
            with.send(whole.substr(0, 1 + chance() % whole.size()));
            with.close();
            return false;
        }
        if (what == 4)
            return with.send("HTTP/1.1 503 Later\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
        if (what == 5) { // a good answer, and the end right behind it
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
            with.reset();
            return false;
        }
        return with.send("HTTP/1.1 204 No Content\r\n\r\n");
    }
};

/// Notices when a call that must not be repeated begins again after it had sent its request.
class watch final : public observer
{
public:
    explicit watch(std::set<operation> once)
        : once_(std::move(once))
    {}

    void on_event(event const& what) override
    {
        if (what.kind == event_kind::request_sent)
            sent_.insert(what.call);
        else if (
            what.kind == event_kind::attempt_start && once_.contains(what.operation) &&
            sent_.contains(what.call))
            ++violations;
    }

    std::size_t violations = 0;

private:
    std::set<operation> once_;
    std::set<std::uint64_t> sent_;
};

struct sent_call
{
    std::string nonce;
    any_call const* kind = nullptr;
    std::optional<error> failed;
};

asio::awaitable<void> keep_calling(
    client& used, std::vector<any_call> const& kinds, std::vector<sent_call>& calls, std::size_t& next)
{
    while (next < calls.size()) {
        auto const index = next++;
        auto& mine = calls[index];
        mine.kind = &kinds[index % kinds.size()];
        mine.nonce = "nonce-" + std::to_string(index);
        call_options options;
        options.request_id = mine.nonce;
        mine.failed = co_await mine.kind->make(used, options);
    }
}

client_options options_for(scripted_server const& server, std::shared_ptr<observer> watching)
{
    auto options = patient_options(server);
    options.retry.max_attempts = 3;
    options.retry.base_pause = 0ms;
    options.retry.max_pause = 0ms;
    options.retry.budget_percent = 100;
    options.retry.budget_reserve = 1'000'000;
    options.pool.max_dial_backoff = 0ms;
    options.pool.max_connections = callers;
    options.resolver_cache = 1h;
    options.observer = std::move(watching);
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(never_twice)

BOOST_AUTO_TEST_CASE(fault_111_what_must_not_be_repeated_arrives_once_at_most)
{
    descriptor_baseline const descriptors;
    auto const kinds = every_call(secret("flx_token"));
    BOOST_REQUIRE(kinds.size() == 28U);
    std::set<operation> once;
    for (auto const& kind : kinds)
        if (!kind.repeatable)
            once.insert(kind.what);
    auto const watching = std::make_shared<watch>(once);
    killer kill;
    scripted_server server(test_authority().issue(), [&kill](peer& with) { kill(with); });
    std::vector<sent_call> calls(total_calls);
    {
        asio::io_context context;
        client used(context.get_executor(), options_for(server, watching));
        std::size_t next = 0;
        std::size_t ended = 0;
        for (std::size_t count = 0; count < callers; ++count)
            asio::co_spawn(context, keep_calling(used, kinds, calls, next), [&](std::exception_ptr thrown) {
                BOOST_TEST((thrown == nullptr));
                ++ended;
            });
        for (auto const end = std::chrono::steady_clock::now() + 10 * guard; ended < callers;) {
            BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
            context.restart();
            context.run_one_for(10ms);
        }
        // A connection may still be in the making for a call that got another one.
        run_until(context, [&] { return at_rest(used); });
        BOOST_TEST(used.stats().calls_started == total_calls);
    }
    server.stop();

    std::size_t arrived_twice = 0;
    std::size_t repeated = 0;
    std::size_t lost = 0;
    for (auto const& call : calls) {
        auto const times = kill.received.times(call.nonce);
        if (call.kind->repeatable) {
            repeated += times > 1 ? 1U : 0U;
            BOOST_TEST(times <= 4); // three attempts, and one more if a pooled connection was gone
            continue;
        }
        arrived_twice += times > 1 ? 1U : 0U;
        lost += call.failed && call.failed->code() == errc::connection_lost ? 1U : 0U;
        // What succeeded or was answered did arrive, what says that nothing was sent did not.
        if (call.failed && !call.failed->info().request_was_sent)
            BOOST_TEST(times == 0);
    }
    BOOST_TEST(kill.received.times("") == 0);
    BOOST_TEST(arrived_twice == 0U);
    BOOST_TEST(watching->violations == 0U);
    // The test would find something if it was there to be found.
    BOOST_TEST(repeated > 100U);
    BOOST_TEST(lost > 100U);
}

BOOST_AUTO_TEST_SUITE_END()
