// What clients do at the server's limits. They count for themselves, so that a session is never lost by asking too often;
// all clients of a process for one server share the counts by default, here a governor is handed around by hand.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

auth::client_options with_governor(
    auth::sandbox const& server, std::shared_ptr<auth::rate_governor> governor, auth::rate_mode mode)
{
    auth::client_options options(server.base_url());
    options.tls.ca_pem = server.ca_pem();
    options.rate.governor = std::move(governor);
    options.rate.mode = mode;
    return options;
}

/// Calls until the limit is reached, of which nothing is sent any more.
asio::awaitable<bool> call_to_the_limit(auth::client client)
{
    for (int calls = 0; calls < 1'000; ++calls) {
        auto const status = co_await client.get_sso_status();
        if (status)
            continue;
        auto const& problem = status.error();
        if (problem.code() != auth::errc::rate_limited || !problem.retry_after())
            std::cerr << problem << '\n';
        std::cout << calls << " calls, then not before "
                  << problem.retry_after().value_or(auth::milliseconds{}).count()
                  << " ms; sent: " << (problem.request_was_sent() ? "yes" : "no") << '\n';
        co_return !problem.request_was_sent();
    }
    co_return false;
}

asio::awaitable<bool> show(asio::any_io_executor executor, auth::sandbox const& server)
{
    auto const governor = std::make_shared<auth::local_rate_governor>();
    auth::client hasty(executor, with_governor(server, governor, auth::rate_mode::fail_fast));
    std::cout << "fail_fast: ";
    if (!co_await call_to_the_limit(hasty))
        co_return false;

    // For the program's next start, or another process behind the same address.
    auto const kept = boost::json::serialize(governor->save());
    auto const restored = std::make_shared<auth::local_rate_governor>();
    if (!restored->restore(boost::json::parse(kept)))
        co_return false;
    auth::client restarted(executor, with_governor(server, restored, auth::rate_mode::fail_fast));
    std::cout << "restarted: ";
    if (!co_await call_to_the_limit(restarted))
        co_return false;

    // Shares the counts of the one before, which knows of all that was sent; waits, which is the default.
    auth::client patient(executor, with_governor(server, restored, auth::rate_mode::wait));
    auto const status = co_await patient.get_sso_status();
    std::cout << "wait: " << (status ? "an answer" : status.error().to_string()) << '\n';
    co_return status.has_value();
}

bool show_limits_of(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    how.rate_limits = true;
    auth::sandbox server(how);
    return example::run([&](asio::any_io_executor executor) { return show(executor, server); });
}

} // namespace

int main()
{
    return example::exit_code([] {
        return show_limits_of(auth::sandbox_generation::g2026_02) &&
               show_limits_of(auth::sandbox_generation::g2026_09);
    });
}
