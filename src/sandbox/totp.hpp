#ifndef FLUXER_AUTH_SANDBOX_TOTP_HPP
#define FLUXER_AUTH_SANDBOX_TOTP_HPP

#include "sandbox/clock.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// RFC 6238 with SHA-1, 6 digits, steps of 30 s. `key` is raw, not base32.
std::string totp_code(std::string_view key, time_point at);

/// Whether `code` is that of the step at `now` or of the one before or after.
bool totp_matches(std::string_view key, std::string_view code, time_point now);

} // namespace fluxer::auth::sandbox_detail

#endif
