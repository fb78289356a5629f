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

} // namespace

reply token_reply(token_result const& result)
{
    boost::json::object body;
    body["token"] = result.token;
    body["user_id"] = result.user_id;
    return json_reply(body);
}

reply new_session_reply(call& now, account& who)
{
    return token_reply({now.server.add_session(who, now.trace(), now.now), who.id});
}

reply mfa_challenge_reply(call& now, account const& who)
{
    auto ticket = random_base62(ticket_length);
    boost::json::array methods;
    if (!who.totp_key.empty())
        methods.emplace_back("totp");
    if (who.sms)
        methods.emplace_back("sms");
    if (!who.passkeys.empty())
        methods.emplace_back("webauthn");
    boost::json::object body;
    body["mfa"] = true;
    body["ticket"] = ticket;
    body["allowed_methods"] = std::move(methods);
    body["sms_phone_hint"] = phone_hint(who);
    body["sms"] = who.sms;
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
    return rate_limit_error(decision, false);
}

reply rate_limit_error(rate_decision const& decision, bool global)
{
    boost::json::object extra;
    extra["global"] = global;
    extra["retry_after"] = decision.retry_after;
    auto answer = api_error(429, "RATE_LIMITED", std::move(extra));
    auto const reset =
        std::chrono::ceil<std::chrono::seconds>(decision.free_again).time_since_epoch().count();
    answer.headers = {
        {"retry-after", std::to_string(decision.retry_after)},
        {"x-ratelimit-global", global ? "true" : "false"},
        {"x-ratelimit-limit", std::to_string(decision.limit)},
        {"x-ratelimit-remaining", "0"},
        {"x-ratelimit-reset", std::to_string(reset)}};
    return answer;
}

} // namespace fluxer::auth::sandbox_detail
