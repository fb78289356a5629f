#ifndef FLUXER_AUTH_LOGIN_HPP
#define FLUXER_AUTH_LOGIN_HPP

#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/snowflake.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fluxer::auth {

// Request types have a user-declared constructor on purpose: g++ 12 destroys aggregate temporaries twice when
// they are made inside a co_await expression.

/// For client::login_user (contract 5.5).
struct FLUXER_AUTH_DECL login_request
{
    login_request() = default;
    login_request(std::string email_, secret password_);

    std::string email;                      ///< 1-254 UTF-16 units, ASCII local part
    secret password;                        ///< 8-256
    std::optional<std::string> invite_code; ///< 0-256; used only if this very call logs in

    login_request&& with_invite_code(std::string value) &&;
};

/// For client::register_account (contract 5.4). Without e-mail and password an unclaimed account is made.
struct FLUXER_AUTH_DECL register_request
{
    register_request() = default;
    register_request(std::string date_of_birth_, bool consent_);

    std::string date_of_birth;              ///< `YYYY-MM-DD`
    bool consent = false;                   ///< to the terms of service; has to be true
    std::optional<std::string> email;       ///< 1-254, ASCII local part
    std::optional<secret> password;         ///< 8-256
    std::optional<std::string> username;    ///< 1-32 of `[A-Za-z0-9_]`
    std::optional<std::string> global_name; ///< 1-32
    std::optional<std::string> invite_code; ///< 0-256

    register_request&& with_email(std::string value) &&;
    register_request&& with_password(secret value) &&;
    register_request&& with_username(std::string value) &&;
    register_request&& with_global_name(std::string value) &&;
    register_request&& with_invite_code(std::string value) &&;
};

/// A login that succeeded (contract 5, TokenResult).
struct FLUXER_AUTH_DECL session
{
    session() = default;
    session(secret token_, snowflake user_id_);

    secret token;
    snowflake user_id;
};

/// The password was right and a second factor is wanted (contract 5, MfaChallenge).
struct FLUXER_AUTH_DECL mfa_challenge
{
    mfa_challenge() = default;

    secret ticket;                            ///< for the five MFA operations; lives 5 minutes
    std::vector<std::string> allowed_methods; ///< any of "totp", "sms", "webauthn"; others may come
    std::optional<std::string> sms_phone_hint;
    bool sms = false;
    bool totp = false;
    bool webauthn = false;
    bool backup_codes = false; ///< newer servers only (contract 14)
};

/// An answer that is neither: newer servers report bans and pending approvals so (contract 14).
struct FLUXER_AUTH_DECL other_answer
{
    other_answer() = default;
    explicit other_answer(boost::json::value body_);

    boost::json::value body; ///< untouched; may hold secrets, and is not cleansed
};

/// How a login went. Check for mfa_challenge before taking it for a session.
using login_result = std::variant<session, mfa_challenge, other_answer>;

/// For client::get_username_suggestions (contract 5.24).
struct FLUXER_AUTH_DECL username_suggestions_request
{
    username_suggestions_request() = default;
    username_suggestions_request(std::string global_name_);
    username_suggestions_request(char const* global_name_);

    std::string global_name; ///< 1-32
};

struct FLUXER_AUTH_DECL username_suggestions
{
    username_suggestions() = default;

    std::vector<std::string> suggestions; ///< none or one in fact
};

} // namespace fluxer::auth

#endif
