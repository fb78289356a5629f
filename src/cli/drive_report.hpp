#ifndef FLUXER_AUTH_CLI_DRIVE_REPORT_HPP
#define FLUXER_AUTH_CLI_DRIVE_REPORT_HPP

#include "cli/drive.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// What a drive was told to do, for its report.
struct drive_settings
{
    drive_settings() = default;

    std::string base_url;
    std::string generation; ///< of a sandbox of its own, else empty
    bool limits = false;    ///< whether that has its rate limits on
    std::size_t flows = 1'000;
    std::size_t concurrency = 64;
    std::size_t connections = 64;
    std::string mix;
    std::optional<double> rate; ///< of an open loop
    arrivals how = arrivals::poisson;
    std::uint64_t seed = 1;
    rate_mode governor = rate_mode::wait;
    /// What the sandbox has counted of it; none: somebody else's server.
    std::optional<std::uint64_t> requests_at_server;
};

std::string_view to_string(arrivals how) noexcept;
std::string_view to_string(rate_mode mode) noexcept;

/// What stands behind the bar, or in a line of its own, while the flows run.
std::string drive_text(drive_progress const& now);

/// The closing tables.
std::string drive_tables(drive_outcome const& outcome, drive_settings const& settings, std::size_t indent);

/// Everything that is not as it has to be; one line each.
std::vector<std::string> drive_complaints(drive_outcome const& outcome, drive_settings const& settings);

/// All of it for programs; docs/drive.md tells the keys.
boost::json::object drive_json(drive_outcome const& outcome, drive_settings const& settings);

} // namespace fluxer::auth::cli

#endif
