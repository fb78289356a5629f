#include "sandbox/operations.hpp"

namespace fluxer::auth::sandbox_detail {

reply get_discovery(call& now)
{
    auto const& settings = now.server.settings;
    boost::json::object endpoints;
    for (auto const* name : {"api", "api_client", "api_public"})
        endpoints[name] = now.server.server_url;
    endpoints["webapp"] = settings.origin;

    boost::json::object captcha;
    captcha["provider"] = !settings.captcha ? "none" : now.newer() ? "altcha" : "hcaptcha";
    captcha["hcaptcha_site_key"] = settings.captcha && !now.newer() ? "sandbox-site-key" : "";
    captcha["turnstile_site_key"] = nullptr;

    boost::json::object features;
    features["sms_mfa_enabled"] = settings.sms_service && !now.newer();
    features["self_hosted"] = true;

    boost::json::object sso;
    sso["enabled"] = settings.sso;
    sso["enforced"] = settings.sso;
    sso["display_name"] = settings.sso ? boost::json::value(settings.sso_display_name) : nullptr;
    sso["redirect_uri"] = settings.origin + "/auth/sso/callback";

    boost::json::object body;
    body["api_code_version"] = 1;
    body["endpoints"] = std::move(endpoints);
    body["captcha"] = std::move(captcha);
    body["features"] = std::move(features);
    body["sso"] = std::move(sso);
    auto answer = json_reply(body);
    answer.headers.emplace_back("access-control-allow-origin", "*");
    return answer;
}

reply get_health(call&)
{
    reply answer;
    answer.content_type = "text/plain; charset=UTF-8";
    answer.body = "OK";
    return answer;
}

reply get_current_user(call& now)
{
    boost::json::object body;
    body["id"] = now.user->id;
    body["username"] = now.user->username;
    body["email"] =
        now.user->email.empty() ? boost::json::value(nullptr) : boost::json::value(now.user->email);
    body["verified"] = now.user->verified;
    body["mfa_enabled"] = now.user->has_mfa();
    return json_reply(body);
}

} // namespace fluxer::auth::sandbox_detail
