#include "wire/decode.hpp"
#include "wire/encode.hpp"
#include "wire/session_client.hpp"
#include "wire/token_result.hpp"

namespace fluxer::auth::wire {

// Contract 5.25, 14.
template <>
struct description<handoff>
{
    static constexpr auto fields = std::tuple(
        field("code", &handoff::code, presence::required),
        field("expires_at", &handoff::expires_at, presence::required),
        field("poll_secret", &handoff::poll_secret, presence::lenient),
        field("return_method", &handoff::return_method, presence::lenient));
};

// Contract 5.26.
template <>
struct description<handoff_complete_request>
{
    static constexpr auto fields = std::tuple(
        field("code", &handoff_complete_request::code, rule::text),
        field("token", &handoff_complete_request::token, rule::text),
        field("user_id", &handoff_complete_request::user_id, rule::text));
};

// Contract 14: with a POST of get_handoff_status, and with cancel_handoff.
template <>
struct description<handoff_reference>
{
    static constexpr auto fields =
        std::tuple(field("poll_secret", &handoff_reference::poll_secret, rule::text));
};

// Contract 14.
template <>
struct description<handoff_completion>
{
    static constexpr auto fields =
        std::tuple(field("return_url", &handoff_completion::return_url, presence::lenient));
};

// Contract 14, derived.
template <>
struct description<handoff_info>
{
    static constexpr auto fields = std::tuple(
        field("status", &handoff_info::status, presence::lenient),
        field("client_info", &handoff_info::client_info, presence::lenient),
        field("masked_ip", &handoff_info::masked_ip, presence::lenient),
        field("expires_at", &handoff_info::expires_at, presence::lenient),
        field("return_method", &handoff_info::return_method, presence::lenient));
};

// Contract 5.27: the session's members stand beside `status`.
template <>
struct description<handoff_status>
{
    static constexpr auto fields = std::tuple(field("status", &handoff_status::status, presence::required));
};

namespace {

handoff_state state_of(std::string_view word) noexcept
{
    if (word == "pending")
        return handoff_state::pending;
    if (word == "completed")
        return handoff_state::completed;
    if (word == "expired")
        return handoff_state::expired;
    if (word == "denied")
        return handoff_state::denied;
    return handoff_state::other;
}

} // namespace

template <>
struct answer_reader<handoff_status>
{
    static bool read(boost::json::value const& from, handoff_status& into, std::string& problem)
    {
        if (!read_object(from, into, problem))
            return false;
        into.state = state_of(into.status);
        return into.state != handoff_state::completed || read_object(from, into.session.emplace(), problem);
    }
};

template <>
struct answer_reader<handoff_info>
{
    static bool read(boost::json::value const& from, handoff_info& into, std::string& problem)
    {
        if (!read_object(from, into, problem))
            return false;
        // The document's memory ends with it.
        into.raw = boost::json::value(from, boost::json::storage_ptr());
        return true;
    }
};

// A 204 has no body. Whatever JSON a 200 holds that is no error, the handoff is completed.
template <>
std::optional<handoff_completion> decode<handoff_completion>(std::string_view body, std::string& problem)
{
    handoff_completion decoded;
    if (body.empty())
        return decoded;
    json_document const document(body);
    if (document.root() == nullptr) {
        problem = "the body is not JSON";
        return std::nullopt;
    }
    if (is_error(*document.root(), problem))
        return std::nullopt;
    std::string ignored;
    if (!read_object(*document.root(), decoded, ignored))
        decoded = {};
    return decoded;
}

encoded encode(auth::operation operation, handoff_reference const& which)
{
    field_errors errors;
    check_parameter(which.code.reveal(), "code", errors);
    check_object(which, errors);
    if (!errors.empty())
        return errors;
    auto made = make_request(operation, which.code);
    if (!which.poll_secret)
        return made;
    append_object(made.body.emplace(), which);
    if (operation == auth::operation::get_handoff_status)
        made.method = "POST";
    return made;
}

encoded encode(auth::operation operation, handoff_complete_request const& request)
{
    return encode_model(operation, request);
}

template std::optional<handoff> decode<handoff>(std::string_view, std::string&);
template std::optional<handoff_info> decode<handoff_info>(std::string_view, std::string&);
template std::optional<handoff_status> decode<handoff_status>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
