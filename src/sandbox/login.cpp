#include "sandbox/crypto.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr rate logins_per_email{5, 15min};
constexpr rate logins_per_ip{10, 30min};
constexpr std::size_t ban_token_length = 64;

reply wrong_credentials(language in)
{
    return form_error(
        {{"email", "INVALID_EMAIL_OR_PASSWORD", {}}, {"password", "INVALID_EMAIL_OR_PASSWORD", {}}}, in);
}

/// What a newer server says to a banned account with the right password (contract 14).
reply ban_notice(account const& who)
{
    boost::json::object body;
    body["ban_view_token"] = random_base62(ban_token_length);
    body["ban_type"] = who.suspension == sandbox_suspension::permanent ? "permanent" : "temporary";
    return json_reply(body);
}

reply admit(call& now, account& who)
{
    if (now.newer() && who.suspension != sandbox_suspension::none)
        return ban_notice(who);
    if (auto suspended = suspension_error(who))
        return std::move(*suspended);
    if (who.has_mfa())
        return mfa_challenge_reply(now, who);
    if (now.server.settings.ip_authorization && !who.authorized_ips.contains(now.client_ip))
        return start_ip_authorization(now, who);
    return new_session_reply(now, who);
}

} // namespace

reply login_user(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const email = fields.email("email", presence::required);
    auto const password = fields.password("password", presence::required);
    fields.optional_text("invite_code", presence::nullable, 0, 256);
    if (fields.failed())
        return fields.errors();

    if (auto limited = inner_limit(now, "login:email:" + to_lower(*email), logins_per_email))
        return std::move(*limited);
    if (auto limited = inner_limit(now, "login:ip:" + now.client_ip, logins_per_ip))
        return std::move(*limited);

    auto* who = now.server.find_account_by_email(*email);
    if (!who)
        return wrong_credentials(now.speaks);
    if (who->bot)
        return api_error(403, "BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED");
    if (who->password_hash.empty())
        return api_error(500, "INTERNAL_SERVER_ERROR");
    if (!password_matches(*password, who->password_hash))
        return wrong_credentials(now.speaks);
    return admit(now, *who);
}

reply logout_user(call& now)
{
    // The raw value is taken for a token: with a prefix nothing ends (contract 3).
    auto const ended = now.server.end_session(now.in.header("authorization"));
    return ended || !now.newer() ? no_content() : api_error(401, "UNAUTHORIZED");
}

} // namespace fluxer::auth::sandbox_detail
