#ifndef FLUXER_AUTH_HELPERS_HPP
#define FLUXER_AUTH_HELPERS_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/sessions.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth {

/// The id under which list_auth_sessions lists the session of a token.
///
/// @param token a session token
/// @returns 43 characters of base64url
/// Errors: none. Thread safety: any thread. Source: contract 2.3.
FLUXER_AUTH_DECL std::string session_id_hash(secret const& token);

/// Whether a session of client::list_auth_sessions is the one of this token. auth_session::current does not tell: it is
/// always false at baseline, and with newer servers it is about the token that the list was asked with.
///
/// @param session one entry of the list
/// @param token a session token of the same account
/// @returns whether session.id_hash is the token's session_id_hash
/// Errors: none. Thread safety: any thread. Source: contract 2.3, 5.17.
FLUXER_AUTH_DECL bool is_session_of(auth_session const& session, secret const& token);

/// The time-based one-time code that an authenticator app shows.
///
/// @param key the shared key in base32, as the server gave it; blanks, hyphens and case do not matter
/// @param when a moment by the server's clock
/// @returns six digits; nothing if the key is not base32
/// Errors: none. Thread safety: any thread. Source: RFC 6238 with SHA-1, 30 s and 6 digits (contract 5.6).
FLUXER_AUTH_DECL std::optional<secret> totp_code(
    secret const& key, std::chrono::system_clock::time_point when = std::chrono::system_clock::now());

/// The token in a mailed link such as `https://web.fluxer.app/verify#token=…`.
///
/// @param link the whole URL
/// @returns the token; nothing if the fragment has none
/// Errors: none. Thread safety: any thread. Source: contract 9.3.
FLUXER_AUTH_DECL std::optional<secret> token_from_link(std::string_view link);

/// A handoff code in the form in which the server shows it.
///
/// @param code as a person typed it: blanks, hyphens and case do not matter
/// @returns `XXXX-XXXX`; nothing if it can't be a code
/// Errors: none. Thread safety: any thread. Source: contract 9.1.
FLUXER_AUTH_DECL std::optional<secret> normalize_handoff_code(std::string_view code);

} // namespace fluxer::auth

#endif
