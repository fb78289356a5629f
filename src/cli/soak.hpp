#ifndef FLUXER_AUTH_CLI_SOAK_HPP
#define FLUXER_AUTH_CLI_SOAK_HPP

#include "cli/chaos_proxy.hpp"
#include "cli/soak_ledger.hpp"
#include "cli/soak_resources.hpp"

#include <fluxer/auth/client.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

struct soak_options
{
    soak_options() = default;

    std::chrono::steady_clock::duration duration = std::chrono::minutes(2);
    std::size_t callers = 256;
    std::size_t connections = 32;
    std::uint64_t seed = 1;
    /// Called once a second.
    std::function<void(std::chrono::steady_clock::duration since_start, soak_ledger const& so_far)> on_second;
};

/// Everything that was counted.
struct soak_outcome
{
    explicit soak_outcome(std::chrono::steady_clock::duration duration)
        : log(warm_up_of(duration))
    {}

    bool interrupted = false;
    bool stuck = false; ///< some calls did not end though all their limits had run out
    std::chrono::steady_clock::duration took{0};
    soak_ledger ledger;
    client_stats stats;
    std::vector<std::string> event_complaints;
    chaos_counts chaos;
    sandbox_counters server;
    resource_log log;
    std::uint64_t descriptors_before = 0; ///< with the servers, without the client
    std::uint64_t descriptors_after = 0;  ///< the same, when the client is gone
};

/// What a soak's client talks to.
struct soak_servers
{
    sandbox& server;    ///< rate limits off
    chaos_proxy& proxy; ///< in front of it
};

/// Runs the calls over a client of their own, on the caller's executor, which one thread runs. Cancelled, it ends early
/// and returns what has been counted by then.
/// @param outcome what has been counted
boost::asio::awaitable<void> run_soak(soak_servers servers, soak_options options, soak_outcome& outcome);

} // namespace fluxer::auth::cli

#endif
