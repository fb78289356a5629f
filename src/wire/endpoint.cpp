#include "wire/endpoint.hpp"

#include "core/discovery.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fluxer::auth::wire {

namespace {

using namespace std::chrono_literals;
using enum auth::operation;
using enum credential;

constexpr std::size_t operation_count = static_cast<std::size_t>(raw);
constexpr std::size_t baseline_count = 28;

enum flag : unsigned {
    wants_captcha = 1,
    not_under_sso = 2,
    wants_sudo = 4,
    repeatable = 8,
    newer = 16,
    may_be_gone = 32,
};

constexpr endpoint row(
    auth::operation operation, std::string_view name, std::string_view method, std::string_view path,
    wire::credential credential, unsigned flags, rate_bucket bucket, int expected_status,
    inner_limits inner = {})
{
    return {
        .operation = operation,
        .name = name,
        .method = method,
        .path = path,
        .credential = credential,
        .captcha = (flags & wants_captcha) != 0,
        .refused_under_sso = (flags & not_under_sso) != 0,
        .sudo = (flags & wants_sudo) != 0,
        .repeatable = (flags & repeatable) != 0,
        .bucket = bucket,
        .expected_status = expected_status,
        .inner = inner,
        .newer = (flags & newer) != 0,
        .may_be_gone = (flags & may_be_gone) != 0,
    };
}

constexpr rate_bucket sso_start_bucket{"auth:sso:start", 10, 10s};
constexpr rate_bucket register_bucket{"auth:register", 10, 10s};
constexpr rate_bucket mfa_bucket{"auth:login:mfa", 5, 60s};

using per = inner_limit::per;
constexpr inner_limits registrations{
    {{"register:email", per::email, 3, 15min}, {"register:address", per::address, 5, 30min}}};
constexpr inner_limits logins{
    {{"login:email", per::email, 5, 15min}, {"login:address", per::address, 10, 30min}}};
constexpr inner_limits resends{{{"verify:account", per::account, 3, 15min}}};
constexpr inner_limits forgotten{
    {{"forgot:email", per::email, 5, 30min}, {"forgot:address", per::address, 20, 30min}}};

// clang-format off
constexpr std::array<endpoint, operation_count> table{
    row(get_sso_status, "get_sso_status", "GET", "/auth/sso/status",
        none, repeatable, sso_start_bucket, 200),
    row(start_sso, "start_sso", "POST", "/auth/sso/start",
        none, repeatable, sso_start_bucket, 200),
    row(complete_sso, "complete_sso", "POST", "/auth/sso/complete",
        none, 0, {"auth:sso:complete", 15, 10s}, 200),
    row(register_account, "register_account", "POST", "/auth/register",
        none, wants_captcha | not_under_sso, register_bucket, 200, registrations),
    row(login_user, "login_user", "POST", "/auth/login",
        none, wants_captcha | not_under_sso, {"auth:login", 10, 10s}, 200, logins),
    row(login_with_totp, "login_with_totp", "POST", "/auth/login/mfa/totp",
        ticket, not_under_sso, mfa_bucket, 200),
    row(send_sms_mfa_code, "send_sms_mfa_code", "POST", "/auth/login/mfa/sms/send",
        ticket, not_under_sso | may_be_gone, mfa_bucket, 204),
    row(login_with_sms_mfa, "login_with_sms_mfa", "POST", "/auth/login/mfa/sms",
        ticket, not_under_sso | may_be_gone, mfa_bucket, 200),
    row(get_webauthn_mfa_options, "get_webauthn_mfa_options", "POST", "/auth/login/mfa/webauthn/authentication-options",
        ticket, not_under_sso | repeatable, mfa_bucket, 200),
    row(login_with_webauthn_mfa, "login_with_webauthn_mfa", "POST", "/auth/login/mfa/webauthn",
        ticket, not_under_sso, mfa_bucket, 200),
    row(logout_user, "logout_user", "POST", "/auth/logout",
        session_unchecked, repeatable, {"auth:logout", 20, 10s}, 204),
    row(verify_email, "verify_email", "POST", "/auth/verify",
        mail_token, not_under_sso, {"auth:verify", 10, 60s}, 204),
    row(resend_verification_email, "resend_verification_email", "POST", "/auth/verify/resend",
        session, not_under_sso, {"auth:verify:resend", 10, 60s}, 204, resends),
    row(forgot_password, "forgot_password", "POST", "/auth/forgot",
        none, wants_captcha | not_under_sso, {"auth:forgot", 5, 60s}, 204, forgotten),
    row(reset_password, "reset_password", "POST", "/auth/reset",
        mail_token, not_under_sso, {"auth:reset", 10, 60s}, 200),
    row(revert_email_change, "revert_email_change", "POST", "/auth/email-revert",
        mail_token, not_under_sso, {"auth:email_revert", 10, 60s}, 200),
    row(list_auth_sessions, "list_auth_sessions", "GET", "/auth/sessions",
        session, repeatable, {"auth:sessions", 40, 10s}, 200),
    // With an MFA proof encode() takes `repeatable` back: a TOTP code works once in 30 s (contract 13).
    row(logout_all_sessions, "logout_all_sessions", "POST", "/auth/sessions/logout",
        session, wants_sudo | repeatable, {"auth:sessions:logout", 20, 10s}, 204),
    row(authorize_ip_address, "authorize_ip_address", "POST", "/auth/authorize-ip",
        mail_token, 0, {"auth:authorize_ip", 5, 60s}, 204),
    row(resend_ip_authorization, "resend_ip_authorization", "POST", "/auth/ip-authorization/resend",
        ticket, 0, {"auth:ip_authorization_resend", 5, 60s}, 204),
    row(poll_ip_authorization, "poll_ip_authorization", "GET", "/auth/ip-authorization/poll?ticket={}",
        ticket, repeatable, {"auth:ip_authorization_poll", 60, 60s}, 200),
    row(get_webauthn_authentication_options, "get_webauthn_authentication_options", "POST", "/auth/webauthn/authentication-options",
        none, not_under_sso | repeatable, {"auth:webauthn:options", 20, 10s}, 200),
    row(authenticate_with_webauthn, "authenticate_with_webauthn", "POST", "/auth/webauthn/authenticate",
        none, not_under_sso, {"auth:webauthn:authenticate", 10, 10s}, 200),
    row(get_username_suggestions, "get_username_suggestions", "POST", "/auth/username-suggestions",
        none, not_under_sso | repeatable, register_bucket, 200),
    row(initiate_handoff, "initiate_handoff", "POST", "/auth/handoff/initiate",
        none, repeatable, {"auth:handoff:initiate", 10, 60s}, 200),
    row(complete_handoff, "complete_handoff", "POST", "/auth/handoff/complete",
        none, 0, {"auth:handoff:complete", 10, 60s}, 204),
    row(get_handoff_status, "get_handoff_status", "GET", "/auth/handoff/{}/status",
        none, 0, {"auth:handoff:status", 60, 60s}, 200),
    row(cancel_handoff, "cancel_handoff", "DELETE", "/auth/handoff/{}",
        none, repeatable, {"auth:handoff:cancel", 10, 60s}, 204),
    // Paths and rates of the rest are derived (contract 14).
    row(validate_reset_token, "validate_reset_token", "POST", "/auth/reset/validate",
        mail_token, not_under_sso | repeatable | newer, {"auth:reset:validate", 10, 60s}, 200),
    row(get_handoff_info, "get_handoff_info", "GET", "/auth/handoff/{}/info",
        none, repeatable | newer, {"auth:handoff:info", 10, 60s}, 200),
    row(deny_handoff, "deny_handoff", "POST", "/auth/handoff/{}/deny",
        none, repeatable | newer, {"auth:handoff:deny", 10, 60s}, 204),
    row(check_username, "check_username", "POST", "/auth/username/availability",
        none, not_under_sso | repeatable | newer, {"auth:username:availability", 20, 10s}, 200),
};

// Their buckets' names but for the first are made up: the contract has none, and no answer names them.
constexpr std::array helper_table{
    helper_endpoint{helper::discovery, "discover", "GET", core::discovery_document, true, {"instance:info", 60, 60s}},
    helper_endpoint{helper::sudo_methods, "get_sudo_methods", "GET", "/users/@me/sudo/mfa-methods", true, {"sudo:mfa:methods", 20, 60s}},
    helper_endpoint{helper::sudo_sms_code, "send_sudo_sms_code", "POST", "/users/@me/sudo/mfa/sms/send", false, {"sudo:sms:send", 5, 60s}},
    // A lost challenge does no harm: the next one is new.
    helper_endpoint{helper::sudo_webauthn_options, "get_sudo_webauthn_options", "POST", "/users/@me/sudo/webauthn/authentication-options", true, {"sudo:webauthn:options", 10, 60s}},
};

// clang-format on

constexpr bool helpers_in_enum_order()
{
    for (std::size_t index = 0; index < helper_table.size(); ++index)
        if (static_cast<std::size_t>(helper_table[index].helper) != index)
            return false;
    return true;
}

static_assert(helpers_in_enum_order(), "a row is looked up by the number of its helper");

constexpr bool in_enum_order()
{
    for (std::size_t index = 0; index < table.size(); ++index)
        if (static_cast<std::size_t>(table[index].operation) != index)
            return false;
    return true;
}

static_assert(in_enum_order(), "a row is looked up by the number of its operation");

constexpr bool newer_ones_last()
{
    for (std::size_t index = 0; index < table.size(); ++index)
        if (table[index].newer != (index >= baseline_count))
            return false;
    return true;
}

static_assert(newer_ones_last(), "the 28 of the contract come first");

} // namespace

std::span<endpoint const> endpoints() noexcept
{
    return std::span(table).first(baseline_count);
}

std::span<endpoint const> newer_endpoints() noexcept
{
    return std::span(table).subspan(baseline_count);
}

endpoint const& endpoint_of(auth::operation operation) noexcept
{
    return table[static_cast<std::size_t>(operation)];
}

std::span<helper_endpoint const> helper_endpoints() noexcept
{
    return helper_table;
}

helper_endpoint const& endpoint_of(helper which) noexcept
{
    return helper_table[static_cast<std::size_t>(which)];
}

rate_bucket const* bucket_of(std::string_view method, std::string_view target) noexcept
{
    auto const path = target.substr(0, target.find('?'));
    auto const found = std::find_if(helper_table.begin(), helper_table.end(), [&](auto const& row) {
        return row.method == method && path.ends_with(row.path);
    });
    return found == helper_table.end() ? nullptr : &found->bucket;
}

} // namespace fluxer::auth::wire
