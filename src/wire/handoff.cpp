#include "wire/decode.hpp"
#include "wire/encode.hpp"
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

encoded encode(auth::operation operation, handoff_complete_request const& request)
{
    return encode_model(operation, request);
}

template std::optional<handoff> decode<handoff>(std::string_view, std::string&);
template std::optional<handoff_status> decode<handoff_status>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
