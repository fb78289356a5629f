#ifndef FLUXER_AUTH_SANDBOX_ALTCHA_HPP
#define FLUXER_AUTH_SANDBOX_ALTCHA_HPP

#include "sandbox/clock.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// A proof of work as altcha.org defines it: the number is wanted whose SHA-256 behind the salt is `challenge`.
/// @param key signs it, so that nothing has to be kept
/// @param max_number the greatest that may be the solution
boost::json::object make_altcha_challenge(std::string_view key, std::uint32_t max_number, time_point now);

/// Checks a solution: base64 of JSON with the challenge's members and `number`.
/// @returns the challenge that it solves, so that it can be remembered as used; nothing if it is wrong or too late
std::optional<std::string> solved_altcha_challenge(
    std::string_view key, std::string_view solution, time_point now);

/// A challenge may be solved for this long.
inline constexpr std::chrono::minutes altcha_life{10};

} // namespace fluxer::auth::sandbox_detail

#endif
