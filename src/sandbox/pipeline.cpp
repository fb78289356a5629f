#include "sandbox/pipeline.hpp"

#include "sandbox/altcha.hpp"
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

/// The error with the challenge that would pass next (contract 14).
reply altcha_error(call const& now, std::string_view code)
{
    auto const& server = now.server;
    boost::json::object extra;
    extra["captcha_provider"] = "altcha";
    extra["altcha_challenge"] =
        make_altcha_challenge(server.altcha_key, server.settings.altcha_max_number, now.now);
    return api_error(400, code, std::move(extra), now.speaks);
}

std::optional<reply> altcha_verdict(call& now, std::string_view token)
{
    auto& server = now.server;
    auto const type = now.in.header("x-captcha-type");
    auto const solved = solved_altcha_challenge(server.altcha_key, token, now.now);
    if ((!type.empty() && type != "altcha") || !solved || server.spent_captchas.find(*solved, now.now))
        return altcha_error(now, "INVALID_CAPTCHA");
    server.spent_captchas.put(*solved, true, now.now, altcha_life);
    return std::nullopt;
}

std::optional<reply> captcha_error(call& now)
{
    if (!now.server.settings.captcha)
        return std::nullopt;
    auto const token = now.in.header("x-captcha-token");
    if (token.empty())
        return now.newer() ? altcha_error(now, "CAPTCHA_REQUIRED")
                           : api_error(400, "CAPTCHA_REQUIRED", {}, now.speaks);
    if (now.newer())
        return altcha_verdict(now, token);
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
    return rate_limit_error(now, decision, global_bucket);
}

/// Many errors in a minute get an IP banned for a day (contract 14).
void count_error(call& now)
{
    auto& server = now.server;
    auto const threshold = server.settings.error_ban_threshold;
    if (!now.newer() || threshold == 0)
        return;
    auto* recent = server.recent_errors.find(now.client_ip, now.now);
    if (!recent) {
        server.recent_errors.put(now.client_ip, 0, now.now, 1min);
        recent = server.recent_errors.find(now.client_ip, now.now);
    }
    if (++*recent >= threshold)
        server.error_bans.put(now.client_ip, true, now.now, 24h);
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
            return rate_limit_error(now, *slot, target.bucket);
    }
    if (auto error = login_error(now, target.conditions))
        return std::move(*error);

    auto answer = target.handler(now);
    if (slot && answer.status < 300)
        for (auto& header : rate_headers(now, *slot, target.bucket))
            answer.headers.push_back(std::move(header));
    for (auto& header : now.extra_headers)
        answer.headers.push_back(std::move(header));
    return answer;
}

reply answer_call(call& now)
{
    auto& server = now.server;
    auto const& in = now.in;
    if (server.banned_ips.contains(now.client_ip) || server.error_bans.find(now.client_ip, now.now))
        return api_error(403, "IP_BANNED");
    if (is_foreign_origin(in))
        return api_error(403, "INVALID_API_ORIGIN");
    auto found = find_route(in.method, in.path());
    if (!found || !is_offered(*found->target, server.settings.generation))
        return api_error(404, "NOT_FOUND");

    auto who = identify(server, in.header("authorization"), now.now);
    now.user = who.user;
    now.session_token = std::move(who.session_token);
    if (now.user)
        now.speaks = language::english; // that of the account (contract 6.4)
    now.path_argument = std::move(found->argument);
    if (auto error = global_limit_error(now))
        return std::move(*error);
    return run(now, *found->target);
}

} // namespace

reply answer_request(state& server, request const& in, time_point now)
{
    if (in.method == "OPTIONS")
        return preflight(server, in);
    call current{in, server, now, client_ip_of(server, in), language_of(in.header("accept-language"))};
    auto answer = answer_call(current);
    if (answer.status >= 400 && answer.status < 500)
        count_error(current);
    return answer;
}

} // namespace fluxer::auth::sandbox_detail
