#ifndef FLUXER_AUTH_CLI_INTERRUPTIBLE_HPP
#define FLUXER_AUTH_CLI_INTERRUPTIBLE_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace fluxer::auth::cli {

/// Runs a command to its end. Ctrl-C or SIGTERM cancel it; a second one ends the process at once.
/// @returns whether it ran to its end; false: it was interrupted
/// @throws what the command throws, unless it was interrupted
bool run_interruptible(boost::asio::io_context& io, boost::asio::awaitable<void> work);

} // namespace fluxer::auth::cli

#endif
