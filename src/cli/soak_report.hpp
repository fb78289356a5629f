#ifndef FLUXER_AUTH_CLI_SOAK_REPORT_HPP
#define FLUXER_AUTH_CLI_SOAK_REPORT_HPP

#include "cli/soak.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// What stands behind the bar while the soak runs.
std::string soak_progress(
    std::chrono::steady_clock::duration since_start, std::chrono::steady_clock::duration whole,
    soak_ledger const& so_far);

/// The closing tables.
/// @param connections the client's most
std::string soak_tables(soak_outcome const& outcome, std::uint64_t connections, std::size_t indent);

/// Everything that is not as it has to be; one line each.
/// @param memory whether the process's memory is looked at too
std::vector<std::string> soak_complaints(soak_outcome const& outcome, std::uint64_t connections, bool memory);

} // namespace fluxer::auth::cli

#endif
