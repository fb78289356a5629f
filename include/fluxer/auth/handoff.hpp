#ifndef FLUXER_AUTH_HANDOFF_HPP
#define FLUXER_AUTH_HANDOFF_HPP

#include <fluxer/auth/login.hpp>
#include <fluxer/auth/sessions.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

/// Which handoff a call is about: its code, with the secret that newer servers give to the device that initiated it
/// (contract 14). Made from a handoff it has both.
struct FLUXER_AUTH_DECL handoff_reference
{
    handoff_reference() = default;
    handoff_reference(secret code_);
    handoff_reference(std::string const& code_);
    handoff_reference(std::string_view code_);
    handoff_reference(char const* code_);
    handoff_reference(secret code_, secret poll_secret_);
    handoff_reference(handoff const& from);

    secret code;                       ///< 1-256; sent as it is
    std::optional<secret> poll_secret; ///< 1-256; sent in the body, never in the URL
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

/// What client::get_handoff_info tells the approving device of the one that asks. The contract fixes none of it: take
/// everything for optional, and `raw` for what is not named here.
struct FLUXER_AUTH_DECL handoff_info
{
    handoff_info() = default;

    std::string status; ///< as with handoff_status; may be empty
    std::optional<session_client_info> client_info;
    std::optional<std::string> masked_ip;
    std::optional<timestamp> expires_at;
    std::optional<std::string> return_method;
    boost::json::value raw; ///< the whole answer
};

/// How approve_handoff went.
struct FLUXER_AUTH_DECL handoff_approval
{
    handoff_approval() = default;

    bool approved = false;                 ///< false: approve_handoff_options::confirm refused
    std::optional<handoff_info> info;      ///< what the server told of the other device; newer servers only
    std::optional<std::string> return_url; ///< where the user's browser goes next; newer servers only
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
