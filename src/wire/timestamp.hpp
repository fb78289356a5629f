#ifndef FLUXER_AUTH_WIRE_TIMESTAMP_HPP
#define FLUXER_AUTH_WIRE_TIMESTAMP_HPP

#include <fluxer/auth/config.hpp>

#include <optional>
#include <string_view>

namespace fluxer::auth::wire {

/// `2026-11-24T03:02:42.600Z` (contract 2.3): the fraction may be absent or have up to 9 digits, of which
/// milliseconds are kept; `+00:00` does for `Z`. The date has to exist.
std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

} // namespace fluxer::auth::wire

#endif
