#ifndef FLUXER_AUTH_SANDBOX_JWT_HPP
#define FLUXER_AUTH_SANDBOX_JWT_HPP

#include "sandbox/clock.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

constexpr std::chrono::minutes sudo_life{5}; // contract 8.4

/// HS256 JWT that proves for five minutes that the user has given a second factor (contract 8.4).
std::string make_sudo_token(std::string_view key, std::string_view user_id, time_point now);

bool is_sudo_token(std::string_view key, std::string_view token, std::string_view user_id, time_point now);

} // namespace fluxer::auth::sandbox_detail

#endif
