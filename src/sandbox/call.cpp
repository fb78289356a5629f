#include "sandbox/call.hpp"

#include "sandbox/random.hpp"

#include <boost/json/array.hpp>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::minutes mfa_ticket_life{5};
constexpr std::size_t ticket_length = 64;

boost::json::value phone_hint(account const& who)
{
    if (!who.sms || who.phone.size() < 4)
        return nullptr;
    return boost::json::string("****" + who.phone.substr(who.phone.size() - 4));
}

/// With three places.
std::string decimal_seconds(std::chrono::milliseconds time)
{
    auto const fraction = std::to_string(1000 + time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + fraction.substr(1);
}

} // namespace

boost::json::object token_members(call const& now, token_result const& result)
{
    boost::json::object body;
    body["token"] = result.token;
    body["user_id"] = result.user_id;
    auto const* who = now.server.find_account(result.user_id);
    if (now.newer() && who) {
        boost::json::object user;
        user["id"] = who->id;
        user["username"] = who->username;
        body["user"] = std::move(user);
    }
    return body;
}

std::string masked_ip(std::string_view ip)
{
    auto const first = ip.find_first_of(".:");
    auto const second = ip.find_first_of(".:", first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return "x";
    return std::string(ip.substr(0, second)) + (ip[second] == '.' ? ".x.x" : ":x");
}

reply new_session_reply(call& now, account& who)
{
    return json_reply(token_members(now, {now.server.add_session(who, now.trace(), now.now), who.id}));
}

reply mfa_challenge_reply(call& now, account const& who)
{
    auto ticket = random_base62(ticket_length);
    boost::json::array methods;
    if (!who.totp_key.empty())
        methods.emplace_back("totp");
    if (who.sms && !now.newer())
        methods.emplace_back("sms");
    if (!who.passkeys.empty())
        methods.emplace_back("webauthn");
    boost::json::object body;
    body["mfa"] = true;
    body["ticket"] = ticket;
    body["allowed_methods"] = std::move(methods);
    if (now.newer()) {
        body["backup_codes"] = !who.backup_codes.empty();
    } else {
        body["sms_phone_hint"] = phone_hint(who);
        body["sms"] = who.sms;
    }
    body["totp"] = !who.totp_key.empty();
    body["webauthn"] = !who.passkeys.empty();
    now.server.mfa_tickets.put(std::move(ticket), who.id, now.now, mfa_ticket_life);
    return json_reply(body);
}

std::optional<reply> suspension_error(account const& who)
{
    switch (who.suspension) {
    case sandbox_suspension::temporary:
        return api_error(403, "ACCOUNT_SUSPENDED_TEMPORARILY");
    case sandbox_suspension::permanent:
        return api_error(403, "ACCOUNT_SUSPENDED_PERMANENTLY");
    case sandbox_suspension::none:
        break;
    }
    return std::nullopt;
}

std::optional<reply> inner_limit(call& now, std::string const& key, rate const& allowance)
{
    if (!now.server.settings.rate_limits)
        return std::nullopt;
    auto const decision = now.server.limits.take(key, allowance, now.now);
    if (decision.allowed)
        return std::nullopt;
    return rate_limit_error(now, decision, key.substr(0, key.find(':', key.find(':') + 1)));
}

header_list rate_headers(call const& now, rate_decision const& decision, std::string_view bucket)
{
    auto const reset =
        std::chrono::ceil<std::chrono::seconds>(decision.free_again).time_since_epoch().count();
    header_list headers = {
        {"x-ratelimit-limit", std::to_string(decision.limit)},
        {"x-ratelimit-remaining", std::to_string(decision.remaining)},
        {"x-ratelimit-reset", std::to_string(reset)}};
    if (now.newer()) {
        auto const left = std::max(decision.free_again - now.now, std::chrono::milliseconds(0));
        headers.emplace_back("x-ratelimit-bucket", bucket);
        headers.emplace_back("x-ratelimit-reset-after", decimal_seconds(left));
        headers.emplace_back(
            "x-ratelimit-scope", bucket == global_bucket ? "global"
                                 : now.user              ? "user"
                                                         : "ip");
    }
    return headers;
}

reply rate_limit_error(call const& now, rate_decision const& decision, std::string_view bucket)
{
    auto const global = bucket == global_bucket;
    boost::json::object extra;
    extra["global"] = global;
    if (now.newer())
        extra["retry_after"] = static_cast<double>(decision.wait.count()) / 1000;
    else
        extra["retry_after"] = decision.retry_after;
    auto answer = api_error(429, "RATE_LIMITED", std::move(extra));
    auto refused = decision;
    refused.remaining = 0;
    answer.headers = rate_headers(now, refused, bucket);
    answer.headers.emplace_back("retry-after", std::to_string(decision.retry_after));
    answer.headers.emplace_back("x-ratelimit-global", global ? "true" : "false");
    return answer;
}

} // namespace fluxer::auth::sandbox_detail
