#ifndef FLUXER_AUTH_CLI_GENERATIONS_HPP
#define FLUXER_AUTH_CLI_GENERATIONS_HPP

#include <array>
#include <string_view>

namespace fluxer::auth::cli {

/// Of the server, as the option --generation and the sandbox's control API name them; the usual one first.
inline constexpr std::array<std::string_view, 2> generations{"2026-02", "2026-09"};

} // namespace fluxer::auth::cli

#endif
