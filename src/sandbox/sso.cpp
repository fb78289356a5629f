#include "core/encoding.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::minutes state_life{10};
constexpr std::size_t state_length = 32;

std::string redirect_uri(call const& now)
{
    return now.server.settings.origin + "/auth/sso/callback";
}

bool is_path_inside_web_app(std::string_view path)
{
    return path.starts_with('/') && !path.starts_with("//") &&
           path.find_first_of("\r\n") == std::string_view::npos;
}

std::string authorization_url(call const& now, std::string const& state)
{
    auto const verifier = random_base62(43);
    auto const challenge = core::base64url_encode(core::sha256(verifier));
    return now.server.server_url +
           "/_sandbox/idp/authorize?response_type=code&client_id=sandbox&redirect_uri=" +
           percent_encode(redirect_uri(now)) + "&scope=openid+email+profile&state=" + state +
           "&code_challenge=" + challenge + "&code_challenge_method=S256&nonce=" + random_base62(22);
}

reply switched_off()
{
    return api_error(403, "FEATURE_TEMPORARILY_DISABLED");
}

} // namespace

reply get_sso_status(call& now)
{
    auto const& settings = now.server.settings;
    boost::json::object body;
    body["enabled"] = settings.sso;
    body["enforced"] = settings.sso;
    body["display_name"] = nullptr;
    if (settings.sso && !settings.sso_display_name.empty())
        body["display_name"] = settings.sso_display_name;
    body["redirect_uri"] = redirect_uri(now);
    return json_reply(body);
}

reply start_sso(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const wanted = fields.optional_text("redirect_to", presence::nullable, 1, 2048).value_or("");
    if (fields.failed())
        return fields.errors();
    if (!now.server.settings.sso)
        return switched_off();
    auto const state = random_hex(state_length);
    now.server.sso_states.put(state, is_path_inside_web_app(wanted) ? wanted : "", now.now, state_life);
    boost::json::object answer;
    answer["authorization_url"] = authorization_url(now, state);
    answer["state"] = state;
    answer["redirect_uri"] = redirect_uri(now);
    return json_reply(answer);
}

reply complete_sso(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const code = fields.text("code");
    auto const state = fields.text("state");
    if (fields.failed())
        return fields.errors();
    if (!now.server.settings.sso)
        return switched_off();
    auto const redirect_to = now.server.sso_states.take(state, now.now);
    if (!redirect_to)
        return uncoded_form_error("state", "Invalid or expired SSO state");
    // The sandbox's identity provider gives out the user's e-mail address as the code.
    if (!is_email_address(code))
        return uncoded_form_error("code", "Failed to exchange authorization code");
    auto* who = now.server.find_account_by_email(code);
    if (!who) {
        if (!now.server.settings.sso_auto_provision)
            return api_error(403, "SSO_REQUIRED");
        who = &now.server.add_account(code, now.now);
        who->username = "user_" + random_hex(8);
        who->verified = true;
    }
    if (auto suspended = suspension_error(*who))
        return std::move(*suspended);
    auto answer = token_members(now, {now.server.add_session(*who, now.trace(), now.now), who->id});
    answer["redirect_to"] = *redirect_to;
    return json_reply(answer);
}

} // namespace fluxer::auth::sandbox_detail
