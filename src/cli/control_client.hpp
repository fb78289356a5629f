#ifndef FLUXER_AUTH_CLI_CONTROL_CLIENT_HPP
#define FLUXER_AUTH_CLI_CONTROL_CLIENT_HPP

#include <fluxer/auth/client.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
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

/// The control API of a sandbox in another process (docs/sandbox.md): what on a real server would be an
/// operator's doing, or a user's mail box. Every function throws if the sandbox does not do as asked.
class control_client
{
public:
    /// @param options base_url is that of the sandbox, e.g. "https://localhost:40123/v1"
    control_client(client::executor_type executor, client_options options);

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
