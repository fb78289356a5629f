#include "wire/decode.hpp"
#include "wire/encode.hpp"
#include "wire/session_client.hpp"

#include <boost/json/array.hpp>

namespace fluxer::auth::wire {

namespace json = boost::json;

// Contract 5.18 and 8.2.
template <>
struct description<logout_auth_sessions_request>
{
    static constexpr auto fields = std::tuple(
        field(
            "session_id_hashes", &logout_auth_sessions_request::session_id_hashes,
            list_rule{.maximum = 100, .item = rule::text}),
        field("password", &logout_auth_sessions_request::password, rule::password),
        field("mfa_method", &logout_auth_sessions_request::mfa_method, text_rule{.form = check_mfa_method}),
        field("mfa_code", &logout_auth_sessions_request::mfa_code, text_rule{.maximum = 32}),
        field("webauthn_response", &logout_auth_sessions_request::webauthn_response, object_rule()),
        field("webauthn_challenge", &logout_auth_sessions_request::webauthn_challenge, rule::text));
};

// Contract 5.17.
template <>
struct description<auth_session>
{
    static constexpr auto fields = std::tuple(
        field("id_hash", &auth_session::id_hash, presence::required),
        field("client_info", &auth_session::client_info, presence::lenient),
        field("approx_last_used_at", &auth_session::approx_last_used_at, presence::lenient),
        field("current", &auth_session::current, presence::lenient),
        field("masked_ip", &auth_session::masked_ip, presence::lenient));
};

// Contract 8.5; newer servers may know no SMS (contract 14).
template <>
struct description<sudo_methods>
{
    static constexpr auto fields = std::tuple(
        field("totp", &sudo_methods::totp, presence::required),
        field("sms", &sudo_methods::sms, presence::lenient),
        field("webauthn", &sudo_methods::webauthn, presence::required),
        field("has_mfa", &sudo_methods::has_mfa, presence::required));
};

template <>
struct answer_reader<std::vector<auth_session>>
{
    /// Each takes twenty times the memory that it takes in JSON.
    static constexpr std::size_t most_sessions = 10'000;

    static bool read(json::value const& from, std::vector<auth_session>& into, std::string& problem)
    {
        auto const* list = from.if_array();
        if (list == nullptr) {
            problem = "the answer is not a JSON array";
            return false;
        }
        if (list->size() > most_sessions) {
            problem = "more than " + std::to_string(most_sessions) + " items";
            return false;
        }
        for (auto const& item : *list) {
            if (read_object(item, into.emplace_back(), problem))
                continue;
            problem.insert(0, "item " + std::to_string(into.size() - 1) + ": ");
            return false;
        }
        return true;
    }
};

encoded encode(auth::operation operation, secret const& token, logout_auth_sessions_request const& request)
{
    field_errors errors;
    check_header_value(token.reveal(), "token", errors);
    check_object(request, errors);
    if (!errors.empty())
        return errors;
    auto made = make_request(operation);
    made.token = token;
    append_object(made.body.emplace(), request);
    made.ends_sessions = request.session_id_hashes;
    // A TOTP code and a WebAuthn challenge work once (contract 9.3, 13).
    if (request.mfa_code || request.webauthn_response)
        made.repeatable = false;
    return made;
}

template std::optional<sudo_methods> decode<sudo_methods>(std::string_view, std::string&);
template std::optional<std::vector<auth_session>> decode<std::vector<auth_session>>(
    std::string_view, std::string&);

} // namespace fluxer::auth::wire
