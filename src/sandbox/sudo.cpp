#include "sandbox/crypto.hpp"
#include "sandbox/jwt.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

std::string cookie_name(account const& who)
{
    return "__flx_sudo_" + who.id;
}

std::string_view cookie(request const& in, std::string const& name)
{
    auto cookies = in.header("cookie");
    while (!cookies.empty()) {
        auto pair = cookies.substr(0, cookies.find(';'));
        cookies.remove_prefix(std::min(cookies.size(), pair.size() + 1));
        pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return pair.substr(name.size() + 1);
    }
    return {};
}

void hand_out(call& now, std::string const& token)
{
    now.extra_headers.emplace_back("x-fluxer-sudo-mode-jwt", token);
    now.extra_headers.emplace_back(
        "set-cookie", cookie_name(*now.user) + "=" + token + "; Max-Age=300; Path=/; HttpOnly; SameSite=Lax");
}

/// A valid token is sent back as it is, not extended (contract 8.4).
bool passes_with_token(call& now)
{
    for (auto const token :
         {now.in.header("x-fluxer-sudo-mode-jwt"), cookie(now.in, cookie_name(*now.user))}) {
        if (!token.empty() && is_sudo_token(now.server.sudo_key, token, now.user->id, now.now)) {
            hand_out(now, std::string(token));
            return true;
        }
    }
    return false;
}

bool second_factor_is_good(call& now, sudo_proof const& proof)
{
    auto& who = *now.user;
    if (*proof.method == "totp")
        return proof.code && spend_totp_code(who, *proof.code, now.now);
    if (*proof.method == "sms")
        return proof.code && spend_sms_code(who, *proof.code, now.now);
    challenge const expected{challenge_purpose::sudo, who.id, {}};
    return proof.webauthn_challenge && proof.webauthn_response &&
           check_passkey(now, proof.webauthn_response, *proof.webauthn_challenge, expected).who;
}

/// What the account can prove itself with (contract 8.5).
boost::json::object methods_of(call const& now)
{
    boost::json::object methods;
    methods["totp"] = !now.user->totp_key.empty();
    methods["sms"] = now.user->sms && !now.newer();
    methods["webauthn"] = !now.user->passkeys.empty();
    methods["has_mfa"] = now.user->has_mfa();
    return methods;
}

reply sudo_required(call const& now)
{
    boost::json::object extra;
    extra["has_mfa"] = now.user->has_mfa();
    if (now.newer())
        extra["methods"] = methods_of(now);
    return api_error(403, "SUDO_MODE_REQUIRED", std::move(extra));
}

} // namespace

sudo_proof read_sudo_proof(form& fields)
{
    sudo_proof proof;
    proof.password = fields.password("password", presence::optional);
    proof.method = fields.one_of("mfa_method", {"totp", "sms", "webauthn"});
    proof.code = fields.optional_text("mfa_code", presence::optional, 1, 32);
    proof.webauthn_challenge = fields.optional_text("webauthn_challenge", presence::optional);
    // The body that it points into outlives the handler's use of it.
    proof.webauthn_response = fields.object("webauthn_response");
    return proof;
}

std::optional<reply> sudo_error(call& now, sudo_proof const& proof)
{
    auto const& who = *now.user;
    if (passes_with_token(now))
        return std::nullopt;
    if (who.has_mfa()) {
        if (!proof.method)
            return sudo_required(now);
        if (!second_factor_is_good(now, proof))
            return coded_form_error("mfa_code", "INVALID_MFA_CODE");
        hand_out(now, make_sudo_token(now.server.sudo_key, who.id, now.now));
        return std::nullopt;
    }
    if (who.password_hash.empty())
        return proof.password ? std::optional{coded_form_error("password", "PASSWORD_NOT_SET")}
                              : std::nullopt;
    if (!proof.password)
        return sudo_required(now);
    if (!password_matches(*proof.password, who.password_hash))
        return coded_form_error("password", "INVALID_PASSWORD");
    return std::nullopt;
}

reply list_sudo_methods(call& now)
{
    return json_reply(methods_of(now));
}

reply send_sudo_sms_code(call& now)
{
    if (!now.user->sms)
        return api_error(400, "SMS_MFA_NOT_ENABLED");
    send_sms_code(now, *now.user);
    return no_content();
}

reply get_sudo_webauthn_options(call& now)
{
    if (now.user->passkeys.empty())
        return api_error(400, "NO_PASSKEYS_REGISTERED");
    return webauthn_options_reply(now, {challenge_purpose::sudo, now.user->id, {}}, now.user);
}

} // namespace fluxer::auth::sandbox_detail
