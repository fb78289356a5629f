#include "wire/decode.hpp"
#include "wire/encode.hpp"

namespace fluxer::auth::wire {

// Contract 5.12.
template <>
struct description<verify_email_request>
{
    static constexpr auto fields = std::tuple(field("token", &verify_email_request::token, rule::mail_token));
};

// Contract 5.14.
template <>
struct description<forgot_password_request>
{
    static constexpr auto fields = std::tuple(field("email", &forgot_password_request::email, rule::email));
};

// Contract 5.15.
template <>
struct description<reset_password_request>
{
    static constexpr auto fields = std::tuple(
        field("token", &reset_password_request::token, rule::mail_token),
        field("password", &reset_password_request::password, rule::password));
};

// Contract 14, derived.
template <>
struct description<validate_reset_token_request>
{
    static constexpr auto fields =
        std::tuple(field("token", &validate_reset_token_request::token, rule::mail_token));
};

template <>
struct description<check_username_request>
{
    static constexpr auto fields =
        std::tuple(field("username", &check_username_request::username, rule::username));
};

template <>
struct description<username_availability>
{
    static constexpr auto fields =
        std::tuple(field("available", &username_availability::available, presence::required));
};

// Contract 5.16.
template <>
struct description<email_revert_request>
{
    static constexpr auto fields = std::tuple(
        field("token", &email_revert_request::token, rule::mail_token),
        field("password", &email_revert_request::password, rule::password));
};

// Contract 5.19.
template <>
struct description<authorize_ip_request>
{
    static constexpr auto fields = std::tuple(field("token", &authorize_ip_request::token, rule::text));
};

encoded encode(auth::operation operation, verify_email_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, forgot_password_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, reset_password_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, validate_reset_token_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, check_username_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, email_revert_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, authorize_ip_request const& request)
{
    return encode_model(operation, request);
}

// A success says that the token is valid, with or without a body, unless the body says otherwise.
template <>
std::optional<reset_token_validity> decode<reset_token_validity>(std::string_view body, std::string& problem)
{
    if (!is_empty_or_json(body, problem))
        return std::nullopt;
    json_document const document(body);
    reset_token_validity decoded;
    auto const* const object = document.root() == nullptr ? nullptr : document.root()->if_object();
    auto const* const valid = object == nullptr ? nullptr : object->if_contains("valid");
    if (valid != nullptr && valid->is_bool())
        decoded.valid = valid->get_bool();
    return decoded;
}

template std::optional<username_availability> decode<username_availability>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
