#ifndef FLUXER_AUTH_TEST_FAULTS_SCRIPT_HPP
#define FLUXER_AUTH_TEST_FAULTS_SCRIPT_HPP

#include "actions.hpp"
#include "gauges.hpp"
#include "identities.hpp"
#include "options.hpp"
#include "resolver_script.hpp"
#include "stage.hpp"
#include "system_faults.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// "expect": what server, resolver and client have seen in the end.
struct final_expectation
{
    std::optional<bound> connections;
    std::optional<bound> handshakes;
    std::optional<bound> handshakes_resumed;
    std::optional<bound> requests;
    std::optional<std::vector<bound>> requests_per_connection;
    std::optional<bound> bytes_after_close;
    std::optional<bound> close_notifies;
    std::optional<bound> lookups;
    std::optional<std::optional<std::string>> server_name; ///< null: none was sent
    std::optional<std::string> protocols;
    std::vector<std::pair<std::string, bound>> events;
    std::vector<std::pair<std::string, std::string>> details; ///< words that each event of a kind says
    std::optional<bound> retry_pause;                         ///< each one's, in milliseconds
    std::optional<std::string> client_refused;                ///< the options are refused with these words
    gauges stats;
};

/// A script, read and understood.
struct script
{
    boost::json::value text; ///< what the rest refers to
    std::string title;
    std::string skip;
    std::vector<std::string> needs;
    std::chrono::milliseconds limit{20'000};
    std::unique_ptr<identities> keys;
    client_plan client;
    server_plan server;
    std::vector<lookup_plan> lookups;
    std::vector<system_fault> system;
    action_list calls;
    final_expectation expected;
};

/// How long a script may take and whether it is skipped, before the rest of it is understood. Throws script_error.
struct script_header
{
    std::chrono::milliseconds limit{20'000};
    std::string skip;
};

boost::json::value read_json(std::filesystem::path const& file);
script_header read_header(boost::json::value const& text);

/// Throws script_error.
script read_script(boost::json::value text);

} // namespace fluxer::auth::faults

#endif
