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

encoded encode(auth::operation operation, email_revert_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, authorize_ip_request const& request)
{
    return encode_model(operation, request);
}

} // namespace fluxer::auth::wire
