#ifndef FLUXER_AUTH_SIGN_IN_STEP_HPP
#define FLUXER_AUTH_SIGN_IN_STEP_HPP

#include <fluxer/auth/config.hpp>

#include <cstdint>
#include <string_view>

namespace fluxer::auth {

/// Where a sign-in is; see docs/flows.md for what leads from one to another.
enum class sign_in_step : std::uint8_t {
    log_in,             ///< login_user
    ask_captcha,        ///< sign_in_handlers::captcha, or an ALTCHA challenge is solved
    ask_mfa,            ///< sign_in_handlers::mfa
    check_totp,         ///< login_with_totp
    send_sms,           ///< send_sms_mfa_code
    check_sms,          ///< login_with_sms_mfa
    get_mfa_challenge,  ///< get_webauthn_mfa_options
    sign_mfa_challenge, ///< sign_in_handlers::passkey
    check_mfa_passkey,  ///< login_with_webauthn_mfa
    wait_for_ip,        ///< sign_in_handlers::ip_authorization beside wait_for_ip_authorization
    get_challenge,      ///< get_webauthn_authentication_options
    sign_challenge,     ///< sign_in_handlers::passkey
    check_passkey,      ///< authenticate_with_webauthn
    complete_sso,       ///< complete_sso
    ask_about_other,    ///< sign_in_handlers::other
    signed_in,          ///< end: there is a session
    refused,            ///< end: wrong e-mail address or password, or an SSO state that is over
    declined,           ///< end: a handler gave up
    exhausted,          ///< end: as many wrong codes, captchas or passkeys as the options allow
    unhandled,          ///< end: what the server asks for has no handler
    ticket_expired,     ///< end: the MFA challenge ran out, or nobody opened the link in the mail in time
    suspended,          ///< end: the account is suspended
    sso_required, ///< end: this server only accepts SSO; of an SSO login: no account there, and none is made
    banned,       ///< end: the address or the account is banned
    rate_limited, ///< end: see sign_in_outcome::error for when to try again
    other,        ///< end: an answer that this library does not know; see sign_in_outcome::other
    failed,       ///< end: see sign_in_outcome::error
    timed_out,    ///< end: sign_in_options::deadline
    cancelled,    ///< end: by the caller
};

FLUXER_AUTH_DECL std::string_view to_string(sign_in_step value) noexcept;

/// Whether nothing follows it.
FLUXER_AUTH_DECL bool is_end(sign_in_step value) noexcept;

} // namespace fluxer::auth

#endif
