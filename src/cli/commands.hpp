#ifndef FLUXER_AUTH_CLI_COMMANDS_HPP
#define FLUXER_AUTH_CLI_COMMANDS_HPP

#include "cli/arguments.hpp"

namespace fluxer::auth::cli {

/// A subcommand of the tool.
struct command
{
    command_spec spec;
    /// @returns the exit status
    /// @throws usage_error for a bad value, std::exception for what else keeps it from running
    int (*run)(arguments const& given);
};

extern command const sandbox_command;
extern command const demo_command;
extern command const check_command;
extern command const soak_command;
extern command const drive_command;

} // namespace fluxer::auth::cli

#endif
