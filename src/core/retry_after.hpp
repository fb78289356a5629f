#ifndef FLUXER_AUTH_CORE_RETRY_AFTER_HPP
#define FLUXER_AUTH_CORE_RETRY_AFTER_HPP

#include <fluxer/auth/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace fluxer::auth::core {

/// Longer waits are cut: no server means them, and sums of times cannot overflow.
inline constexpr milliseconds longest_retry_after = std::chrono::hours(24);

/// A wait that a server states as a number: negative means now, parts of a millisecond count as whole ones.
milliseconds wait_of_seconds(double seconds) noexcept;

/// Decimal digits with an optional sign and fraction, e.g. "5" or "0.25".
std::optional<double> parse_decimal(std::string_view text) noexcept;

/// HTTP-date in its three forms (RFC 9110 5.6.7).
///
/// @param now decides the century of the obsolete form with a two-digit year
std::optional<timestamp> parse_http_date(std::string_view text, timestamp now) noexcept;

/// The wait that a `Retry-After` field states: seconds, decimal as newer servers send them (contract 14), or a date.
///
/// @param now the moment at which the answer was made: its Date field, or the clock
std::optional<milliseconds> parse_retry_after(std::string_view text, timestamp now) noexcept;

} // namespace fluxer::auth::core

#endif
