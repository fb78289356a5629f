#ifndef FLUXER_AUTH_FLOWS_LIFE_TIMES_HPP
#define FLUXER_AUTH_FLOWS_LIFE_TIMES_HPP

#include <chrono>

namespace fluxer::auth::flows_detail {

inline constexpr std::chrono::minutes mfa_ticket_life{5};   // contract 9.3
inline constexpr std::chrono::minutes handoff_code_life{5}; // contract 9.1
inline constexpr std::chrono::minutes ip_ticket_life{15};   // contract 9.2

} // namespace fluxer::auth::flows_detail

#endif
