#include "answer_check.hpp"

#include "member_check.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;

// One overload per family of answers; a variant visits them.
class answer_visitor
{
public:
    answer_visitor(json::value const& expected, findings& found)
        : root_(expected)
        , object_(expected.is_object() ? expected.get_object() : nothing_)
        , found_(found)
        , members_(object_, found)
    {}

    void operator()(std::monostate) const {}

    void operator()(sso_status const& actual)
    {
        members_.flag("enabled", actual.enabled);
        members_.flag("enforced", actual.enforced);
        members_.optional_text("display_name", actual.display_name);
        members_.text("redirect_uri", actual.redirect_uri);
    }

    void operator()(sso_start const& actual)
    {
        members_.text("authorization_url", actual.authorization_url);
        members_.text("state", actual.state.reveal());
        members_.text("redirect_uri", actual.redirect_uri);
    }

    void operator()(sso_completion const& actual)
    {
        members_.text("token", actual.token.reveal());
        members_.text("user_id", actual.user_id.str());
        members_.text("redirect_to", actual.redirect_to);
    }

    void operator()(session const& actual)
    {
        members_.text("token", actual.token.reveal());
        members_.text("user_id", actual.user_id.str());
    }

    void operator()(login_result const& actual)
    {
        auto const* mfa = object_.if_contains("mfa");
        bool const is_challenge = mfa != nullptr && mfa->is_bool() && mfa->get_bool();
        bool const is_session = !is_challenge && object_.if_contains("token") != nullptr;
        auto const kind = is_challenge ? 1U : is_session ? 0U : 2U;
        if (actual.index() != kind)
            return found_.differs("kind of login result");
        std::visit(*this, actual);
    }

    void operator()(mfa_challenge const& actual)
    {
        members_.text("ticket", actual.ticket.reveal());
        members_.texts("allowed_methods", actual.allowed_methods);
        members_.optional_text("sms_phone_hint", actual.sms_phone_hint);
        members_.flag("sms", actual.sms, allows("sms"));
        members_.flag("totp", actual.totp, allows("totp"));
        members_.flag("webauthn", actual.webauthn, allows("webauthn"));
        members_.flag("backup_codes", actual.backup_codes);
    }

    void operator()(other_answer const& actual) { found_.expect(actual.body == root_, "body"); }

    void operator()(std::vector<auth_session> const& actual)
    {
        auto const& list = root_.get_array();
        if (list.size() != actual.size())
            return found_.differs("number of sessions");
        for (std::size_t index = 0; index < actual.size(); ++index)
            check_session(list[index], actual[index], "[" + std::to_string(index) + "].");
    }

    void operator()(ip_authorization_poll const& actual)
    {
        members_.flag("completed", actual.completed);
        check_session_beside(actual.session, actual.completed);
    }

    void operator()(json::value const& actual) { found_.expect(actual == root_, "options"); }

    void operator()(username_suggestions const& actual) { members_.texts("suggestions", actual.suggestions); }

    void operator()(handoff const& actual)
    {
        members_.text("code", actual.code.reveal());
        members_.time("expires_at", actual.expires_at);
        members_.text("poll_secret", actual.poll_secret ? actual.poll_secret->reveal() : std::string_view());
        members_.optional_text("return_method", actual.return_method);
    }

    void operator()(handoff_status const& actual)
    {
        members_.text("status", actual.status);
        members_.expect(actual.state == state_of(actual.status), "state");
        check_session_beside(actual.session, actual.status == "completed");
    }

private:
    static handoff_state state_of(std::string_view word)
    {
        if (word == "pending")
            return handoff_state::pending;
        if (word == "completed")
            return handoff_state::completed;
        if (word == "expired")
            return handoff_state::expired;
        return word == "denied" ? handoff_state::denied : handoff_state::other;
    }

    bool allows(std::string_view method) const
    {
        auto const* member = object_.if_contains("allowed_methods");
        auto const* list = member == nullptr ? nullptr : member->if_array();
        return list != nullptr && std::find(list->begin(), list->end(), json::value(method)) != list->end();
    }

    void check_session_beside(std::optional<session> const& actual, bool expected)
    {
        if (actual.has_value() != expected)
            return found_.differs("presence of a session");
        if (actual)
            (*this)(*actual);
    }

    void check_session(json::value const& expected, auth_session const& actual, std::string const& place)
    {
        member_check members(expected.get_object(), found_, place);
        members.text("id_hash", actual.id_hash);
        members.time("approx_last_used_at", actual.approx_last_used_at);
        members.flag("current", actual.current);
        members.optional_text("masked_ip", actual.masked_ip);
        if (auto const* info = members.nested("client_info", actual.client_info.has_value()))
            check_client(*info, *actual.client_info, members.place_of("client_info."));
    }

    void check_client(
        json::object const& expected, session_client_info const& actual, std::string const& place)
    {
        member_check members(expected, found_, place);
        members.optional_text("platform", actual.platform);
        members.optional_text("os", actual.os);
        members.optional_text("browser", actual.browser);
        auto const* location = members.nested("location", actual.location.has_value());
        if (location == nullptr)
            return;
        member_check inner(*location, found_, members.place_of("location."));
        inner.optional_text("city", actual.location->city);
        inner.optional_text("region", actual.location->region);
        inner.optional_text("country", actual.location->country);
    }

    json::value const& root_;
    json::object nothing_;
    json::object const& object_;
    findings& found_;
    member_check members_;
};

constexpr bool is_success(int status) noexcept
{
    return status >= 200 && status < 300;
}

/// Whether a body can be the operation's answer at all.
bool fits(answer_family family, json::value const& body)
{
    if (family == answer_family::nothing)
        return true;
    if (family != answer_family::sessions)
        return body.is_object();
    auto const* list = body.if_array();
    return list != nullptr &&
           std::all_of(list->begin(), list->end(), [](json::value const& item) { return item.is_object(); });
}

findings check_unexpected(recorded_response const& expected, outcome const& actual)
{
    findings found;
    if (actual.has_value() || actual.error().code() != errc::unexpected_answer)
        found.add("an answer that is not the operation's was not reported as unexpected");
    else
        found.expect(actual.error().http_status() == expected.status, "HTTP status");
    return found;
}

} // namespace

findings check_outcome(catalogue_row const& row, recorded_response const& expected, outcome const& actual)
{
    if (expected.status >= 400) {
        findings found;
        if (actual.has_value())
            found.add("a value came for an error of the server");
        else
            found = check_error(row.operation, expected, actual.error());
        return found;
    }
    json::error_code problem;
    auto const body = json::parse(expected.body, problem);
    if (!is_success(expected.status) || !fits(row.family, problem ? json::value() : body))
        return check_unexpected(expected, actual);
    findings found;
    if (!actual)
        found.add("the library reports an error: " + actual.error().code().message());
    else
        std::visit(answer_visitor(body, found), *actual);
    return found;
}

findings check_raw(recorded_response const& expected, header_list const& sent, raw_response const& actual)
{
    findings found;
    found.expect(actual.status == expected.status, "HTTP status");
    found.expect(actual.headers.size() == sent.size(), "number of headers");
    for (std::size_t index = 0; index < std::min(sent.size(), actual.headers.size()); ++index)
        found.expect(actual.headers[index] == sent[index], "header " + sent[index].name);
    found.expect(actual.body.reveal() == expected.body, "body");
    return found;
}

} // namespace fluxer::auth::conformance
