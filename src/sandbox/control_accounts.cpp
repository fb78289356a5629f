#include "sandbox/control_accounts.hpp"

#include "core/encoding.hpp"
#include "sandbox/engine.hpp"
#include "sandbox/errors.hpp"
#include "sandbox/text.hpp"
#include "sandbox/totp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

[[noreturn]] void wrong_type(std::string_view name)
{
    throw std::invalid_argument(std::string(name) + " is missing or has the wrong type");
}

std::vector<std::string> texts(boost::json::value const* value, std::string_view name)
{
    std::vector<std::string> all;
    auto const* items = value ? value->if_array() : nullptr;
    if (value && !items)
        wrong_type(name);
    for (auto const& item : items ? *items : boost::json::array{}) {
        if (!item.is_string())
            wrong_type(name);
        all.emplace_back(item.get_string());
    }
    return all;
}

sandbox_suspension suspension_from(std::string_view name)
{
    if (name == "none")
        return sandbox_suspension::none;
    if (name == "temporary")
        return sandbox_suspension::temporary;
    if (name == "permanent")
        return sandbox_suspension::permanent;
    throw std::invalid_argument("suspended must be none, temporary or permanent");
}

void add_passkey(control_call const& now, std::string const& email, boost::json::object const& passkey)
{
    auto const member = [&passkey](std::string_view name) {
        auto const* value = passkey.if_contains(name);
        return value && value->is_string() ? std::string(value->get_string()) : std::string{};
    };
    auto const key = core::base64url_decode(member("public_key"));
    if (!key)
        throw std::invalid_argument("passkey.public_key must be base64url without padding");
    now.server.add_passkey(
        email, member("credential_id"), {reinterpret_cast<unsigned char const*>(key->data()), key->size()},
        member("user_handle"));
}

void apply_flags(control_call const& now, std::string const& email)
{
    auto const suspended = now.text("suspended");
    auto const suspension = suspended ? std::optional{suspension_from(*suspended)} : std::nullopt;
    now.server.with_account(email, [&](state&, account& who, time_point) {
        who.suspension = suspension.value_or(who.suspension);
        who.bot = now.flag("bot").value_or(who.bot);
        who.verified = now.flag("verified").value_or(who.verified);
        who.suspicious_flags =
            static_cast<int>(now.number("suspicious_flags").value_or(who.suspicious_flags));
    });
}

void create_unless_there(control_call const& now, std::string const& email)
{
    bool const there = now.server.with_state(
        [&email](state& st, time_point) { return st.find_account_by_email(email) != nullptr; });
    if (there)
        return;
    sandbox_account wanted(email, now.text("password").value_or(""));
    wanted.username = now.text("username").value_or("");
    wanted.authorized_ips = texts(now.member("authorized_ips"), "authorized_ips");
    now.server.create_account(wanted);
}

std::string user_id_of(control_call const& now, std::string const& email)
{
    return now.server.with_account(email, [](state&, account& who, time_point) { return who.id; });
}

} // namespace

control_call::control_call(engine& target, request const& in)
    : server(target)
    , in_(in)
{
    if (in.body.empty())
        return;
    boost::system::error_code failure;
    body_ = boost::json::parse(in.body, failure);
    if (failure || !body_.is_object())
        throw std::invalid_argument("the body must be a JSON object");
}

std::string control_call::parameter(std::string_view name) const
{
    return query_parameter(in_.query(), name).value_or("");
}

boost::json::value const* control_call::member(std::string_view name) const
{
    auto const* members = body_.if_object();
    return members ? members->if_contains(name) : nullptr;
}

std::optional<std::string> control_call::text(std::string_view name) const
{
    auto const* value = member(name);
    if (!value)
        return std::nullopt;
    if (!value->is_string())
        wrong_type(name);
    return std::string(value->get_string());
}

std::string control_call::required_text(std::string_view name) const
{
    auto value = text(name);
    if (!value)
        wrong_type(name);
    return *value;
}

std::optional<bool> control_call::flag(std::string_view name) const
{
    auto const* value = member(name);
    if (!value)
        return std::nullopt;
    if (!value->is_bool())
        wrong_type(name);
    return value->get_bool();
}

std::optional<std::int64_t> control_call::number(std::string_view name) const
{
    auto const* value = member(name);
    if (!value)
        return std::nullopt;
    if (!value->is_int64())
        wrong_type(name);
    return value->get_int64();
}

reply control_set_account(control_call const& now)
{
    auto const email = now.required_text("email");
    create_unless_there(now, email);
    apply_flags(now, email);
    boost::json::object body;
    body["user_id"] = user_id_of(now, email);
    if (now.flag("totp").value_or(false))
        body["totp_secret"] = now.server.enable_totp(email);
    if (now.flag("backup_codes").value_or(false)) {
        boost::json::array codes;
        for (auto const& code : now.server.add_backup_codes(email))
            codes.emplace_back(code);
        body["backup_codes"] = std::move(codes);
    }
    if (auto phone = now.text("sms_phone"))
        now.server.enable_sms(email, std::move(*phone));
    if (auto const* passkey = now.member("passkey")) {
        if (!passkey->is_object())
            wrong_type("passkey");
        add_passkey(now, email, passkey->get_object());
    }
    return json_reply(body);
}

reply control_get_account(control_call const& now)
{
    return now.server.with_account(now.parameter("email"), [](state&, account& who, time_point at) {
        boost::json::object body;
        body["user_id"] = who.id;
        body["email"] = who.email;
        body["username"] = who.username;
        body["verified"] = who.verified;
        body["totp"] = !who.totp_key.empty();
        if (!who.totp_key.empty())
            body["totp_code"] = totp_code(who.totp_key, at);
        body["sms"] = who.sms;
        body["passkeys"] = who.passkeys.size();
        body["sessions"] = who.sessions.size();
        return json_reply(body);
    });
}

reply control_change_email(control_call const& now)
{
    now.server.start_email_change(now.required_text("email"), now.required_text("new_email"));
    return no_content();
}

reply control_get_sms(control_call const& now)
{
    return now.server.with_account(now.parameter("email"), [](state&, account& who, time_point) {
        boost::json::object body;
        body["code"] = who.last_sms ? boost::json::value(*who.last_sms) : boost::json::value(nullptr);
        return json_reply(body);
    });
}

reply control_get_sessions(control_call const& now)
{
    boost::json::object body;
    if (auto const token = now.parameter("token"); !token.empty()) {
        body["active"] = now.server.with_state(
            [&token](state& st, time_point) { return st.find_session(token) != nullptr; });
        return json_reply(body);
    }
    boost::json::array hashes;
    for (auto const& hash : now.server.sessions_of(now.parameter("email")))
        hashes.emplace_back(hash);
    body["id_hashes"] = std::move(hashes);
    return json_reply(body);
}

reply control_add_session(control_call const& now)
{
    auto const email = now.required_text("email");
    boost::json::object body;
    body["token"] = now.server.create_session(email);
    body["user_id"] = user_id_of(now, email);
    return json_reply(body);
}

reply control_end_session(control_call const& now)
{
    auto const token = now.parameter("token");
    boost::json::object body;
    body["ended"] = now.server.with_state([&token](state& st, time_point) { return st.end_session(token); });
    return json_reply(body);
}

reply control_add_token(control_call const& now)
{
    auto const email = now.required_text("email");
    auto const kind = now.required_text("kind");
    if (kind != "bot" && kind != "oauth")
        throw std::invalid_argument("kind must be bot or oauth");
    boost::json::object body;
    body["token"] = kind == "bot" ? now.server.create_bot_token(email) : now.server.create_oauth_token(email);
    return json_reply(body);
}

} // namespace fluxer::auth::sandbox_detail
