#ifndef FLUXER_AUTH_ACCOUNT_HPP
#define FLUXER_AUTH_ACCOUNT_HPP

#include <fluxer/auth/secret.hpp>

#include <string>

namespace fluxer::auth {

/// For client::verify_email (contract 5.12).
struct FLUXER_AUTH_DECL verify_email_request
{
    verify_email_request() = default;
    verify_email_request(secret token_);

    secret token; ///< exactly 64, from the mail's link
};

/// For client::forgot_password (contract 5.14).
struct FLUXER_AUTH_DECL forgot_password_request
{
    forgot_password_request() = default;
    forgot_password_request(std::string email_);
    forgot_password_request(char const* email_);

    std::string email; ///< 1-254, ASCII local part
};

/// For client::reset_password (contract 5.15).
struct FLUXER_AUTH_DECL reset_password_request
{
    reset_password_request() = default;
    reset_password_request(secret token_, secret password_);

    secret token;    ///< exactly 64, from the mail's link
    secret password; ///< 8-256: the new one
};

/// For client::validate_reset_token.
struct FLUXER_AUTH_DECL validate_reset_token_request
{
    validate_reset_token_request() = default;
    validate_reset_token_request(secret token_);

    secret token; ///< exactly 64, from the mail's link
};

/// What client::validate_reset_token returns.
struct FLUXER_AUTH_DECL reset_token_validity
{
    reset_token_validity() = default;

    bool valid = true; ///< false: unknown, expired or used
};

/// For client::check_username.
struct FLUXER_AUTH_DECL check_username_request
{
    check_username_request() = default;
    check_username_request(std::string username_);
    check_username_request(char const* username_);

    std::string username; ///< 1-32 of `[A-Za-z0-9_]`
};

/// What client::check_username returns.
struct FLUXER_AUTH_DECL username_availability
{
    username_availability() = default;

    bool available = false;
};

/// For client::revert_email_change (contract 5.16).
struct FLUXER_AUTH_DECL email_revert_request
{
    email_revert_request() = default;
    email_revert_request(secret token_, secret password_);

    secret token;    ///< exactly 64, from the mail's link
    secret password; ///< 8-256: a new one, not the current one
};

/// For client::authorize_ip_address (contract 5.19).
struct FLUXER_AUTH_DECL authorize_ip_request
{
    authorize_ip_request() = default;
    authorize_ip_request(secret token_);

    secret token; ///< 1-256, from the mail's link
};

} // namespace fluxer::auth

#endif
