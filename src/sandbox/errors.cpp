#include "sandbox/errors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace fluxer::auth::sandbox_detail {

namespace {

struct text
{
    std::string_view code;
    std::string_view english;
};

constexpr std::array error_texts = {
    text{"ACCESS_DENIED", "You don't have access to this resource or feature."},
    text{"ACCOUNT_SUSPENDED_PERMANENTLY", "This account has been permanently suspended."},
    text{"ACCOUNT_SUSPENDED_TEMPORARILY", "This account has been temporarily suspended."},
    text{"ACCOUNT_SUSPICIOUS_ACTIVITY", "Your account is locked due to suspicious activity."},
    text{"BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED", "Bot users can't use auth endpoints."},
    text{"CAPTCHA_REQUIRED", "Captcha is required."},
    text{"EMAIL_LENGTH_INVALID", "Email length must be between 1 and 254 characters."},
    text{"FEATURE_TEMPORARILY_DISABLED", "This feature is temporarily disabled."},
    text{"FORBIDDEN", "Forbidden."},
    text{"GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS", "Global name can't contain reserved terms."},
    text{"GLOBAL_NAME_LENGTH_INVALID", "Global name must be between 1 and 32 characters."},
    text{"GLOBAL_NAME_RESERVED_VALUE", "Global name can't be \"everyone\" or \"here\"."},
    text{"HANDOFF_CODE_EXPIRED", "Handoff code expired."},
    text{"INTERNAL_SERVER_ERROR", "Internal server error."},
    text{"INVALID_API_ORIGIN", "Invalid API origin."},
    text{"INVALID_CAPTCHA", "Invalid captcha."},
    text{"INVALID_CODE", "Invalid code"},
    text{"INVALID_EMAIL_ADDRESS", "Invalid email address format."},
    text{"INVALID_EMAIL_FORMAT", "Invalid email address format."},
    text{"INVALID_EMAIL_LOCAL_PART", "Invalid email address format."},
    text{"INVALID_EMAIL_OR_PASSWORD", "Invalid email or password."},
    text{"INVALID_FORMAT", "The provided value is in an invalid format."},
    text{"INVALID_FORM_BODY", "Invalid form body."},
    text{"INVALID_HANDOFF_CODE", "Invalid handoff code."},
    text{"INVALID_MFA_CODE", "Invalid MFA code."},
    text{"INVALID_OR_EXPIRED_AUTHORIZATION_TICKET", "Invalid or expired authorization ticket."},
    text{"INVALID_OR_EXPIRED_RESET_TOKEN", "Invalid or expired password reset token."},
    text{"INVALID_OR_EXPIRED_REVERT_TOKEN", "Invalid or expired revert token."},
    text{"INVALID_OR_EXPIRED_VERIFICATION_TOKEN", "Invalid or expired verification token."},
    text{"INVALID_PASSWORD", "Invalid email or password."},
    text{"INVALID_TOKEN", "Invalid or expired authorization token."},
    text{"INVALID_WEBAUTHN_AUTHENTICATION_COUNTER", "Invalid WebAuthn authentication counter."},
    text{"IP_AUTHORIZATION_REQUIRED", "IP authorization is required."},
    text{"IP_AUTHORIZATION_RESEND_COOLDOWN", "IP authorization resend is on cooldown."},
    text{"IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED", "IP authorization resend limit exceeded."},
    text{"IP_BANNED", "This user's IP is banned from this guild."},
    text{"NOT_FOUND", "Not found."},
    text{"NO_PASSKEYS_REGISTERED", "No passkeys are registered."},
    text{"PASSKEY_AUTHENTICATION_FAILED", "Passkey authentication failed."},
    text{"PASSWORD_IS_TOO_COMMON", "Your password is too common. Please choose a more unique password."},
    text{"PASSWORD_LENGTH_INVALID", "String length must be between 8 and 256 characters."},
    text{"PASSWORD_NOT_SET", "Password isn't set."},
    text{"PHONE_REQUIRED_FOR_SMS_MFA", "A phone number is required for SMS MFA."},
    text{"RATE_LIMITED", "You're being rate limited."},
    text{"SESSION_TOKEN_MISMATCH", "Session token mismatch."},
    text{"SESSION_TIMEOUT", "Session timeout. Please refresh the page and log in again."},
    text{"SMS_MFA_NOT_ENABLED", "SMS MFA isn't enabled."},
    text{"SMS_VERIFICATION_UNAVAILABLE", "SMS verification is unavailable."},
    text{"SSO_REQUIRED", "Invalid request."},
    text{"SUDO_MODE_REQUIRED", "Sudo mode is required."},
    text{"TOTP_NOT_ENABLED", "TOTP is not enabled"},
    text{"UNAUTHORIZED", "Unauthorized."},
    text{"UNKNOWN_USER", "Unknown user."},
    text{"USERNAME_CANNOT_CONTAIN_RESERVED_TERMS", "Username can't contain reserved terms."},
    text{
        "USERNAME_INVALID_CHARACTERS",
        "Username can only contain Latin letters (a-z, A-Z), numbers (0-9), and underscores (_)."},
    text{"USERNAME_LENGTH_INVALID", "Username must be between 1 and 32 characters."},
    text{"USERNAME_RESERVED_VALUE", "Username can't be \"everyone\" or \"here\"."},
};

struct translation
{
    language in;
    text what;
};

constexpr std::array translations = {
    translation{language::german, {"CAPTCHA_REQUIRED", "Captcha ist erforderlich."}},
    translation{language::japanese, {"INVALID_FORM_BODY", "フォーム本文が無効です。"}},
    translation{
        language::japanese, {"INVALID_EMAIL_OR_PASSWORD", "メールアドレスかパスワードが間違ってるよ。"}},
};

} // namespace

language language_of(std::string_view accept_language)
{
    auto const tag = accept_language.substr(0, 2);
    return tag == "de" ? language::german : tag == "ja" ? language::japanese : language::english;
}

std::string_view message_of(std::string_view code, language in)
{
    for (auto const& entry : translations)
        if (entry.in == in && entry.what.code == code)
            return entry.what.english;
    for (auto const& entry : error_texts)
        if (entry.code == code)
            return entry.english;
    return code;
}

reply json_reply(boost::json::object const& body, int status)
{
    reply answer;
    answer.status = status;
    answer.body = boost::json::serialize(body);
    return answer;
}

reply no_content()
{
    reply answer;
    answer.status = 204;
    answer.content_type = "text/plain; charset=UTF-8";
    return answer;
}

reply api_error(int status, std::string_view code, boost::json::object extra, language in)
{
    boost::json::object body;
    body["code"] = code;
    body["message"] = message_of(code, in);
    for (auto& [key, value] : extra)
        body.emplace(key, std::move(value));
    return json_reply(body, status);
}

reply form_error(std::vector<field_error> const& errors, language in)
{
    boost::json::array entries;
    for (auto const& error : errors) {
        boost::json::object entry;
        entry["path"] = error.path;
        entry["message"] =
            error.message.empty() ? message_of(error.code, in) : std::string_view(error.message);
        if (!error.code.empty())
            entry["code"] = error.code;
        entries.push_back(std::move(entry));
    }
    boost::json::object extra;
    extra["errors"] = std::move(entries);
    return api_error(400, "INVALID_FORM_BODY", std::move(extra), in);
}

reply uncoded_form_error(std::string_view path, std::string_view message)
{
    return form_error({field_error{std::string(path), {}, std::string(message)}});
}

reply coded_form_error(std::string_view path, std::string_view code)
{
    return form_error({field_error{std::string(path), std::string(code), {}}});
}

} // namespace fluxer::auth::sandbox_detail
