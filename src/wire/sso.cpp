#include "wire/decode.hpp"
#include "wire/encode.hpp"

namespace fluxer::auth::wire {

// Contract 5.1.
template <>
struct description<sso_status>
{
    static constexpr auto fields = std::tuple(
        field("enabled", &sso_status::enabled, presence::required),
        field("enforced", &sso_status::enforced, presence::lenient),
        field("display_name", &sso_status::display_name, presence::lenient),
        field("redirect_uri", &sso_status::redirect_uri, presence::lenient));
};

// Contract 5.2.
template <>
struct description<sso_start_request>
{
    static constexpr auto fields = std::tuple(field(
        "redirect_to", &sso_start_request::redirect_to, text_rule{.maximum = 2048, .empty_is_absent = true}));
};

template <>
struct description<sso_start>
{
    static constexpr auto fields = std::tuple(
        field("authorization_url", &sso_start::authorization_url, presence::required),
        field("state", &sso_start::state, presence::required),
        field("redirect_uri", &sso_start::redirect_uri, presence::lenient));
};

// Contract 5.3.
template <>
struct description<sso_complete_request>
{
    static constexpr auto fields = std::tuple(
        field("code", &sso_complete_request::code, rule::text),
        field("state", &sso_complete_request::state, rule::text));
};

template <>
struct description<sso_completion>
{
    static constexpr auto fields = std::tuple(
        field("token", &sso_completion::token, presence::required),
        field("user_id", &sso_completion::user_id, presence::required),
        field("redirect_to", &sso_completion::redirect_to, presence::lenient));
};

encoded encode(auth::operation operation, sso_start_request const& request)
{
    return encode_model(operation, request);
}

encoded encode(auth::operation operation, sso_complete_request const& request)
{
    return encode_model(operation, request);
}

template std::optional<sso_status> decode<sso_status>(std::string_view, std::string&);
template std::optional<sso_start> decode<sso_start>(std::string_view, std::string&);
template std::optional<sso_completion> decode<sso_completion>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
