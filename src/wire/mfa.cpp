#include "wire/decode.hpp"
#include "wire/encode.hpp"

namespace fluxer::auth::wire {

namespace json = boost::json;

// Contract 5.6.
template <>
struct description<mfa_totp_request>
{
    static constexpr auto fields = std::tuple(
        field("code", &mfa_totp_request::code, rule::text),
        field("ticket", &mfa_totp_request::ticket, rule::text));
};

// Contract 5.8.
template <>
struct description<mfa_sms_request>
{
    static constexpr auto fields = std::tuple(
        field("code", &mfa_sms_request::code, rule::text),
        field("ticket", &mfa_sms_request::ticket, rule::text));
};

// Contract 5.7, 5.9, 5.20.
template <>
struct description<mfa_ticket_request>
{
    static constexpr auto fields = std::tuple(field("ticket", &mfa_ticket_request::ticket, rule::text));
};

// Contract 5.10.
template <>
struct description<webauthn_mfa_request>
{
    static constexpr auto fields = std::tuple(
        field("response", &webauthn_mfa_request::response, object_rule{.is_assertion = true}),
        field("challenge", &webauthn_mfa_request::challenge, rule::text),
        field("ticket", &webauthn_mfa_request::ticket, rule::text));
};

// Contract 5.23.
template <>
struct description<webauthn_authenticate_request>
{
    static constexpr auto fields = std::tuple(
        field("response", &webauthn_authenticate_request::response, object_rule{.is_assertion = true}),
        field("challenge", &webauthn_authenticate_request::challenge, rule::text));
};

// Options for an authenticator are handed on untouched (contract 5.9, 5.22).
template <>
struct answer_reader<json::value>
{
    static bool read(json::value const& from, json::value& into, std::string& problem)
    {
        auto const* object = from.if_object();
        if (object == nullptr) {
            problem = "the answer is not a JSON object";
            return false;
        }
        auto const* challenge = object->if_contains("challenge");
        if (challenge == nullptr || !challenge->is_string()) {
            problem = member_problem("challenge", challenge == nullptr ? "is missing" : "is not a string");
            return false;
        }
        into = json::value(from, json::storage_ptr());
        return true;
    }
};

encoded encode(auth::operation operation, mfa_totp_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, mfa_sms_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, mfa_ticket_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, webauthn_mfa_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, webauthn_authenticate_request const& request)
{
    return encode_model(operation, request);
}

template std::optional<json::value> decode<json::value>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
