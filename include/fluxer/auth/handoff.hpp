#ifndef FLUXER_AUTH_HANDOFF_HPP
#define FLUXER_AUTH_HANDOFF_HPP

#include <fluxer/auth/login.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace fluxer::auth {

/// What client::initiate_handoff returns (contract 5.25). Anyone who reads the code in time can fetch the
/// session: show it to the user only.
struct FLUXER_AUTH_DECL handoff
{
    handoff() = default;
    handoff(secret code_, timestamp expires_at_);

    secret code;                              ///< `XXXX-XXXX`
    timestamp expires_at;                     ///< by the server's clock, 5 minutes ahead
    std::optional<secret> poll_secret;        ///< newer servers only (contract 14)
    std::optional<std::string> return_method; ///< newer servers only (contract 14)
    std::chrono::steady_clock::time_point received_at = std::chrono::steady_clock::now();
};

/// For client::complete_handoff (contract 5.26).
struct FLUXER_AUTH_DECL handoff_complete_request
{
    handoff_complete_request() = default;
    handoff_complete_request(secret code_, secret token_, snowflake user_id_);

    secret code;       ///< 1-256; hyphen and case do not matter
    secret token;      ///< 1-256: the approving device's own session token
    snowflake user_id; ///< 1-256: the user that the token belongs to
};

enum class handoff_state : std::uint8_t {
    pending,
    completed, ///< delivered once; the session is in this answer
    expired,   ///< timed out, cancelled, already fetched or never issued: the server does not tell
    denied,    ///< newer servers only (contract 14)
    other,     ///< see handoff_status::status
};

/// One look at a handoff (contract 5.27).
struct FLUXER_AUTH_DECL handoff_status
{
    handoff_status() = default;

    handoff_state state = handoff_state::other;
    std::string status;                   ///< the server's word for it
    std::optional<auth::session> session; ///< set when completed
};

} // namespace fluxer::auth

#endif
