#ifndef FLUXER_AUTH_CLI_CHECK_HPP
#define FLUXER_AUTH_CLI_CHECK_HPP

#include "cli/report.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>

namespace fluxer::auth::cli {

/// Looks whether a server is there and answers as a Fluxer server does, without an account and without leaving
/// anything behind. Prints what it finds.
/// @param healthy set to whether all was well
boost::asio::awaitable<void> check_server(client_options options, report& out, bool& healthy);

} // namespace fluxer::auth::cli

#endif
