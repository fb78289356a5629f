#include "code_table.hpp"

#include <algorithm>
#include <array>

namespace fluxer::auth::conformance {

namespace {

// Written from contract 6.5 and the comments on errc, on purpose not from the library's own table.
// clang-format off
constexpr std::array expected_codes{
    expected_code{"INVALID_FORM_BODY", api_code::invalid_form_body, errc::rejected_input},
    expected_code{"BAD_REQUEST", api_code::bad_request, errc::rejected},
    expected_code{"CAPTCHA_REQUIRED", api_code::captcha_required, errc::captcha_required},
    expected_code{"INVALID_CAPTCHA", api_code::invalid_captcha, errc::captcha_invalid},
    expected_code{"INVALID_HANDOFF_CODE", api_code::invalid_handoff_code, errc::rejected},
    expected_code{"HANDOFF_CODE_EXPIRED", api_code::handoff_code_expired, errc::rejected},
    expected_code{"SESSION_TOKEN_MISMATCH", api_code::session_token_mismatch, errc::rejected},
    expected_code{"NO_PASSKEYS_REGISTERED", api_code::no_passkeys_registered, errc::rejected},
    expected_code{"SMS_MFA_NOT_ENABLED", api_code::sms_mfa_not_enabled, errc::rejected},
    expected_code{"SMS_MFA_REQUIRES_TOTP", api_code::sms_mfa_requires_totp, errc::rejected},
    expected_code{"PHONE_REQUIRED_FOR_SMS_MFA", api_code::phone_required_for_sms_mfa, errc::rejected},
    expected_code{"INVALID_PHONE_NUMBER", api_code::invalid_phone_number, errc::rejected},
    expected_code{"SMS_VERIFICATION_UNAVAILABLE", api_code::sms_verification_unavailable, errc::rejected},
    expected_code{"INVALID_WEBAUTHN_CREDENTIAL", api_code::invalid_webauthn_credential, errc::rejected},
    expected_code{"INVALID_WEBAUTHN_CREDENTIAL_COUNTER", api_code::invalid_webauthn_credential_counter, errc::rejected},
    expected_code{"INVALID_WEBAUTHN_PUBLIC_KEY_FORMAT", api_code::invalid_webauthn_public_key_format, errc::rejected},
    expected_code{"WEBAUTHN_CREDENTIAL_LIMIT_REACHED", api_code::webauthn_credential_limit_reached, errc::rejected},
    expected_code{"TWO_FA_NOT_ENABLED", api_code::two_fa_not_enabled, errc::rejected},
    expected_code{"TWO_FACTOR_REQUIRED", api_code::two_factor_required, errc::rejected},
    expected_code{"UNAUTHORIZED", api_code::unauthorized, errc::unauthorized},
    expected_code{"INVALID_TOKEN", api_code::invalid_token, errc::unauthorized},
    expected_code{"PASSKEY_AUTHENTICATION_FAILED", api_code::passkey_authentication_failed, errc::passkey_failed},
    expected_code{"ACCESS_DENIED", api_code::access_denied, errc::forbidden},
    expected_code{"FORBIDDEN", api_code::forbidden, errc::forbidden},
    expected_code{"IP_BANNED", api_code::ip_banned, errc::forbidden},
    expected_code{"INVALID_API_ORIGIN", api_code::invalid_api_origin, errc::forbidden},
    expected_code{"IP_AUTHORIZATION_REQUIRED", api_code::ip_authorization_required, errc::ip_authorization_required},
    expected_code{"SSO_REQUIRED", api_code::sso_required, errc::sso_required},
    expected_code{"SUDO_MODE_REQUIRED", api_code::sudo_mode_required, errc::sudo_required},
    expected_code{"ACCOUNT_SUSPENDED_PERMANENTLY", api_code::account_suspended_permanently, errc::suspended},
    expected_code{"ACCOUNT_SUSPENDED_TEMPORARILY", api_code::account_suspended_temporarily, errc::suspended},
    expected_code{"ACCOUNT_SUSPICIOUS_ACTIVITY", api_code::account_suspicious_activity, errc::forbidden},
    expected_code{"BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED", api_code::bot_user_auth_endpoint_access_denied, errc::forbidden},
    expected_code{"BOT_USER_AUTH_SESSION_CREATION_DENIED", api_code::bot_user_auth_session_creation_denied, errc::forbidden},
    expected_code{"FEATURE_TEMPORARILY_DISABLED", api_code::feature_temporarily_disabled, errc::feature_disabled},
    expected_code{"EMAIL_VERIFICATION_REQUIRED", api_code::email_verification_required, errc::forbidden},
    expected_code{"NOT_FOUND", api_code::not_found, errc::not_found},
    expected_code{"UNKNOWN_USER", api_code::unknown_user, errc::not_found},
    expected_code{"UNKNOWN_WEBAUTHN_CREDENTIAL", api_code::unknown_webauthn_credential, errc::not_found},
    expected_code{"RATE_LIMITED", api_code::rate_limited, errc::rate_limited},
    expected_code{"IP_AUTHORIZATION_RESEND_COOLDOWN", api_code::ip_authorization_resend_cooldown, errc::resend_cooldown},
    expected_code{"IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED", api_code::ip_authorization_resend_limit_exceeded, errc::resend_limit},
    expected_code{"INTERNAL_SERVER_ERROR", api_code::internal_server_error, errc::server_error},
    expected_code{"INVALID_WEBAUTHN_AUTHENTICATION_COUNTER", api_code::invalid_webauthn_authentication_counter, errc::server_error},
    // Declared, but never raised by the 28 operations: the contract gives them no status.
    expected_code{"ACCOUNT_DISABLED", api_code::account_disabled, errc::forbidden},
    expected_code{"ACCOUNT_SCHEDULED_FOR_DELETION", api_code::account_scheduled_for_deletion, errc::forbidden},
    expected_code{"PASSKEYS_DISABLED", api_code::passkeys_disabled, errc::feature_disabled},
    expected_code{"PHONE_RATE_LIMIT_EXCEEDED", api_code::phone_rate_limit_exceeded, errc::rate_limited},
    expected_code{"INVALID_SUDO_TOKEN", api_code::invalid_sudo_token, errc::sudo_required},
    expected_code{"INVALID_AUTH_TOKEN", api_code::invalid_auth_token, errc::unauthorized},
    expected_code{"MISSING_AUTHORIZATION", api_code::missing_authorization, errc::unauthorized},
};

// clang-format on

errc group_of(int status) noexcept
{
    switch (status) {
    case 401:
        return errc::unauthorized;
    case 403:
        return errc::forbidden;
    case 404:
        return errc::not_found;
    case 429:
        return errc::rate_limited;
    case 503:
        return errc::overloaded;
    default:
        return status < 500 ? errc::rejected : errc::server_error;
    }
}

// Contract 6.3: a proxy's page, or the answer of the server's own HTTP layer.
errc group_of_foreign(int status) noexcept
{
    auto const group = group_of(status);
    bool const plain = status == 404 || status == 429 || status == 503;
    return plain ? group : errc::proxy_error;
}

} // namespace

expected_code expected_of(int status, std::string_view text, bool is_json) noexcept
{
    if (text.empty())
        return {text, api_code::none, is_json ? group_of(status) : group_of_foreign(status)};
    auto const found =
        std::find_if(expected_codes.begin(), expected_codes.end(), [text](expected_code const& row) {
            return row.text == text;
        });
    if (found != expected_codes.end())
        return *found;
    auto const code = text == "GENERAL_ERROR" ? api_code::general_error : api_code::unknown;
    return {text, code, group_of(status)};
}

} // namespace fluxer::auth::conformance
