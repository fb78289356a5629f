#ifndef FLUXER_AUTH_SANDBOX_STATE_HPP
#define FLUXER_AUTH_SANDBOX_STATE_HPP

#include "fluxer/auth_sandbox.hpp"

#include "sandbox/expiring_map.hpp"
#include "sandbox/outbox.hpp"
#include "sandbox/passkey.hpp"
#include "sandbox/rate_limits.hpp"

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace fluxer::auth::sandbox_detail {

/// What a session records of the program that made it (contract 9.4).
struct client_trace
{
    std::string ip;
    std::string user_agent;
    bool desktop = false;
};

struct account
{
    std::string id;
    std::string email; // as entered; empty if unclaimed
    std::string password_hash;
    std::string username;
    std::string global_name;
    bool verified = false;
    bool bot = false;
    int suspicious_flags = 0;
    sandbox_suspension suspension = sandbox_suspension::none;

    std::set<std::string> authorized_ips;
    std::unordered_set<std::string> sessions; // tokens

    std::string totp_key; // raw; empty: switched off
    std::unordered_map<std::string, time_point> spent_totp_codes;
    std::set<std::string> backup_codes;
    std::string phone;
    bool sms = false;
    std::string sms_code;
    time_point sms_code_expires{};
    std::optional<std::string> last_sms;
    std::vector<passkey> passkeys;

    bool has_mfa() const { return !totp_key.empty() || sms || !passkeys.empty(); }
};

struct session
{
    std::string id_hash;
    std::string user_id;
    client_trace client;
    time_point last_used{};
    std::uint64_t number = 0; // orders sessions used in the same millisecond
};

enum class mail_purpose { verify, reset, email_revert, ip_authorization };

struct mail_token
{
    mail_purpose purpose;
    std::string user_id;
    std::string detail; // e-mail address to go back to, or IP ticket
};

enum class challenge_purpose { login, mfa, sudo };

struct challenge
{
    challenge_purpose purpose;
    std::string user_id; // empty for `login`
    std::string ticket;  // of `mfa`
};

struct ip_ticket
{
    std::string user_id;
    std::string email;
    std::string mail_token;
    client_trace client;
    time_point resend_at{};
    bool resent = false;
};

struct token_result
{
    std::string token;
    std::string user_id;
};

struct waiting_handoff
{
    std::string poll_secret; // empty: of the generation without
    client_trace device;     // the one that waits
    time_point expires{};
    bool denied = false;
    std::optional<token_result> result; // set when completed
};

struct state
{
    explicit state(sandbox_options initial)
        : settings(std::move(initial))
    {}

    /// Forgets everything but settings.
    void clear();

    bool newer() const { return settings.generation == sandbox_generation::g2026_09; }

    account* find_account(std::string_view id);
    account* find_account_by_email(std::string_view email);
    account& add_account(std::string email, time_point now);
    bool has_username(std::string_view name) const;
    void change_email(account& who, std::string email);

    /// Makes a session and returns its token.
    std::string add_session(account& who, client_trace client, time_point now);
    session* find_session(std::string_view token);
    bool end_session(std::string_view token);
    void end_sessions(account& who);
    std::vector<session const*> sessions_of(account const& who) const;

    std::string new_mail_token(mail_token meaning, time_point now, std::chrono::milliseconds life);
    /// Takes a token only if it was made for that purpose.
    std::optional<mail_token> take_mail_token(std::string_view token, mail_purpose purpose, time_point now);
    mail_token const* find_mail_token(std::string_view token, mail_purpose purpose, time_point now);
    void send(
        std::string_view to, std::string_view kind, std::string_view page, std::string token, time_point now);

    /// The account that a passkey belongs to, with the passkey.
    std::pair<account*, passkey*> find_passkey(std::string_view credential_id);

    sandbox_options settings;
    std::string server_url; // without path
    std::string ca_pem;
    std::string sudo_key;
    std::string altcha_key;

    std::unordered_map<std::string, account> accounts;           // by id
    std::unordered_map<std::string, std::string> ids_by_email;   // lower case
    std::unordered_map<std::string, std::string> ids_by_passkey; // by credential id
    std::unordered_map<std::string, session> sessions;           // by token
    std::unordered_map<std::string, std::string> bot_tokens;
    std::unordered_map<std::string, std::string> oauth_tokens;

    expiring_map<std::string> mfa_tickets; // user id
    expiring_map<challenge> challenges;
    expiring_map<std::string> sso_states; // path to return to
    expiring_map<mail_token> mail_tokens;
    expiring_map<ip_ticket> ip_tickets;
    expiring_map<token_result> ip_results;
    expiring_map<waiting_handoff> handoffs; // by code
    expiring_map<unsigned> handoff_strikes; // bad codes by IP (contract 14)
    expiring_map<bool> spent_captchas;      // ALTCHA challenges
    expiring_map<unsigned> recent_errors;   // by IP
    expiring_map<bool> error_bans;          // by IP

    outbox mails;
    rate_limiter limits;
    std::set<std::string> banned_ips;

private:
    std::uint64_t last_id_ = 0;
    std::uint64_t session_count_ = 0;
};

} // namespace fluxer::auth::sandbox_detail

#endif
