#include "sandbox/crypto.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours reset_life{1};
constexpr std::size_t reset_token_length = 64;
constexpr rate requests_per_ip{20, 30min};
constexpr rate requests_per_email{5, 30min};

struct mailed_change
{
    std::string token;
    std::string password;
    account* who = nullptr;
    reply error;
};

/// What reset and revert have in common: a mailed token and a new password. The token is not used up yet.
mailed_change read_change(call& now, mail_purpose purpose, std::string_view unknown_token)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    mailed_change change;
    change.token = fields.exact_text("token", reset_token_length);
    change.password = fields.password("password", presence::required).value_or("");
    if (fields.failed()) {
        change.error = fields.errors();
        return change;
    }
    auto const* meaning = now.server.find_mail_token(change.token, purpose, now.now);
    auto* who = meaning ? now.server.find_account(meaning->user_id) : nullptr;
    if (!who)
        change.error = coded_form_error("token", unknown_token);
    else if (is_common_password(change.password))
        change.error = coded_form_error("password", "PASSWORD_IS_TOO_COMMON");
    else if (auto suspended = suspension_error(*who))
        change.error = std::move(*suspended);
    else
        change.who = who;
    return change;
}

} // namespace

reply forgot_password(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const email = fields.email("email", presence::required);
    if (fields.failed())
        return fields.errors();
    if (!has_mail_domain(*email))
        return coded_form_error("email", "INVALID_EMAIL_ADDRESS");
    if (auto limited = inner_limit(now, "forgot:ip:" + now.client_ip, requests_per_ip))
        return std::move(*limited);
    if (auto limited = inner_limit(now, "forgot:email:" + to_lower(*email), requests_per_email))
        return std::move(*limited);
    if (auto const* who = now.server.find_account_by_email(*email); who && !who->bot) {
        auto token = now.server.new_mail_token({mail_purpose::reset, who->id, {}}, now.now, reset_life);
        now.server.send(who->email, "reset", "/reset", std::move(token), now.now);
    }
    return no_content();
}

reply reset_password(call& now)
{
    auto change = read_change(now, mail_purpose::reset, "INVALID_OR_EXPIRED_RESET_TOKEN");
    if (!change.who)
        return std::move(change.error);
    now.server.take_mail_token(change.token, mail_purpose::reset, now.now);
    change.who->password_hash = hash_password(change.password);
    now.server.end_sessions(*change.who);
    return change.who->has_mfa() ? mfa_challenge_reply(now, *change.who)
                                 : new_session_reply(now, *change.who);
}

reply revert_email_change(call& now)
{
    auto change = read_change(now, mail_purpose::email_revert, "INVALID_OR_EXPIRED_REVERT_TOKEN");
    if (!change.who)
        return std::move(change.error);
    auto& who = *change.who;
    auto const meaning = now.server.take_mail_token(change.token, mail_purpose::email_revert, now.now);
    auto const* owner = now.server.find_account_by_email(meaning->detail);
    if (owner && owner != &who)
        return coded_form_error("token", "INVALID_OR_EXPIRED_REVERT_TOKEN");
    now.server.change_email(who, meaning->detail);
    now.server.end_sessions(who);
    for (auto const& key : who.passkeys)
        now.server.ids_by_passkey.erase(key.credential_id);
    who.password_hash = hash_password(change.password);
    who.verified = true;
    who.totp_key.clear();
    who.backup_codes.clear();
    who.sms = false;
    who.phone.clear();
    who.passkeys.clear();
    who.authorized_ips.clear();
    return new_session_reply(now, who);
}

reply validate_reset_token(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const token = fields.exact_text("token", reset_token_length);
    if (fields.failed())
        return fields.errors();
    if (!now.server.find_mail_token(token, mail_purpose::reset, now.now))
        return coded_form_error("token", "INVALID_OR_EXPIRED_RESET_TOKEN");
    boost::json::object answer;
    answer["valid"] = true;
    return json_reply(answer);
}

} // namespace fluxer::auth::sandbox_detail
