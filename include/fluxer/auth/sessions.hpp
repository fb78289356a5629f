#ifndef FLUXER_AUTH_SESSIONS_HPP
#define FLUXER_AUTH_SESSIONS_HPP

#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/sudo_methods.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth {

/// Where a session was used from, by IP geolocation (contract 5.17).
struct FLUXER_AUTH_DECL session_location
{
    session_location() = default;

    std::optional<std::string> city;
    std::optional<std::string> region;
    std::optional<std::string> country;
};

struct FLUXER_AUTH_DECL session_client_info
{
    session_client_info() = default;

    std::optional<std::string> platform; ///< browser name, or "Fluxer Desktop"
    std::optional<std::string> os;
    std::optional<std::string> browser; ///< never set at baseline
    std::optional<std::string> device;  ///< newer servers only (contract 14)
    std::optional<session_location> location;
};

/// One session of the account (contract 5.17).
struct FLUXER_AUTH_DECL auth_session
{
    auth_session() = default;

    std::string id_hash; ///< session_id_hash() of that session's token
    std::optional<session_client_info> client_info;
    std::optional<timestamp> approx_last_used_at;
    bool current = false;                 ///< always false at baseline: see is_session_of
    std::optional<std::string> masked_ip; ///< newer servers only (contract 14)
};

/// For client::logout_all_sessions (contract 5.18), with the proof that sudo mode wants (contract 8).
struct FLUXER_AUTH_DECL logout_auth_sessions_request
{
    logout_auth_sessions_request() = default;
    logout_auth_sessions_request(std::vector<std::string> session_id_hashes_);

    std::vector<std::string> session_id_hashes; ///< 0-100 strings of 1-256; exactly these sessions end
    std::optional<secret> password;             ///< 8-256; for accounts without MFA
    std::optional<std::string> mfa_method;      ///< "totp", "sms" or "webauthn"
    std::optional<secret> mfa_code;             ///< 1-32
    std::optional<boost::json::value> webauthn_response;
    std::optional<std::string> webauthn_challenge; ///< 1-256

    logout_auth_sessions_request&& with_password(secret value) &&;
    logout_auth_sessions_request&& with_mfa_code(std::string method, secret code) &&;
    logout_auth_sessions_request&& with_webauthn(boost::json::value response, std::string challenge) &&;
};

} // namespace fluxer::auth

#endif
