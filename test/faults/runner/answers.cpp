#include "answers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace json = boost::json;

json::string text_of(std::string_view text)
{
    return json::string(text.data(), text.size());
}

json::value optional_text(std::optional<std::string> const& text)
{
    return text ? json::value(text_of(*text)) : json::value(nullptr);
}

json::object json_of(session const& from)
{
    json::object made;
    made["token"] = text_of(from.token.reveal());
    made["user_id"] = text_of(from.user_id.str());
    return made;
}

json::value json_of(std::optional<session> const& from)
{
    return from ? json::value(json_of(*from)) : json::value(nullptr);
}

json::value json_of(std::monostate)
{
    return nullptr;
}

json::value json_of(json::value const& from)
{
    return from;
}

json::value json_of(sso_status const& from)
{
    json::object made;
    made["enabled"] = from.enabled;
    made["enforced"] = from.enforced;
    made["display_name"] = optional_text(from.display_name);
    made["redirect_uri"] = text_of(from.redirect_uri);
    return made;
}

json::value json_of(sso_start const& from)
{
    json::object made;
    made["authorization_url"] = text_of(from.authorization_url);
    made["state"] = text_of(from.state.reveal());
    made["redirect_uri"] = text_of(from.redirect_uri);
    return made;
}

json::value json_of(sso_completion const& from)
{
    json::object made;
    made["token"] = text_of(from.token.reveal());
    made["user_id"] = text_of(from.user_id.str());
    made["redirect_to"] = text_of(from.redirect_to);
    return made;
}

json::value json_of(mfa_challenge const& from)
{
    json::object made;
    made["mfa"] = true;
    made["ticket"] = text_of(from.ticket.reveal());
    json::array methods;
    for (auto const& method : from.allowed_methods)
        methods.emplace_back(text_of(method));
    made["allowed_methods"] = std::move(methods);
    made["sms_phone_hint"] = optional_text(from.sms_phone_hint);
    made["sms"] = from.sms;
    made["totp"] = from.totp;
    made["webauthn"] = from.webauthn;
    return made;
}

json::value json_of(login_result const& from)
{
    if (auto const* made = std::get_if<session>(&from))
        return json_of(*made);
    if (auto const* challenge = std::get_if<mfa_challenge>(&from))
        return json_of(*challenge);
    return std::get<other_answer>(from).body;
}

json::value json_of(std::vector<auth_session> const& from)
{
    json::array made;
    for (auto const& each : from) {
        json::object one;
        one["id_hash"] = text_of(each.id_hash);
        made.emplace_back(std::move(one));
    }
    return made;
}

json::value json_of(ip_authorization_poll const& from)
{
    json::object made;
    made["completed"] = from.completed;
    made["session"] = json_of(from.session);
    return made;
}

json::value json_of(username_suggestions const& from)
{
    json::array list;
    for (auto const& each : from.suggestions)
        list.emplace_back(text_of(each));
    json::object made;
    made["suggestions"] = std::move(list);
    return made;
}

json::value json_of(handoff const& from)
{
    json::object made;
    made["code"] = text_of(from.code.reveal());
    return made;
}

json::value json_of(handoff_status const& from)
{
    json::object made;
    made["status"] = text_of(from.status);
    made["session"] = json_of(from.session);
    return made;
}

constexpr std::pair<errc, std::string_view> codes[] = {
    {errc::invalid_request, "invalid_request"},
    {errc::invalid_option, "invalid_option"},
    {errc::shut_down, "shut_down"},
    {errc::queue_full, "queue_full"},
    {errc::no_passkey, "no_passkey"},
    {errc::wrong_passphrase, "wrong_passphrase"},
    {errc::captcha_expired, "captcha_expired"},
    {errc::captcha_unsolved, "captcha_unsolved"},
    {errc::cancelled, "cancelled"},
    {errc::timed_out, "timed_out"},
    {errc::resolve_failed, "resolve_failed"},
    {errc::connect_failed, "connect_failed"},
    {errc::proxy_failed, "proxy_failed"},
    {errc::tls_failed, "tls_failed"},
    {errc::tls_untrusted, "tls_untrusted"},
    {errc::tls_expired, "tls_expired"},
    {errc::tls_wrong_host, "tls_wrong_host"},
    {errc::connection_lost, "connection_lost"},
    {errc::protocol_error, "protocol_error"},
    {errc::header_too_large, "header_too_large"},
    {errc::body_too_large, "body_too_large"},
    {errc::unexpected_answer, "unexpected_answer"},
    {errc::not_an_instance, "not_an_instance"},
    {errc::rejected_input, "rejected_input"},
    {errc::rejected, "rejected"},
    {errc::captcha_required, "captcha_required"},
    {errc::captcha_invalid, "captcha_invalid"},
    {errc::ip_authorization_required, "ip_authorization_required"},
    {errc::sudo_required, "sudo_required"},
    {errc::sso_required, "sso_required"},
    {errc::unauthorized, "unauthorized"},
    {errc::passkey_failed, "passkey_failed"},
    {errc::suspended, "suspended"},
    {errc::forbidden, "forbidden"},
    {errc::feature_disabled, "feature_disabled"},
    {errc::not_supported_by_server, "not_supported_by_server"},
    {errc::not_found, "not_found"},
    {errc::rate_limited, "rate_limited"},
    {errc::resend_cooldown, "resend_cooldown"},
    {errc::resend_limit, "resend_limit"},
    {errc::server_error, "server_error"},
    {errc::overloaded, "overloaded"},
    {errc::proxy_error, "proxy_error"},
};

} // namespace

json::value json_of(conformance::answer const& from)
{
    return std::visit([](auto const& value) { return json::value(json_of(value)); }, from);
}

std::string_view name_of(errc value)
{
    for (auto const& [code, name] : codes)
        if (code == value)
            return name;
    return "an unknown code";
}

errc errc_named(std::string_view name)
{
    for (auto const& [code, known] : codes)
        if (known == name)
            return code;
    return errc{};
}

std::string_view name_of(retry_advice value)
{
    constexpr std::array<std::string_view, 4> names{"no", "yes", "after_wait", "may_have_run"};
    return names[static_cast<std::size_t>(value)];
}

} // namespace fluxer::auth::faults
