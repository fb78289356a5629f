#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/totp.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::seconds totp_replay_lock{30};
constexpr std::chrono::minutes sms_code_life{10};
constexpr std::string_view session_timeout = "Session timeout. Please refresh the page and log in again.";

struct ticket_holder
{
    account* who = nullptr;
    reply error;
};

ticket_holder find_holder(call& now, std::string_view ticket, std::string_view error_path)
{
    auto const* user_id = now.server.mfa_tickets.find(ticket, now.now);
    if (!user_id)
        return {
            nullptr, now.newer() ? coded_form_error("ticket", "SESSION_TIMEOUT")
                                 : uncoded_form_error(error_path, session_timeout)};
    auto* who = now.server.find_account(*user_id);
    if (!who)
        return {nullptr, api_error(404, "UNKNOWN_USER")};
    return {who, {}};
}

/// With a code only in newer servers (contract 14).
reply mfa_error(call const& now, std::string_view code)
{
    return now.newer() ? coded_form_error("code", code) : uncoded_form_error("code", message_of(code));
}

reply finish(call& now, account& who, std::string const& ticket)
{
    now.server.mfa_tickets.erase(ticket);
    return new_session_reply(now, who);
}

} // namespace

bool spend_totp_code(account& who, std::string_view code, time_point now)
{
    if (who.backup_codes.erase(std::string(code)) > 0)
        return true;
    std::erase_if(who.spent_totp_codes, [now](auto const& spent) { return spent.second <= now; });
    if (who.totp_key.empty() || who.spent_totp_codes.contains(std::string(code)) ||
        !totp_matches(who.totp_key, code, now))
        return false;
    who.spent_totp_codes[std::string(code)] = now + totp_replay_lock;
    return true;
}

bool spend_sms_code(account& who, std::string_view code, time_point now)
{
    if (who.sms_code.empty() || who.sms_code_expires <= now || who.sms_code != code)
        return false;
    who.sms_code.clear();
    return true;
}

void send_sms_code(call& now, account& who)
{
    if (!now.server.settings.sms_service)
        return;
    who.sms_code = random_digits(6);
    who.sms_code_expires = now.now + sms_code_life;
    who.last_sms = who.sms_code;
}

reply login_with_totp(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const code = fields.text("code");
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto const holder = find_holder(now, ticket, "code");
    if (!holder.who)
        return holder.error;
    if (holder.who->totp_key.empty())
        return mfa_error(now, "TOTP_NOT_ENABLED");
    if (!spend_totp_code(*holder.who, code, now.now))
        return mfa_error(now, "INVALID_CODE");
    return finish(now, *holder.who, ticket);
}

reply send_sms_mfa_code(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto const holder = find_holder(now, ticket, "ticket");
    if (!holder.who)
        return holder.error;
    if (!holder.who->sms)
        return api_error(400, "SMS_MFA_NOT_ENABLED");
    if (holder.who->phone.empty())
        return api_error(400, "PHONE_REQUIRED_FOR_SMS_MFA");
    send_sms_code(now, *holder.who);
    return no_content();
}

reply login_with_sms_mfa(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const code = fields.text("code");
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto const holder = find_holder(now, ticket, "code");
    if (!holder.who)
        return holder.error;
    if (!holder.who->sms)
        return api_error(400, "SMS_MFA_NOT_ENABLED");
    if (!now.server.settings.sms_service)
        return api_error(400, "SMS_VERIFICATION_UNAVAILABLE");
    if (!spend_sms_code(*holder.who, code, now.now))
        return mfa_error(now, "INVALID_CODE");
    return finish(now, *holder.who, ticket);
}

reply get_webauthn_mfa_options(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto const holder = find_holder(now, ticket, "ticket");
    if (!holder.who)
        return holder.error;
    if (holder.who->passkeys.empty())
        return api_error(400, "NO_PASSKEYS_REGISTERED");
    return webauthn_options_reply(now, {challenge_purpose::mfa, holder.who->id, ticket}, holder.who);
}

reply login_with_webauthn_mfa(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const challenge_text = fields.text("challenge");
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto const holder = find_holder(now, ticket, "ticket");
    if (!holder.who)
        return holder.error;
    challenge const expected{challenge_purpose::mfa, holder.who->id, ticket};
    auto const outcome = check_passkey(now, fields.object("response"), challenge_text, expected);
    if (!outcome.who)
        return outcome.error;
    return finish(now, *outcome.who, ticket);
}

} // namespace fluxer::auth::sandbox_detail
