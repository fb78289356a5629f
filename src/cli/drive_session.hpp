#ifndef FLUXER_AUTH_CLI_DRIVE_SESSION_HPP
#define FLUXER_AUTH_CLI_DRIVE_SESSION_HPP

#include "cli/control_client.hpp"
#include "cli/drive.hpp"
#include "cli/drive_mix.hpp"
#include "cli/drive_report.hpp"
#include "cli/progress_line.hpp"
#include "cli/report.hpp"
#include "cli/sandbox_process.hpp"
#include "cli/terminal.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace fluxer::auth::cli {

/// What the command line says.
struct drive_wishes
{
    explicit drive_wishes(flow_mix const& mix_)
        : mix(mix_)
    {}

    drive_settings settings;
    flow_mix mix;
    std::optional<std::string> accounts_file;
    std::optional<std::string> json_file;
    std::string ca_file;
    bool allow_plain_http = false;
    std::optional<std::size_t> addresses;
    std::chrono::seconds timeout{900};
};

/// A drive with all that belongs to it, from its server to what has been counted.
class drive_session
{
public:
    /// @param wishes gets what the server is, and what it has counted; outlives this
    /// @param out outlives this
    drive_session(drive_wishes& wishes, report& out, terminal shows);

    /// @throws std::exception for what keeps the flows from beginning
    boost::asio::awaitable<void> run();

    /// Whether flows have begun; before that there is no outcome.
    bool has_begun() const noexcept { return begun_; }

    drive_outcome const& outcome() const noexcept { return outcome_; }

private:
    void start_sandbox();
    boost::asio::awaitable<void> prepare(drive_plan& plan);
    boost::asio::awaitable<void> find_control(client_options options);
    boost::asio::awaitable<void> find_people(drive_plan& plan);
    boost::asio::awaitable<void> count_flows(drive_plan const& plan);
    boost::asio::awaitable<void> end_sessions(drive_plan& plan);
    void show(drive_progress const& now);

    drive_wishes& wishes_;
    report& out_;
    std::optional<sandbox_process> sandbox_;
    std::optional<control_client>
        control_; ///< none: the server is no sandbox, or is treated as if it were none
    progress_line line_;
    bool interactive_;
    std::chrono::steady_clock::duration next_line_;
    bool begun_ = false;
    drive_outcome outcome_;
};

} // namespace fluxer::auth::cli

#endif
