#include "sandbox/state.hpp"

#include "core/encoding.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

#include <algorithm>
#include <tuple>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t mail_token_length = 64;
constexpr std::size_t session_token_length = 36;
constexpr time_point snowflake_epoch{std::chrono::milliseconds{1420070400000}};

} // namespace

void state::clear()
{
    accounts.clear();
    ids_by_email.clear();
    ids_by_passkey.clear();
    sessions.clear();
    bot_tokens.clear();
    oauth_tokens.clear();
    mfa_tickets.clear();
    challenges.clear();
    sso_states.clear();
    mail_tokens.clear();
    ip_tickets.clear();
    ip_results.clear();
    handoffs.clear();
    handoff_strikes.clear();
    spent_captchas.clear();
    recent_errors.clear();
    error_bans.clear();
    mails.clear();
    limits.clear();
}

account* state::find_account(std::string_view id)
{
    auto const found = accounts.find(std::string(id));
    return found == accounts.end() ? nullptr : &found->second;
}

account* state::find_account_by_email(std::string_view email)
{
    auto const found = ids_by_email.find(to_lower(email));
    return found == ids_by_email.end() ? nullptr : find_account(found->second);
}

account& state::add_account(std::string email, time_point now)
{
    auto const stamp = static_cast<std::uint64_t>((now - snowflake_epoch).count()) << 22;
    last_id_ = std::max(last_id_ + 1, stamp);
    auto id = std::to_string(last_id_);
    if (!email.empty())
        ids_by_email[to_lower(email)] = id;
    auto& made = accounts[id];
    made.id = std::move(id);
    made.email = std::move(email);
    return made;
}

bool state::has_username(std::string_view name) const
{
    return std::any_of(accounts.begin(), accounts.end(), [name](auto const& entry) {
        return equal_ignoring_case(entry.second.username, name);
    });
}

void state::change_email(account& who, std::string email)
{
    ids_by_email.erase(to_lower(who.email));
    ids_by_email[to_lower(email)] = who.id;
    who.email = std::move(email);
}

std::string state::add_session(account& who, client_trace client, time_point now)
{
    auto token = "flx_" + random_base62(session_token_length);
    session made;
    made.id_hash = core::base64url_encode(core::sha256(token));
    made.user_id = who.id;
    made.client = std::move(client);
    made.last_used = now;
    made.number = session_count_++;
    sessions.emplace(token, std::move(made));
    who.sessions.insert(token);
    return token;
}

session* state::find_session(std::string_view token)
{
    auto const found = sessions.find(std::string(token));
    return found == sessions.end() ? nullptr : &found->second;
}

bool state::end_session(std::string_view token)
{
    auto const found = sessions.find(std::string(token));
    if (found == sessions.end())
        return false;
    if (auto* who = find_account(found->second.user_id))
        who->sessions.erase(found->first);
    sessions.erase(found);
    return true;
}

void state::end_sessions(account& who)
{
    for (auto const& token : who.sessions)
        sessions.erase(token);
    who.sessions.clear();
}

std::vector<session const*> state::sessions_of(account const& who) const
{
    std::vector<session const*> all;
    all.reserve(who.sessions.size());
    for (auto const& token : who.sessions)
        if (auto const found = sessions.find(token); found != sessions.end())
            all.push_back(&found->second);
    std::sort(all.begin(), all.end(), [](session const* left, session const* right) {
        return std::tie(left->last_used, left->number) > std::tie(right->last_used, right->number);
    });
    return all;
}

std::string state::new_mail_token(mail_token meaning, time_point now, std::chrono::milliseconds life)
{
    auto token = random_base62(mail_token_length);
    mail_tokens.put(token, std::move(meaning), now, life);
    return token;
}

mail_token const* state::find_mail_token(std::string_view token, mail_purpose purpose, time_point now)
{
    auto const* found = mail_tokens.find(token, now);
    return found && found->purpose == purpose ? found : nullptr;
}

std::optional<mail_token> state::take_mail_token(std::string_view token, mail_purpose purpose, time_point now)
{
    if (!find_mail_token(token, purpose, now))
        return std::nullopt;
    return mail_tokens.take(token, now);
}

void state::send(
    std::string_view to, std::string_view kind, std::string_view page, std::string token, time_point now)
{
    sandbox_mail mail;
    mail.to = to;
    mail.kind = kind;
    mail.link = settings.origin + std::string(page) + "#token=" + token;
    mail.token = std::move(token);
    mail.time = now;
    mails.add(std::move(mail));
}

std::pair<account*, passkey*> state::find_passkey(std::string_view credential_id)
{
    auto const owner = ids_by_passkey.find(std::string(credential_id));
    auto* who = owner == ids_by_passkey.end() ? nullptr : find_account(owner->second);
    if (!who)
        return {nullptr, nullptr};
    for (auto& key : who->passkeys)
        if (key.credential_id == credential_id)
            return {who, &key};
    return {nullptr, nullptr};
}

} // namespace fluxer::auth::sandbox_detail
