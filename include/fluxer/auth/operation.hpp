#ifndef FLUXER_AUTH_OPERATION_HPP
#define FLUXER_AUTH_OPERATION_HPP

#include <fluxer/auth/config.hpp>

#include <cstdint>
#include <string_view>

namespace fluxer::auth {

/// The 28 operations in the order of contract section 4, then those that only servers of API generation 2026-09 have
/// (contract 14), and `raw` for client::send and for work that belongs to no operation (warm_up).
enum class operation : std::uint8_t {
    get_sso_status,
    start_sso,
    complete_sso,
    register_account,
    login_user,
    login_with_totp,
    send_sms_mfa_code,
    login_with_sms_mfa,
    get_webauthn_mfa_options,
    login_with_webauthn_mfa,
    logout_user,
    verify_email,
    resend_verification_email,
    forgot_password,
    reset_password,
    revert_email_change,
    list_auth_sessions,
    logout_all_sessions,
    authorize_ip_address,
    resend_ip_authorization,
    poll_ip_authorization,
    get_webauthn_authentication_options,
    authenticate_with_webauthn,
    get_username_suggestions,
    initiate_handoff,
    complete_handoff,
    get_handoff_status,
    cancel_handoff,
    // Generation 2026-09.
    validate_reset_token,
    get_handoff_info,
    deny_handoff,
    check_username,
    raw,
};

/// The operation's id as in AuthApi.md, e.g. "login_user".
FLUXER_AUTH_DECL std::string_view to_string(operation value) noexcept;

} // namespace fluxer::auth

#endif
