#include <fluxer/auth/operation.hpp>

#include <array>
#include <cstddef>

namespace fluxer::auth {

namespace {

constexpr std::array<std::string_view, 33> operation_names{
    "get_sso_status",
    "start_sso",
    "complete_sso",
    "register_account",
    "login_user",
    "login_with_totp",
    "send_sms_mfa_code",
    "login_with_sms_mfa",
    "get_webauthn_mfa_options",
    "login_with_webauthn_mfa",
    "logout_user",
    "verify_email",
    "resend_verification_email",
    "forgot_password",
    "reset_password",
    "revert_email_change",
    "list_auth_sessions",
    "logout_all_sessions",
    "authorize_ip_address",
    "resend_ip_authorization",
    "poll_ip_authorization",
    "get_webauthn_authentication_options",
    "authenticate_with_webauthn",
    "get_username_suggestions",
    "initiate_handoff",
    "complete_handoff",
    "get_handoff_status",
    "cancel_handoff",
    "validate_reset_token",
    "get_handoff_info",
    "deny_handoff",
    "check_username",
    "raw",
};

static_assert(operation_names.size() == static_cast<std::size_t>(operation::raw) + 1);

} // namespace

std::string_view to_string(operation value) noexcept
{
    auto const index = static_cast<std::size_t>(value);
    return index < operation_names.size() ? operation_names[index] : "unknown";
}

} // namespace fluxer::auth
