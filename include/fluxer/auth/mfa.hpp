#ifndef FLUXER_AUTH_MFA_HPP
#define FLUXER_AUTH_MFA_HPP

#include <fluxer/auth/secret.hpp>

#include <boost/json/value.hpp>

namespace fluxer::auth {

/// For client::login_with_totp (contract 5.6).
struct FLUXER_AUTH_DECL mfa_totp_request
{
    mfa_totp_request() = default;
    mfa_totp_request(secret code_, secret ticket_);

    secret code;   ///< 1-256: six digits, or a backup code `xxxx-xxxx`
    secret ticket; ///< 1-256: mfa_challenge::ticket
};

/// For client::login_with_sms_mfa (contract 5.8).
struct FLUXER_AUTH_DECL mfa_sms_request
{
    mfa_sms_request() = default;
    mfa_sms_request(secret code_, secret ticket_);

    secret code;   ///< 1-256
    secret ticket; ///< 1-256: mfa_challenge::ticket
};

/// For client::send_sms_mfa_code, client::get_webauthn_mfa_options and client::resend_ip_authorization.
struct FLUXER_AUTH_DECL mfa_ticket_request
{
    mfa_ticket_request() = default;
    mfa_ticket_request(secret ticket_);

    secret ticket; ///< 1-256
};

/// For client::login_with_webauthn_mfa (contract 5.10).
struct FLUXER_AUTH_DECL webauthn_mfa_request
{
    webauthn_mfa_request() = default;
    webauthn_mfa_request(boost::json::value response_, std::string challenge_, secret ticket_);

    boost::json::value response; ///< AuthenticationResponseJSON of the authenticator, sent untouched
    std::string challenge;       ///< 1-256: the very string that the options had
    secret ticket;               ///< 1-256: mfa_challenge::ticket
};

/// For client::authenticate_with_webauthn (contract 5.23).
struct FLUXER_AUTH_DECL webauthn_authenticate_request
{
    webauthn_authenticate_request() = default;
    webauthn_authenticate_request(boost::json::value response_, std::string challenge_);

    boost::json::value response; ///< AuthenticationResponseJSON of the authenticator, sent untouched
    std::string challenge;       ///< 1-256
};

} // namespace fluxer::auth

#endif
