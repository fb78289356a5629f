#ifndef FLUXER_AUTH_CLI_DEMO_HPP
#define FLUXER_AUTH_CLI_DEMO_HPP

#include "cli/background.hpp"
#include "cli/control_client.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"

#include <fluxer/auth/client.hpp>
#include <fluxer/auth/flows.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

struct demo_options
{
    demo_options() = default;

    std::string base_url; ///< of the sandbox
    std::string ca_pem;
    std::size_t flows = 2'000;
    std::size_t connections = 64;
    bool verbose = false;
    terminal shows;
};

/// How a handoff went, to be told when its turn comes.
struct handoff_story
{
    handoff_story() = default;

    session made;
    unsigned polls = 0;
    std::chrono::steady_clock::duration initiate_time{0};
    std::chrono::steady_clock::duration wait_time{0};
};

/// A tour of the library against a sandbox in another process. Each step checks what it shows, and throws if
/// something is not as it should be.
class demo
{
public:
    /// @param out outlives the demo
    demo(client::executor_type executor, report& out, demo_options options);

    boost::asio::awaitable<void> run();

private:
    struct step;

    boost::asio::awaitable<void> register_account();
    boost::asio::awaitable<void> use_wrong_password();
    boost::asio::awaitable<void> login_with_second_factor();
    boost::asio::awaitable<void> login_from_new_address();
    boost::asio::awaitable<void> hand_off();
    boost::asio::awaitable<void> end_sessions();
    boost::asio::awaitable<void> run_many_flows();

    boost::asio::awaitable<std::vector<std::string>> make_accounts(std::size_t count);
    boost::asio::awaitable<void> expect_no_sessions(std::vector<std::string> emails);
    boost::asio::awaitable<void> expect_ended(session which);

    /// Options of a device's own client.
    client_options device(std::string name, std::string user_agent) const;

    client::executor_type executor_;
    report& out_;
    demo_options options_;
    control_client control_;
    client laptop_;
    client phone_;      ///< at an address that the account has not used
    client television_; ///< logged in by a handoff
    session on_laptop_;
    session on_phone_;
    session on_television_;
    /// Runs beside the wait of the step before its own, as both take two seconds of doing nothing.
    std::optional<background<handoff_story>> handoff_;
};

} // namespace fluxer::auth::cli

#endif
