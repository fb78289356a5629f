#ifndef FLUXER_AUTH_CLI_DRIVE_HPP
#define FLUXER_AUTH_CLI_DRIVE_HPP

#include "cli/arrival_schedule.hpp"
#include "cli/control_client.hpp"
#include "cli/drive_ledger.hpp"
#include "cli/drive_mix.hpp"
#include "cli/drive_people.hpp"
#include "cli/operation_recorder.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace fluxer::auth::cli {

/// How far a drive is.
struct drive_progress
{
    drive_progress() = default;

    std::size_t flows = 0; ///< that are planned
    std::size_t in_flight = 0;
    std::chrono::steady_clock::duration elapsed{0};
    double recent_rate = 0; ///< flows that ended per second, over the last ten seconds
    drive_ledger const* ledger = nullptr;
};

struct drive_plan
{
    drive_plan() = default;

    client_options options;
    std::vector<flow_kind> flows; ///< in the order in which they start
    std::size_t concurrency = 64; ///< most flows under way
    std::optional<arrival_schedule>
        schedule;                          ///< an open loop's; none: a flow starts when another one has ended
    milliseconds timeout{0};               ///< of a flow's waits
    drive_people people;                   ///< somebody for each kind that occurs
    std::optional<control_client> mailbox; ///< for flow_kind::ip
    address_book new_addresses{0};         ///< for flow_kind::ip
    /// Called ten times a second.
    std::function<void(drive_progress const& now)> on_progress;
};

struct drive_outcome
{
    drive_outcome() = default;

    bool interrupted = false;
    bool stuck = false; ///< some flows did not end though they were cancelled
    std::chrono::steady_clock::duration took{0};
    drive_ledger ledger;
    std::shared_ptr<operation_recorder> operations;
    client_stats stats;
};

/// After this the governor has seen what limits the server has.
inline constexpr std::chrono::seconds time_to_learn{60};

/// Runs the flows over a client of their own, on the caller's executor, which one thread runs. Cancelled, it starts no
/// more flows, lets those under way end for three seconds, cancels what is left, and returns what has been counted.
/// @throws exception for bad options
boost::asio::awaitable<void> run_drive(drive_plan plan, drive_outcome& outcome);

} // namespace fluxer::auth::cli

#endif
