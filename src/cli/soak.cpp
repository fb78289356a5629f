#include "cli/soak.hpp"

#include "cli/event_audit.hpp"
#include "cli/shielded.hpp"
#include "cli/soak_callers.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// The accounts live in a sandbox that ends with this process, so that their password protects nothing.
constexpr char const* soak_password = "steady drops hollow the stone";
constexpr auto call_limit = 8s;

std::vector<soak_account> make_accounts(sandbox& server, std::size_t count)
{
    std::vector<soak_account> accounts(count);
    for (std::size_t i = 0; i < count; ++i) {
        accounts[i].email = "caller" + std::to_string(i) + "@example.com";
        accounts[i].user_id = server.create_account(sandbox_account(accounts[i].email, soak_password));
    }
    return accounts;
}

/// A connection into a black hole has to cost a second or two.
client_options options_for(
    soak_servers const& servers, soak_options const& wanted, std::shared_ptr<observer> audit)
{
    client_options options("https://localhost:" + std::to_string(servers.proxy.port()) + "/v1");
    options.tls.ca_pem = servers.server.ca_pem();
    options.user_agent = "fluxer-auth soak";
    options.observer = std::move(audit);
    options.pool.max_connections = wanted.connections;
    options.limits.tls = 2s;
    options.limits.pool_wait = 5s;
    options.limits.send = 1s;
    options.limits.first_byte = 1s;
    options.limits.read_idle = 1s;
    options.limits.attempt = 3s;
    options.limits.call = call_limit;
    // All callers come from one address, and the sandbox counts nothing.
    options.rate.mode = rate_mode::off;
    return options;
}

/// @returns false: cancelled
asio::awaitable<bool> sleep_until(clock::time_point when)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, when);
    boost::system::error_code stopped;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
    co_return !stopped;
}

/// Descriptors of the proxy and of the sandbox.
std::uint64_t other_ends(soak_servers const& servers)
{
    return 2 * servers.proxy.counts().open + servers.server.counters().connections_open;
}

/// @param before descriptors before the client was made
resources sample(soak_servers const& servers, std::uint64_t before)
{
    // Connections come and go meanwhile.
    auto ends = other_ends(servers);
    auto now = resources_now();
    ends = std::max(ends, other_ends(servers));
    now.client_descriptors = now.descriptors - std::min(now.descriptors, before + ends);
    return now;
}

/// Samples until the time is over.
asio::awaitable<void> watch(
    soak_servers servers, soak_callers const& callers, soak_options const& options, clock::time_point begin,
    soak_outcome& outcome)
{
    for (auto next = begin; next < begin + options.duration && !outcome.interrupted;) {
        next = std::min(next + 1s, begin + options.duration);
        bool const slept = co_await sleep_until(next);
        outcome.interrupted = !slept;
        auto const now = clock::now() - begin;
        outcome.log.add(now, sample(servers, outcome.descriptors_before));
        if (options.on_second)
            options.on_second(now, callers.ledger());
    }
}

/// The other ends are closed a moment after the client's.
asio::awaitable<void> wait_for_other_ends(soak_servers servers)
{
    auto const most = clock::now() + 10s;
    bool open = true;
    while (open && clock::now() < most) {
        co_await sleep_until(clock::now() + 20ms);
        open = other_ends(servers) != 0;
    }
}

} // namespace

asio::awaitable<void> run_soak(soak_servers servers, soak_options options, soak_outcome& outcome)
{
    // An interruption ends the watch, and nothing that comes after it.
    co_await asio::this_coro::throw_if_cancelled(false);
    auto accounts = make_accounts(servers.server, options.callers);
    outcome.descriptors_before = resources_now().descriptors;
    auto const begin = clock::now();
    {
        auto const executor = co_await asio::this_coro::executor;
        auto const audit = std::make_shared<event_audit>();
        client users(executor, options_for(servers, options, audit));
        soak_callers callers(users, std::move(accounts), secret(soak_password), options.seed);
        co_await watch(servers, callers, options, begin, outcome);
        outcome.took = clock::now() - begin;
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        bool const all_ended = co_await callers.stop(2 * call_limit);
        outcome.stuck = !all_ended;
        co_await shielded(users.shutdown(1s));
        outcome.ledger = callers.ledger();
        outcome.stats = users.stats();
        outcome.event_complaints = audit->complaints();
    }
    co_await wait_for_other_ends(servers);
    outcome.descriptors_after = resources_now().descriptors;
    outcome.chaos = servers.proxy.counts();
    outcome.server = servers.server.counters();
}

} // namespace fluxer::auth::cli
