#ifndef FLUXER_AUTH_CORE_ALTCHA_HPP
#define FLUXER_AUTH_CORE_ALTCHA_HPP

#include <fluxer/auth/altcha_challenge.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace fluxer::auth::core {

/// Digits of the algorithm's hash in hexadecimal; 0: the algorithm is not known.
std::size_t altcha_hash_digits(std::string_view algorithm) noexcept;

/// Whether these are the hexadecimal digits of such a hash.
bool is_altcha_hash(std::string_view digits, std::string_view algorithm) noexcept;

/// The parameter `expires` behind the salt's '?', in seconds since 1970; nothing if there is none or it is no number.
std::optional<timestamp> altcha_expiry(std::string_view salt) noexcept;

/// Looks for the number whose hash is the challenge's.
///
/// @param challenge of a known algorithm
/// @param first, last the numbers to try, both included
/// @param stop asked every 64 numbers; true: give up
/// @returns the number; nothing if there is none or `stop` said so
/// @throws std::runtime_error if OpenSSL has no such hash
std::optional<std::uint64_t> solve_altcha(
    altcha_challenge const& challenge, std::uint64_t first, std::uint64_t last,
    std::function<bool()> const& stop);

} // namespace fluxer::auth::core

#endif
