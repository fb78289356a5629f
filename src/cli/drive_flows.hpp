#ifndef FLUXER_AUTH_CLI_DRIVE_FLOWS_HPP
#define FLUXER_AUTH_CLI_DRIVE_FLOWS_HPP

#include "cli/control_client.hpp"
#include "cli/drive_ledger.hpp"
#include "cli/drive_people.hpp"

#include <fluxer/auth/client.hpp>
#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace fluxer::auth::cli {

/// What all flows use.
struct drive_tools
{
    explicit drive_tools(client users_)
        : users(std::move(users_))
    {}

    client users;
    std::optional<control_client> mailbox; ///< of flow_kind::ip, which needs it
    address_book new_addresses{0};         ///< for flow_kind::ip
    std::size_t addresses_used = 0;
    milliseconds timeout{0}; ///< of a flow's waits
};

/// How a flow went.
struct flow_result
{
    flow_result() = default;

    std::optional<flow_failure> failure;
    flow_times::time_point signed_in; ///< unless it failed before
};

/// One flow from nothing to a session, and that session's logout, which belongs to the flow but not to its time.
/// @param tools outlive it
/// @param who outlives it too
/// Errors: what keeps the mail from being read is thrown; all else is in the result.
boost::asio::awaitable<flow_result> run_flow(drive_tools& tools, flow_kind kind, drive_person& who);

/// Logs a person in as the flows login and totp do.
boost::asio::awaitable<sign_in_outcome> sign_person_in(drive_tools& tools, drive_person& who);

flow_failure failure_of(sign_in_outcome const& outcome);

} // namespace fluxer::auth::cli

#endif
