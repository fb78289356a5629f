#ifndef FLUXER_AUTH_SSO_HPP
#define FLUXER_AUTH_SSO_HPP

#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/snowflake.hpp>

#include <optional>
#include <string>

namespace fluxer::auth {

/// Whether single sign-on is on (contract 5.1).
struct FLUXER_AUTH_DECL sso_status
{
    sso_status() = default;

    bool enabled = false;
    bool enforced = false; ///< true: other logins are refused with errc::sso_required
    std::optional<std::string> display_name;
    std::string redirect_uri;
};

/// For client::start_sso (contract 5.2).
struct FLUXER_AUTH_DECL sso_start_request
{
    sso_start_request() = default;

    std::optional<std::string> redirect_to; ///< 1-2048: a path in the web app that begins with one '/'

    sso_start_request&& with_redirect_to(std::string value) &&;
};

struct FLUXER_AUTH_DECL sso_start
{
    sso_start() = default;

    /// Open it in the user's browser. It is what the server says: a program that hands URLs to the system makes sure that it
    /// begins with https://, since others open other programs.
    std::string authorization_url;
    secret state; ///< goes into sso_complete_request; lives 10 minutes
    std::string redirect_uri;
};

/// For client::complete_sso (contract 5.3).
struct FLUXER_AUTH_DECL sso_complete_request
{
    sso_complete_request() = default;
    sso_complete_request(secret code_, secret state_);

    secret code;  ///< 1-256
    secret state; ///< 1-256
};

struct FLUXER_AUTH_DECL sso_completion
{
    sso_completion() = default;

    secret token;
    snowflake user_id;
    std::string redirect_to; ///< the path given to start_sso, or empty
};

} // namespace fluxer::auth

#endif
