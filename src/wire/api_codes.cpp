#include "wire/api_codes.hpp"

#include <algorithm>
#include <array>

namespace fluxer::auth::wire {

namespace {

using enum auth::api_code;

// clang-format off
constexpr std::array table{
    // 400
    api_code_row{"INVALID_FORM_BODY", invalid_form_body, errc::rejected_input},
    api_code_row{"BAD_REQUEST", bad_request, errc::rejected},
    api_code_row{"GENERAL_ERROR", general_error, std::nullopt},
    api_code_row{"CAPTCHA_REQUIRED", captcha_required, errc::captcha_required},
    api_code_row{"INVALID_CAPTCHA", invalid_captcha, errc::captcha_invalid},
    api_code_row{"INVALID_HANDOFF_CODE", invalid_handoff_code, errc::rejected},
    api_code_row{"HANDOFF_CODE_EXPIRED", handoff_code_expired, errc::rejected},
    api_code_row{"SESSION_TOKEN_MISMATCH", session_token_mismatch, errc::rejected},
    api_code_row{"NO_PASSKEYS_REGISTERED", no_passkeys_registered, errc::rejected},
    api_code_row{"SMS_MFA_NOT_ENABLED", sms_mfa_not_enabled, errc::rejected},
    api_code_row{"SMS_MFA_REQUIRES_TOTP", sms_mfa_requires_totp, errc::rejected},
    api_code_row{"PHONE_REQUIRED_FOR_SMS_MFA", phone_required_for_sms_mfa, errc::rejected},
    api_code_row{"INVALID_PHONE_NUMBER", invalid_phone_number, errc::rejected},
    api_code_row{"SMS_VERIFICATION_UNAVAILABLE", sms_verification_unavailable, errc::rejected},
    api_code_row{"INVALID_WEBAUTHN_CREDENTIAL", invalid_webauthn_credential, errc::rejected},
    api_code_row{"INVALID_WEBAUTHN_CREDENTIAL_COUNTER", invalid_webauthn_credential_counter, errc::rejected},
    api_code_row{"INVALID_WEBAUTHN_PUBLIC_KEY_FORMAT", invalid_webauthn_public_key_format, errc::rejected},
    api_code_row{"WEBAUTHN_CREDENTIAL_LIMIT_REACHED", webauthn_credential_limit_reached, errc::rejected},
    api_code_row{"TWO_FA_NOT_ENABLED", two_fa_not_enabled, errc::rejected},
    api_code_row{"TWO_FACTOR_REQUIRED", two_factor_required, errc::rejected},
    // 401
    api_code_row{"UNAUTHORIZED", unauthorized, errc::unauthorized},
    api_code_row{"INVALID_TOKEN", invalid_token, errc::unauthorized},
    api_code_row{"PASSKEY_AUTHENTICATION_FAILED", passkey_authentication_failed, errc::passkey_failed},
    // 403
    api_code_row{"ACCESS_DENIED", access_denied, errc::forbidden},
    api_code_row{"FORBIDDEN", forbidden, errc::forbidden},
    api_code_row{"IP_BANNED", ip_banned, errc::forbidden},
    api_code_row{"INVALID_API_ORIGIN", invalid_api_origin, errc::forbidden},
    api_code_row{"IP_AUTHORIZATION_REQUIRED", ip_authorization_required, errc::ip_authorization_required},
    api_code_row{"SSO_REQUIRED", sso_required, errc::sso_required},
    api_code_row{"SUDO_MODE_REQUIRED", sudo_mode_required, errc::sudo_required},
    api_code_row{"ACCOUNT_SUSPENDED_PERMANENTLY", account_suspended_permanently, errc::suspended},
    api_code_row{"ACCOUNT_SUSPENDED_TEMPORARILY", account_suspended_temporarily, errc::suspended},
    api_code_row{"ACCOUNT_SUSPICIOUS_ACTIVITY", account_suspicious_activity, errc::forbidden},
    api_code_row{"BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED", bot_user_auth_endpoint_access_denied, errc::forbidden},
    api_code_row{"BOT_USER_AUTH_SESSION_CREATION_DENIED", bot_user_auth_session_creation_denied, errc::forbidden},
    api_code_row{"FEATURE_TEMPORARILY_DISABLED", feature_temporarily_disabled, errc::feature_disabled},
    api_code_row{"EMAIL_VERIFICATION_REQUIRED", email_verification_required, errc::forbidden},
    // 404
    api_code_row{"NOT_FOUND", not_found, errc::not_found},
    api_code_row{"UNKNOWN_USER", unknown_user, errc::not_found},
    api_code_row{"UNKNOWN_WEBAUTHN_CREDENTIAL", unknown_webauthn_credential, errc::not_found},
    // 429
    api_code_row{"RATE_LIMITED", rate_limited, errc::rate_limited},
    api_code_row{"IP_AUTHORIZATION_RESEND_COOLDOWN", ip_authorization_resend_cooldown, errc::resend_cooldown},
    api_code_row{"IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED", ip_authorization_resend_limit_exceeded, errc::resend_limit},
    // 500
    api_code_row{"INTERNAL_SERVER_ERROR", internal_server_error, errc::server_error},
    api_code_row{"INVALID_WEBAUTHN_AUTHENTICATION_COUNTER", invalid_webauthn_authentication_counter, errc::server_error},
    // Declared, but never raised by the 28 operations.
    api_code_row{"ACCOUNT_DISABLED", account_disabled, errc::forbidden},
    api_code_row{"ACCOUNT_SCHEDULED_FOR_DELETION", account_scheduled_for_deletion, errc::forbidden},
    api_code_row{"PASSKEYS_DISABLED", passkeys_disabled, errc::feature_disabled},
    api_code_row{"PHONE_RATE_LIMIT_EXCEEDED", phone_rate_limit_exceeded, errc::rate_limited},
    api_code_row{"INVALID_SUDO_TOKEN", invalid_sudo_token, errc::sudo_required},
    api_code_row{"INVALID_AUTH_TOKEN", invalid_auth_token, errc::unauthorized},
    api_code_row{"MISSING_AUTHORIZATION", missing_authorization, errc::unauthorized},
};
// clang-format on

constexpr auto first_code = static_cast<std::size_t>(api_code::invalid_form_body);

constexpr bool complete()
{
    for (std::size_t index = 0; index < table.size(); ++index)
        if (static_cast<std::size_t>(table[index].code) != first_code + index)
            return false;
    return first_code + table.size() == static_cast<std::size_t>(missing_authorization) + 1;
}

static_assert(complete(), "each api_code has its row, in the order of the enumeration");

} // namespace

std::span<api_code_row const> api_codes() noexcept
{
    return table;
}

api_code_row const* find_api_code(std::string_view text) noexcept
{
    auto const found = std::find_if(
        table.begin(), table.end(), [text](api_code_row const& row) { return row.text == text; });
    return found == table.end() ? nullptr : &*found;
}

errc group_of_status(int status) noexcept
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
        break;
    }
    if (status >= 400 && status < 500)
        return errc::rejected;
    return status >= 500 && status < 600 ? errc::server_error : errc::unexpected_answer;
}

} // namespace fluxer::auth::wire
