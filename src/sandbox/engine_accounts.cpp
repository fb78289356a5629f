#include "sandbox/crypto.hpp"
#include "sandbox/engine.hpp"
#include "sandbox/random.hpp"
#include "sandbox/totp.hpp"

#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t totp_key_bytes = 20;
constexpr int backup_code_count = 10;
constexpr std::chrono::hours revert_life{48};

std::string backup_code()
{
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    return random_text(alphabet, 4) + "-" + random_text(alphabet, 4);
}

} // namespace

std::string engine::create_account(sandbox_account const& wanted)
{
    return with_state([&wanted](state& server, time_point now) {
        if (!wanted.email.empty() && server.find_account_by_email(wanted.email))
            throw std::invalid_argument("the address is taken: " + wanted.email);
        auto& made = server.add_account(wanted.email, now);
        if (!wanted.password.empty())
            made.password_hash = hash_password(wanted.password);
        made.username = wanted.username.empty() ? "user_" + random_hex(8) : wanted.username;
        made.verified = wanted.verified;
        made.authorized_ips.insert(wanted.authorized_ips.begin(), wanted.authorized_ips.end());
        if (wanted.authorized_ips.empty())
            made.authorized_ips.insert(server.settings.client_ip);
        return made.id;
    });
}

std::string engine::enable_totp(std::string_view email)
{
    return with_account(email, [](state&, account& who, time_point) {
        who.totp_key = random_bytes(totp_key_bytes);
        return base32_encode(who.totp_key);
    });
}

std::string engine::totp_code(std::string_view email)
{
    return with_account(email, [](state&, account& who, time_point now) {
        if (who.totp_key.empty())
            throw std::invalid_argument("the account has no TOTP: " + who.email);
        return sandbox_detail::totp_code(who.totp_key, now);
    });
}

std::vector<std::string> engine::add_backup_codes(std::string_view email)
{
    return with_account(email, [](state&, account& who, time_point) {
        std::vector<std::string> codes;
        codes.reserve(backup_code_count);
        for (int i = 0; i < backup_code_count; ++i)
            codes.push_back(backup_code());
        who.backup_codes.insert(codes.begin(), codes.end());
        return codes;
    });
}

void engine::enable_sms(std::string_view email, std::string phone)
{
    with_account(email, [&phone](state&, account& who, time_point) {
        who.phone = std::move(phone);
        who.sms = true;
    });
}

void engine::add_passkey(
    std::string_view email, std::string credential_id, std::span<unsigned char const> key,
    std::string user_handle)
{
    auto parsed = parse_public_key(key);
    if (!parsed)
        throw std::invalid_argument("the public key is neither SubjectPublicKeyInfo nor COSE_Key of P-256");
    with_account(email, [&](state& server, account& who, time_point) {
        if (!server.ids_by_passkey.emplace(credential_id, who.id).second)
            throw std::invalid_argument("the credential id is taken");
        who.passkeys.push_back({std::move(credential_id), std::move(user_handle), std::move(parsed), 0});
    });
}

void engine::start_email_change(std::string_view email, std::string new_email)
{
    with_account(email, [&new_email](state& server, account& who, time_point now) {
        if (server.find_account_by_email(new_email))
            throw std::invalid_argument("the address is taken: " + new_email);
        auto token = server.new_mail_token({mail_purpose::email_revert, who.id, who.email}, now, revert_life);
        server.send(who.email, "email_revert", "/wasntme", std::move(token), now);
        server.change_email(who, std::move(new_email));
    });
}

std::string engine::create_session(std::string_view email)
{
    return with_account(email, [](state& server, account& who, time_point now) {
        return server.add_session(who, {server.settings.client_ip, {}, false}, now);
    });
}

std::string engine::create_bot_token(std::string_view email)
{
    return with_account(email, [](state& server, account& who, time_point) {
        auto token = random_base62(64);
        server.bot_tokens[token] = who.id;
        return token;
    });
}

std::string engine::create_oauth_token(std::string_view email)
{
    return with_account(email, [](state& server, account& who, time_point) {
        auto token = random_base62(64);
        server.oauth_tokens[token] = who.id;
        return token;
    });
}

std::vector<std::string> engine::sessions_of(std::string_view email)
{
    return with_account(email, [](state& server, account& who, time_point) {
        std::vector<std::string> hashes;
        for (auto const* one : server.sessions_of(who))
            hashes.push_back(one->id_hash);
        return hashes;
    });
}

} // namespace fluxer::auth::sandbox_detail
