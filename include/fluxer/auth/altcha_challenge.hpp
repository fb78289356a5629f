#ifndef FLUXER_AUTH_ALTCHA_CHALLENGE_HPP
#define FLUXER_AUTH_ALTCHA_CHALLENGE_HPP

#include <fluxer/auth/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth {

/// An ALTCHA proof of work as a newer server sets it (contract 14): the number is wanted whose hash behind the salt is
/// `challenge`. error::captcha() has it; solve_altcha solves it.
struct FLUXER_AUTH_DECL altcha_challenge
{
    altcha_challenge() = default;

    std::string algorithm = "SHA-256";    ///< "SHA-256", "SHA-384" or "SHA-512"
    std::string challenge;                ///< the hash in hexadecimal digits
    std::string salt;                     ///< may end in parameters: "…?expires=1770000000"
    std::string signature;                ///< the server's own, handed back as it is
    std::uint64_t max_number = 1'000'000; ///< the server's promise that the number is no greater
    /// When the server stops accepting a solution: the salt's `expires`; nothing: never.
    std::optional<timestamp> expires;

    /// Understands the challenge's JSON text.
    ///
    /// @param json `{"algorithm", "challenge", "salt", "signature", "maxnumber" or "maxNumber"}`, at most 8 KiB
    /// @returns the challenge; nothing if a member is missing or of a wrong form, or the algorithm is not known. Without
    ///   algorithm and greatest number it has those above; an `expires` that cannot be read is none.
    /// Errors: none but std::bad_alloc. Thread safety: any thread. Source: contract 14, ALTCHA's documentation.
    static std::optional<altcha_challenge> parse(std::string_view json);
};

} // namespace fluxer::auth

#endif
