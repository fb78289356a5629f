#ifndef FLUXER_AUTH_CORE_SEALED_BOX_HPP
#define FLUXER_AUTH_CORE_SEALED_BOX_HPP

#include "core/secret_buffer.hpp"

#include <fluxer/auth/secret.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

// Each step doubles time and memory: 2 to the power of (cost + 10) bytes, 16 to 128 MiB.
inline constexpr unsigned least_seal_cost = 14;
inline constexpr unsigned greatest_seal_cost = 17;

/// Encrypts with a passphrase: scrypt (RFC 7914, N = 2^cost, r = 8, p = 1) and AES-256-GCM.
///
///     "FXPK"  version 1  cost  salt (16)  nonce (12)  ciphertext  tag (16)
///
/// All that stands before the ciphertext is authenticated too.
///
/// @param cost least_seal_cost to greatest_seal_cost
/// @throws std::runtime_error if OpenSSL fails, for want of memory or randomness
std::string seal(std::string_view plain, secret const& passphrase, unsigned cost);

enum class unseal_failure {
    not_sealed,       ///< not of this format
    unknown_version,  ///< of a newer one
    cost_refused,     ///< would take more memory than any that `seal` makes
    wrong_passphrase, ///< or altered: these cannot be told apart
};

/// The reverse. Spends nothing on a cost beyond the bounds.
///
/// @param failure set when nothing is returned
std::optional<secret_buffer> unseal(
    std::string_view sealed, secret const& passphrase, unseal_failure& failure);

} // namespace fluxer::auth::core

#endif
