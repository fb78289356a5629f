#include "catalogue.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace fluxer::auth::conformance {

namespace {

using enum auth::operation;
using family = answer_family;

constexpr std::string_view mail_token =
    R"({"token":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})";
constexpr std::string_view new_password =
    R"({"token":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","password":"substitute-1"})";
constexpr std::string_view code_and_ticket = R"({"code":"123456","ticket":"substitute"})";
constexpr std::string_view ticket = R"({"ticket":"substitute"})";
constexpr std::string_view assertion =
    R"({"response":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA",)"
    R"("authenticatorData":"AA","signature":"AA"},"clientExtensionResults":{}},"challenge":"AA"})";
constexpr std::string_view assertion_and_ticket =
    R"({"response":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA",)"
    R"("authenticatorData":"AA","signature":"AA"},"clientExtensionResults":{}},"challenge":"AA","ticket":"substitute"})";
constexpr std::string_view code = "ABCD-EFGH";

// clang-format off
constexpr std::array<catalogue_row, 28> rows{{
    {get_sso_status, "GET", "/auth/sso/status", false, false, family::sso_status},
    {start_sso, "POST", "/auth/sso/start", false, true, family::sso_start, {}, "{}"},
    {complete_sso, "POST", "/auth/sso/complete", false, true, family::sso_completion, {}, R"({"code":"a","state":"b"})"},
    {register_account, "POST", "/auth/register", false, true, family::login, {}, R"({"date_of_birth":"2000-01-01","consent":true})"},
    {login_user, "POST", "/auth/login", false, true, family::login, {}, R"({"email":"a@example.com","password":"substitute-1"})"},
    {login_with_totp, "POST", "/auth/login/mfa/totp", false, true, family::session, {}, code_and_ticket},
    {send_sms_mfa_code, "POST", "/auth/login/mfa/sms/send", false, true, family::nothing, {}, ticket},
    {login_with_sms_mfa, "POST", "/auth/login/mfa/sms", false, true, family::session, {}, code_and_ticket},
    {get_webauthn_mfa_options, "POST", "/auth/login/mfa/webauthn/authentication-options", false, true, family::webauthn_options, {}, ticket},
    {login_with_webauthn_mfa, "POST", "/auth/login/mfa/webauthn", false, true, family::session, {}, assertion_and_ticket},
    {logout_user, "POST", "/auth/logout", true, false, family::nothing},
    {verify_email, "POST", "/auth/verify", false, true, family::nothing, {}, mail_token},
    {resend_verification_email, "POST", "/auth/verify/resend", true, false, family::nothing},
    {forgot_password, "POST", "/auth/forgot", false, true, family::nothing, {}, R"({"email":"a@example.com"})"},
    {reset_password, "POST", "/auth/reset", false, true, family::login, {}, new_password},
    {revert_email_change, "POST", "/auth/email-revert", false, true, family::login, {}, new_password},
    {list_auth_sessions, "GET", "/auth/sessions", true, false, family::sessions},
    {logout_all_sessions, "POST", "/auth/sessions/logout", true, true, family::nothing, {}, R"({"session_id_hashes":[]})"},
    {authorize_ip_address, "POST", "/auth/authorize-ip", false, true, family::nothing, {}, mail_token},
    {resend_ip_authorization, "POST", "/auth/ip-authorization/resend", false, true, family::nothing, {}, ticket},
    {poll_ip_authorization, "GET", "/auth/ip-authorization/poll?ticket={}", false, false, family::ip_poll, "substitute"},
    {get_webauthn_authentication_options, "POST", "/auth/webauthn/authentication-options", false, false, family::webauthn_options},
    {authenticate_with_webauthn, "POST", "/auth/webauthn/authenticate", false, true, family::session, {}, assertion},
    {get_username_suggestions, "POST", "/auth/username-suggestions", false, true, family::suggestions, {}, R"({"global_name":"a"})"},
    {initiate_handoff, "POST", "/auth/handoff/initiate", false, false, family::handoff},
    {complete_handoff, "POST", "/auth/handoff/complete", false, true, family::nothing, {}, R"({"code":"ABCD-EFGH","token":"a","user_id":"1"})"},
    {get_handoff_status, "GET", "/auth/handoff/{}/status", false, false, family::handoff_status, code},
    {cancel_handoff, "DELETE", "/auth/handoff/{}", false, false, family::nothing, code},
}};
// clang-format on

constexpr std::string_view hole = "{}";

} // namespace

std::span<catalogue_row const> catalogue() noexcept
{
    return rows;
}

catalogue_row const* find_operation(std::string_view id) noexcept
{
    auto const found = std::find_if(
        rows.begin(), rows.end(), [id](catalogue_row const& row) { return to_string(row.operation) == id; });
    return found == rows.end() ? nullptr : &*found;
}

catalogue_row const* find_operation(recorded_request const& request)
{
    auto const target = std::string_view(request.path).substr(prefix_of(request.path).size());
    auto const found = std::find_if(rows.begin(), rows.end(), [&](catalogue_row const& row) {
        return row.method == request.method && parameter_of(row, target).has_value();
    });
    return found == rows.end() ? nullptr : &*found;
}

std::optional<std::string> parameter_of(catalogue_row const& row, std::string_view target)
{
    auto const at = row.path.find(hole);
    if (at == std::string_view::npos)
        return target == row.path ? std::optional(std::string()) : std::nullopt;
    auto const before = row.path.substr(0, at);
    auto const after = row.path.substr(at + hole.size());
    if (!target.starts_with(before) || !target.ends_with(after) ||
        target.size() <= before.size() + after.size())
        return std::nullopt;
    auto const middle = target.substr(before.size(), target.size() - before.size() - after.size());
    if (middle.find_first_of("/?&") != std::string_view::npos)
        return std::nullopt;
    return percent_decoded(middle);
}

recorded_request substitute_of(catalogue_row const& row)
{
    recorded_request made;
    made.method = row.method;
    made.path = "/v1";
    auto const at = row.path.find(hole);
    made.path += row.path.substr(0, at);
    if (at != std::string_view::npos) {
        made.path += row.parameter;
        made.path += row.path.substr(at + hole.size());
    }
    if (row.has_session)
        made.headers.emplace_back("Authorization", "flx_substitute");
    if (row.has_body)
        made.body = std::string(row.body);
    return made;
}

std::string_view prefix_of(std::string_view path) noexcept
{
    constexpr std::string_view prefix = "/v1";
    return path.starts_with("/v1/") ? prefix : std::string_view();
}

} // namespace fluxer::auth::conformance
