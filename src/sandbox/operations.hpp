#ifndef FLUXER_AUTH_SANDBOX_OPERATIONS_HPP
#define FLUXER_AUTH_SANDBOX_OPERATIONS_HPP

#include "sandbox/call.hpp"

/// Handlers of the operations, in the order of contract section 4. What all of them have in common (limits,
/// captcha, login) is done before.
namespace fluxer::auth::sandbox_detail {

reply get_sso_status(call& now);
reply start_sso(call& now);
reply complete_sso(call& now);
reply register_account(call& now);
reply login_user(call& now);
reply login_with_totp(call& now);
reply send_sms_mfa_code(call& now);
reply login_with_sms_mfa(call& now);
reply get_webauthn_mfa_options(call& now);
reply login_with_webauthn_mfa(call& now);
reply logout_user(call& now);
reply verify_email(call& now);
reply resend_verification_email(call& now);
reply forgot_password(call& now);
reply reset_password(call& now);
reply revert_email_change(call& now);
reply list_auth_sessions(call& now);
reply logout_all_sessions(call& now);
reply authorize_ip_address(call& now);
reply resend_ip_authorization(call& now);
reply poll_ip_authorization(call& now);
reply get_webauthn_authentication_options(call& now);
reply authenticate_with_webauthn(call& now);
reply get_username_suggestions(call& now);
reply initiate_handoff(call& now);
reply complete_handoff(call& now);
reply get_handoff_status(call& now);
reply cancel_handoff(call& now);

// Of generation 2026-09 (contract 14).
reply poll_handoff(call& now);
reply validate_reset_token(call& now);
reply get_handoff_info(call& now);
reply deny_handoff(call& now);
reply check_username(call& now);

// Outside of the 28: discovery (contract 1.2) and the helpers of sudo (contract 8.5).
reply get_discovery(call& now);
reply get_health(call& now);
reply get_current_user(call& now);
reply list_sudo_methods(call& now);
reply send_sudo_sms_code(call& now);
reply get_sudo_webauthn_options(call& now);

/// First step of a login from an unknown IP (contract 9.2).
reply start_ip_authorization(call& now, account const& who);

/// Mails a token for `verify_email`.
void send_verification_mail(call& now, account const& who);

/// Whether `code` is a fresh TOTP code or an unused backup code; uses it up.
bool spend_totp_code(account& who, std::string_view code, time_point now);
bool spend_sms_code(account& who, std::string_view code, time_point now);
void send_sms_code(call& now, account& who);

/// Request options with a new challenge; `who` limits them to its passkeys.
reply webauthn_options_reply(call& now, challenge purpose, account const* who);

struct passkey_outcome
{
    account* who = nullptr; // null: see `error`
    reply error;
};

/// Checks an assertion and uses the challenge up.
passkey_outcome check_passkey(
    call& now, boost::json::object const* response, std::string_view challenge_text,
    challenge const& expected);

struct sudo_proof
{
    std::optional<std::string> password;
    std::optional<std::string> method;
    std::optional<std::string> code;
    boost::json::object const* webauthn_response = nullptr;
    std::optional<std::string> webauthn_challenge;
};

sudo_proof read_sudo_proof(form& fields);

/// The gate of contract 8.1; empty if the request may pass.
std::optional<reply> sudo_error(call& now, sudo_proof const& proof);

} // namespace fluxer::auth::sandbox_detail

#endif
