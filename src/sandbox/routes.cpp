#include "sandbox/routes.hpp"

#include "sandbox/operations.hpp"
#include "sandbox/text.hpp"

#include <array>

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr needs none = needs::nothing;
constexpr needs captcha = needs::captcha | needs::no_sso;
constexpr needs no_sso = needs::no_sso;
constexpr needs session = needs::session;
constexpr needs trusted = needs::session | needs::trusted;

// clang-format off
constexpr std::array table = {
    operation{"get_sso_status", "GET", "/auth/sso/status", get_sso_status, none, "auth:sso:start", {10, 10s}},
    operation{"start_sso", "POST", "/auth/sso/start", start_sso, none, "auth:sso:start", {10, 10s}},
    operation{"complete_sso", "POST", "/auth/sso/complete", complete_sso, none, "auth:sso:complete", {15, 10s}},
    operation{"register_account", "POST", "/auth/register", register_account, captcha, "auth:register", {10, 10s}},
    operation{"login_user", "POST", "/auth/login", login_user, captcha, "auth:login", {10, 10s}},
    operation{"login_with_totp", "POST", "/auth/login/mfa/totp", login_with_totp, no_sso, "auth:login:mfa", {5, 60s}},
    operation{"send_sms_mfa_code", "POST", "/auth/login/mfa/sms/send", send_sms_mfa_code, no_sso, "auth:login:mfa", {5, 60s}, offered::until_2026_09},
    operation{"login_with_sms_mfa", "POST", "/auth/login/mfa/sms", login_with_sms_mfa, no_sso, "auth:login:mfa", {5, 60s}, offered::until_2026_09},
    operation{"get_webauthn_mfa_options", "POST", "/auth/login/mfa/webauthn/authentication-options", get_webauthn_mfa_options, no_sso, "auth:login:mfa", {5, 60s}},
    operation{"login_with_webauthn_mfa", "POST", "/auth/login/mfa/webauthn", login_with_webauthn_mfa, no_sso, "auth:login:mfa", {5, 60s}},
    operation{"logout_user", "POST", "/auth/logout", logout_user, none, "auth:logout", {20, 10s}},
    operation{"verify_email", "POST", "/auth/verify", verify_email, no_sso, "auth:verify", {10, 60s}},
    operation{"resend_verification_email", "POST", "/auth/verify/resend", resend_verification_email, session | no_sso, "auth:verify:resend", {10, 60s}},
    operation{"forgot_password", "POST", "/auth/forgot", forgot_password, captcha, "auth:forgot", {5, 60s}},
    operation{"reset_password", "POST", "/auth/reset", reset_password, no_sso, "auth:reset", {10, 60s}},
    operation{"revert_email_change", "POST", "/auth/email-revert", revert_email_change, no_sso, "auth:email_revert", {10, 60s}},
    operation{"list_auth_sessions", "GET", "/auth/sessions", list_auth_sessions, session, "auth:sessions", {40, 10s}},
    operation{"logout_all_sessions", "POST", "/auth/sessions/logout", logout_all_sessions, trusted, "auth:sessions:logout", {20, 10s}},
    operation{"authorize_ip_address", "POST", "/auth/authorize-ip", authorize_ip_address, none, "auth:authorize_ip", {5, 60s}},
    operation{"resend_ip_authorization", "POST", "/auth/ip-authorization/resend", resend_ip_authorization, none, "auth:ip_authorization_resend", {5, 60s}},
    operation{"poll_ip_authorization", "GET", "/auth/ip-authorization/poll", poll_ip_authorization, none, "auth:ip_authorization_poll", {60, 60s}},
    operation{"get_webauthn_authentication_options", "POST", "/auth/webauthn/authentication-options", get_webauthn_authentication_options, no_sso, "auth:webauthn:options", {20, 10s}},
    operation{"authenticate_with_webauthn", "POST", "/auth/webauthn/authenticate", authenticate_with_webauthn, no_sso, "auth:webauthn:authenticate", {10, 10s}},
    operation{"get_username_suggestions", "POST", "/auth/username-suggestions", get_username_suggestions, no_sso, "auth:register", {10, 10s}},
    operation{"initiate_handoff", "POST", "/auth/handoff/initiate", initiate_handoff, none, "auth:handoff:initiate", {10, 60s}},
    operation{"complete_handoff", "POST", "/auth/handoff/complete", complete_handoff, none, "auth:handoff:complete", {10, 60s}},
    operation{"get_handoff_status", "GET", "/auth/handoff/{code}/status", get_handoff_status, none, "auth:handoff:status", {60, 60s}},
    operation{"cancel_handoff", "DELETE", "/auth/handoff/{code}", cancel_handoff, none, "auth:handoff:cancel", {10, 60s}},

    operation{"poll_handoff", "POST", "/auth/handoff/{code}/status", poll_handoff, none, "auth:handoff:status", {60, 60s}, offered::since_2026_09},
    operation{"validate_reset_token", "POST", "/auth/reset/validate", validate_reset_token, no_sso, "auth:reset:validate", {10, 60s}, offered::since_2026_09},
    operation{"get_handoff_info", "GET", "/auth/handoff/{code}/info", get_handoff_info, none, "auth:handoff:info", {10, 60s}, offered::since_2026_09},
    operation{"deny_handoff", "POST", "/auth/handoff/{code}/deny", deny_handoff, none, "auth:handoff:deny", {10, 60s}, offered::since_2026_09},
    operation{"check_username", "POST", "/auth/username/availability", check_username, no_sso, "auth:username:availability", {20, 10s}, offered::since_2026_09},

    operation{"discovery", "GET", "/.well-known/fluxer", get_discovery, none, "instance:info", {60, 60s}},
    operation{"health", "GET", "/_health", get_health, none, "health", {1000, 1s}},
    operation{"get_current_user", "GET", "/users/@me", get_current_user, trusted, "user:settings:get", {40, 10s}},
    operation{"get_sudo_methods", "GET", "/users/@me/sudo/mfa-methods", list_sudo_methods, trusted, "sudo:mfa:methods", {20, 60s}},
    operation{"send_sudo_sms_code", "POST", "/users/@me/sudo/mfa/sms/send", send_sudo_sms_code, trusted, "sudo:sms:send", {5, 60s}},
    operation{"get_sudo_webauthn_options", "POST", "/users/@me/sudo/webauthn/authentication-options", get_sudo_webauthn_options, trusted, "sudo:webauthn:options", {10, 60s}},
};

// clang-format on

static_assert(table.size() == known_operations);

std::optional<std::string_view> match(std::string_view pattern, std::string_view path)
{
    auto const open = pattern.find('{');
    if (open == std::string_view::npos)
        return pattern == path ? std::optional<std::string_view>{std::string_view{}} : std::nullopt;
    auto const tail = pattern.substr(pattern.find('}') + 1);
    auto const head = pattern.substr(0, open);
    if (path.size() <= head.size() + tail.size() || !path.starts_with(head) || !path.ends_with(tail))
        return std::nullopt;
    auto const argument = path.substr(head.size(), path.size() - head.size() - tail.size());
    return argument.find('/') == std::string_view::npos ? std::optional{argument} : std::nullopt;
}

} // namespace

std::span<operation const> operations()
{
    return table;
}

bool is_offered(operation const& target, sandbox_generation generation)
{
    auto const newer = generation == sandbox_generation::g2026_09;
    return target.when == offered::always || (target.when == offered::since_2026_09) == newer;
}

std::optional<route> find_route(std::string_view method, std::string_view path)
{
    if (path.starts_with("/v1/"))
        path.remove_prefix(3);
    if (method == "HEAD")
        method = "GET";
    for (auto const& candidate : table) {
        if (candidate.method != method)
            continue;
        auto const argument = match(candidate.path, path);
        if (argument)
            return route{&candidate, percent_decode(*argument).value_or(std::string(*argument))};
    }
    return std::nullopt;
}

} // namespace fluxer::auth::sandbox_detail
