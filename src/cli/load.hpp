#ifndef FLUXER_AUTH_CLI_LOAD_HPP
#define FLUXER_AUTH_CLI_LOAD_HPP

#include "cli/percentiles.hpp"

#include <fluxer/auth/client.hpp>
#include <fluxer/auth/observer.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// Login flows that all run at the same time: login, list the sessions, logout.
struct load_plan
{
    load_plan() = default;

    client_options options;
    std::size_t flows = 2'000;
    std::vector<std::string> emails; ///< the flows are spread over these accounts
    secret password;                 ///< of them all
    /// Called after each flow with the numbers of flows and requests done so far.
    std::function<void(std::size_t flows, std::size_t requests)> on_progress;
};

struct load_outcome
{
    load_outcome() = default;

    std::size_t flows = 0;    ///< that went as they should
    std::size_t failures = 0; ///< the others
    std::string first_failure;
    std::chrono::steady_clock::duration took{0};
    client_stats stats;              ///< the client's own counters at the end
    duration_samples flow_times;     ///< of flows that went as they should
    duration_samples request_times;  ///< from the call to its result, waiting for a connection included
    duration_samples exchange_times; ///< of the same requests, on their connection only
};

inline constexpr std::size_t requests_per_flow = 3;

/// Runs the flows over a client of their own, on the caller's executor, which one thread runs.
/// @throws exception for bad options
boost::asio::awaitable<load_outcome> run_load(load_plan plan);

} // namespace fluxer::auth::cli

#endif
