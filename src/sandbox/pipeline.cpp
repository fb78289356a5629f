#include "sandbox/pipeline.hpp"

#include "sandbox/routes.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr rate global_allowance{50, 1s}; // contract 10.4

struct identity
{
    account* user = nullptr;
    std::string session_token; // empty for bots and OAuth2
};

std::string client_ip_of(state const& server, request const& in)
{
    auto const forwarded = in.header("x-forwarded-for");
    auto const first = normalise(forwarded.substr(0, forwarded.find(',')));
    return first.empty() ? server.settings.client_ip : first;
}

/// The official web hosts answer other methods than GET to their own pages only (contract 1.3).
bool is_foreign_origin(request const& in)
{
    auto const host = in.header("host");
    bool const web_host = host == "web.fluxer.app" || host == "web.canary.fluxer.app";
    bool const reading = in.method == "GET" || in.method == "HEAD";
    return web_host && !reading && in.header("origin") != "https://" + std::string(host);
}

reply preflight(state const& server, request const& in)
{
    auto answer = no_content();
    if (in.header("origin") == server.settings.origin)
        answer.headers = {
            {"access-control-allow-origin", server.settings.origin},
            {"access-control-allow-methods", "GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS"},
            {"access-control-allow-headers",
             "Content-Type, Authorization, X-Requested-With, Accept-Language, X-Request-ID"},
            {"access-control-max-age", "86400"},
            {"vary", "Origin"}};
    return answer;
}

account* owner(
    state& server, std::unordered_map<std::string, std::string> const& tokens, std::string_view token)
{
    auto const found = tokens.find(std::string(token));
    return found == tokens.end() ? nullptr : server.find_account(found->second);
}

identity identify(state& server, std::string_view credential, time_point now)
{
    constexpr std::string_view bot = "Bot ";
    constexpr std::string_view bearer = "Bearer ";
    if (credential.starts_with(bot))
        return {owner(server, server.bot_tokens, credential.substr(bot.size())), {}};
    // A session token resolves with this prefix as well (contract 3).
    auto const token = credential.starts_with(bearer) ? credential.substr(bearer.size()) : credential;
    if (auto* found = server.find_session(token)) {
        found->last_used = now;
        return {server.find_account(found->user_id), std::string(token)};
    }
    if (credential.starts_with(bearer))
        return {owner(server, server.oauth_tokens, token), {}};
    return {};
}

std::optional<reply> captcha_error(call const& now)
{
    if (!now.server.settings.captcha)
        return std::nullopt;
    auto const token = now.in.header("x-captcha-token");
    if (token.empty())
        return api_error(400, "CAPTCHA_REQUIRED", {}, now.speaks);
    if (token != "good-token")
        return api_error(400, "INVALID_CAPTCHA", {}, now.speaks);
    return std::nullopt;
}

std::optional<reply> login_error(call const& now, needs conditions)
{
    if (!has(conditions, needs::session))
        return std::nullopt;
    if (!now.user)
        return api_error(401, "UNAUTHORIZED");
    if (now.session_token.empty())
        return api_error(403, "ACCESS_DENIED");
    if (has(conditions, needs::trusted) && now.user->suspicious_flags != 0) {
        boost::json::object extra;
        extra["data"] = boost::json::object{{"suspicious_activity_flags", now.user->suspicious_flags}};
        return api_error(403, "ACCOUNT_SUSPICIOUS_ACTIVITY", std::move(extra));
    }
    return std::nullopt;
}

std::string rate_key(call const& now)
{
    return now.user ? "user:" + now.user->id : "ip:" + now.client_ip;
}

/// Crossing the global limit with a session ends that session (contract 10.4).
std::optional<reply> global_limit_error(call& now)
{
    if (!now.server.settings.rate_limits)
        return std::nullopt;
    auto const decision = now.server.limits.take("global:" + rate_key(now), global_allowance, now.now);
    if (decision.allowed)
        return std::nullopt;
    if (!now.session_token.empty())
        now.server.end_session(now.session_token);
    return rate_limit_error(decision, true);
}

header_list rate_headers(rate_decision const& decision)
{
    auto const reset =
        std::chrono::ceil<std::chrono::seconds>(decision.free_again).time_since_epoch().count();
    return {
        {"x-ratelimit-limit", std::to_string(decision.limit)},
        {"x-ratelimit-remaining", std::to_string(decision.remaining)},
        {"x-ratelimit-reset", std::to_string(reset)}};
}

reply run(call& now, operation const& target)
{
    if (has(target.conditions, needs::no_sso) && now.server.settings.sso)
        return api_error(403, "SSO_REQUIRED");
    if (has(target.conditions, needs::captcha))
        if (auto error = captcha_error(now))
            return std::move(*error);

    std::optional<rate_decision> slot;
    if (now.server.settings.rate_limits) {
        auto const key = std::string(target.bucket) + ":" + rate_key(now);
        slot = now.server.limits.take(key, target.allowance, now.now);
        if (!slot->allowed)
            return rate_limit_error(*slot, false);
    }
    if (auto error = login_error(now, target.conditions))
        return std::move(*error);

    auto answer = target.handler(now);
    if (slot && answer.status < 300)
        for (auto& header : rate_headers(*slot))
            answer.headers.push_back(std::move(header));
    for (auto& header : now.extra_headers)
        answer.headers.push_back(std::move(header));
    return answer;
}

} // namespace

reply answer_request(state& server, request const& in, time_point now)
{
    if (in.method == "OPTIONS")
        return preflight(server, in);
    call current{in, server, now, client_ip_of(server, in), language_of(in.header("accept-language"))};
    if (server.banned_ips.contains(current.client_ip))
        return api_error(403, "IP_BANNED");
    if (is_foreign_origin(in))
        return api_error(403, "INVALID_API_ORIGIN");
    auto found = find_route(in.method, in.path());
    if (!found)
        return api_error(404, "NOT_FOUND");

    auto who = identify(server, in.header("authorization"), now);
    current.user = who.user;
    current.session_token = std::move(who.session_token);
    if (current.user)
        current.speaks = language::english; // that of the account (contract 6.4)
    current.path_argument = std::move(found->argument);
    if (auto error = global_limit_error(current))
        return std::move(*error);
    return run(current, *found->target);
}

} // namespace fluxer::auth::sandbox_detail
