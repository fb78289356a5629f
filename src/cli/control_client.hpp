#ifndef FLUXER_AUTH_CLI_CONTROL_CLIENT_HPP
#define FLUXER_AUTH_CLI_CONTROL_CLIENT_HPP

#include <fluxer/auth/client.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::cli {

/// What a sandbox has counted since it started.
struct server_counts
{
    server_counts() = default;

    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
    std::uint64_t logins = 0;
    std::uint64_t lists = 0;
    std::uint64_t logouts = 0;
};

/// An account to be made.
struct wanted_account
{
    wanted_account() = default;

    std::string email;
    secret password;
    std::string address; ///< from which its logins need no authorization; empty: the sandbox's own client_ip
    bool totp = false;
};

struct made_account
{
    made_account() = default;

    std::string user_id;
    std::optional<secret> totp_key; ///< base32
};

/// The control API of a sandbox in another process (docs/sandbox.md): what on a real server would be an
/// operator's doing, or a user's mail box. Every function throws if the sandbox does not do as asked.
class control_client
{
public:
    /// @param options base_url is that of the sandbox, e.g. "https://localhost:40123/v1"
    control_client(client::executor_type executor, client_options options);

    /// Whether the server is a sandbox at all.
    /// @throws exception if no server answers
    boost::asio::awaitable<bool> is_there();

    boost::asio::awaitable<void> choose(std::string generation, bool rate_limits);

    boost::asio::awaitable<made_account> make_account(wanted_account wanted);

    /// Logs an account in, past everything that could stand in the way.
    boost::asio::awaitable<session> create_session(std::string email);

    boost::asio::awaitable<void> create_account(std::string email, secret password);

    /// @returns the key for the authenticator app, base32
    boost::asio::awaitable<secret> enable_totp(std::string email);

    /// The link in the newest mail of a kind to an address.
    boost::asio::awaitable<secret> mailed_link(std::string email, std::string_view kind);

    boost::asio::awaitable<std::uint64_t> session_count(std::string email);

    boost::asio::awaitable<server_counts> counts();

private:
    boost::asio::awaitable<boost::json::object> ask(raw_request request);

    client client_;
};

} // namespace fluxer::auth::cli

#endif
