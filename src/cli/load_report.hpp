#ifndef FLUXER_AUTH_CLI_LOAD_REPORT_HPP
#define FLUXER_AUTH_CLI_LOAD_REPORT_HPP

#include "cli/load.hpp"

#include <cstdint>
#include <string>

namespace fluxer::auth::cli {

/// What the server counted meanwhile.
struct load_counts
{
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
};

/// The closing tables: what happened, and how long it took.
std::string load_tables(load_outcome const& outcome, load_counts const& server, std::size_t indent);

/// Compares what the client and the server say with what has to be.
/// @returns one line about what is wrong; empty: nothing
std::string load_complaint(
    load_outcome const& outcome, load_counts const& server, std::size_t flows, std::size_t max_connections);

} // namespace fluxer::auth::cli

#endif
