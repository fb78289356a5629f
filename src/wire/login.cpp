#include "wire/decode.hpp"
#include "wire/encode.hpp"
#include "wire/json_document.hpp"
#include "wire/token_result.hpp"

#include <algorithm>

namespace fluxer::auth::wire {

namespace json = boost::json;

// Contract 5.5.
template <>
struct description<login_request>
{
    static constexpr auto fields = std::tuple(
        field("email", &login_request::email, rule::email),
        field("password", &login_request::password, rule::password),
        field("invite_code", &login_request::invite_code, rule::invite_code));
};

// Contract 5.4.
template <>
struct description<register_request>
{
    static constexpr auto fields = std::tuple(
        field("email", &register_request::email, rule::email),
        field("password", &register_request::password, rule::password),
        field("username", &register_request::username, rule::username),
        field("global_name", &register_request::global_name, rule::global_name),
        field("date_of_birth", &register_request::date_of_birth, rule::date),
        field("consent", &register_request::consent, true_rule()),
        field("invite_code", &register_request::invite_code, rule::invite_code));
};

// Contract 5.24.
template <>
struct description<username_suggestions_request>
{
    static constexpr auto fields =
        std::tuple(field("global_name", &username_suggestions_request::global_name, rule::global_name));
};

template <>
struct description<username_suggestions>
{
    static constexpr auto fields =
        std::tuple(field("suggestions", &username_suggestions::suggestions, presence::required));
};

// Contract 5.
template <>
struct description<mfa_challenge>
{
    static constexpr auto fields = std::tuple(
        field("ticket", &mfa_challenge::ticket, presence::required),
        field("allowed_methods", &mfa_challenge::allowed_methods, presence::lenient),
        field("sms_phone_hint", &mfa_challenge::sms_phone_hint, presence::lenient),
        field("sms", &mfa_challenge::sms, presence::lenient),
        field("totp", &mfa_challenge::totp, presence::lenient),
        field("webauthn", &mfa_challenge::webauthn, presence::lenient),
        field("backup_codes", &mfa_challenge::backup_codes, presence::lenient));
};

namespace {

// Newer servers leave flags out (contract 14).
void derive_flag(
    json::object const& from, std::string_view name, mfa_challenge& into, bool mfa_challenge::*flag)
{
    auto const* member = from.if_contains(name);
    if (member != nullptr && member->is_bool())
        return;
    auto const& methods = into.allowed_methods;
    into.*flag = std::find(methods.begin(), methods.end(), name) != methods.end();
}

bool read_challenge(json::value const& from, mfa_challenge& into, std::string& problem)
{
    if (!read_object(from, into, problem))
        return false;
    auto const& object = from.get_object();
    derive_flag(object, "sms", into, &mfa_challenge::sms);
    derive_flag(object, "totp", into, &mfa_challenge::totp);
    derive_flag(object, "webauthn", into, &mfa_challenge::webauthn);
    return true;
}

bool is_challenge(json::object const& object) noexcept
{
    auto const* mfa = object.if_contains("mfa");
    return mfa != nullptr && mfa->is_bool() && mfa->get_bool();
}

} // namespace

template <>
struct answer_reader<login_result>
{
    static bool read(json::value const& from, login_result& into, std::string& problem)
    {
        auto const* object = from.if_object();
        if (object == nullptr) {
            problem = "the answer is not a JSON object";
            return false;
        }
        // `mfa` decides, not the absence of `token` (contract 5).
        if (is_challenge(*object))
            return read_challenge(from, into.emplace<mfa_challenge>(), problem);
        if (read_value(from, into.emplace<session>()))
            return true;
        if (!has_string(*object, "token") && is_error(from, problem))
            return false;
        into.emplace<other_answer>(json::value(from, json::storage_ptr()));
        return true;
    }
};

encoded encode(auth::operation operation, login_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, register_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, username_suggestions_request const& request)
{
    return encode_model(operation, request);
}

template std::optional<session> decode<session>(std::string_view, std::string&);
template std::optional<login_result> decode<login_result>(std::string_view, std::string&);
template std::optional<username_suggestions> decode<username_suggestions>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
