#ifndef FLUXER_AUTH_CLI_TERMINAL_HPP
#define FLUXER_AUTH_CLI_TERMINAL_HPP

#include <cstddef>

namespace fluxer::auth::cli {

/// What standard output can show.
struct terminal
{
    bool interactive = false; ///< a terminal, which can rewrite a line
    bool utf8 = false;        ///< one that shows UTF-8
    std::size_t columns = 0;  ///< of the terminal; 0: not known
};

/// Asks the system and the environment's locale.
terminal standard_output();

} // namespace fluxer::auth::cli

#endif
