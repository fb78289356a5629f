#ifndef FLUXER_AUTH_SANDBOX_USER_AGENT_HPP
#define FLUXER_AUTH_SANDBOX_USER_AGENT_HPP

#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// Name of the browser or "Unknown" (contract 9.4).
std::string_view browser_of(std::string_view user_agent);

/// Name of the operating system or "Unknown".
std::string_view system_of(std::string_view user_agent);

} // namespace fluxer::auth::sandbox_detail

#endif
