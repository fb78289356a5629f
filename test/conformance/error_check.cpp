#include "answer_check.hpp"

#include "code_table.hpp"
#include "member_check.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>
#include <set>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;

std::optional<double> number_of(json::object const& object, std::string_view name)
{
    auto const* member = object.if_contains(name);
    if (member == nullptr || !member->is_number())
        return std::nullopt;
    return member->to_number<double>();
}

std::optional<double> number_of(header_list const& headers, std::string_view name)
{
    auto const* text = find_header(headers, name);
    if (text == nullptr)
        return std::nullopt;
    double value = 0;
    auto const* const end = text->data() + text->size();
    auto const read = std::from_chars(text->data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

class error_comparison
{
public:
    error_comparison(recorded_response const& expected, error const& actual, findings& found)
        : expected_(expected)
        , actual_(actual)
        , info_(actual.info())
        , found_(found)
    {
        json::error_code problem;
        auto document = json::parse(expected.body, problem);
        is_json_ = !problem && document.is_object();
        if (is_json_)
            body_ = std::move(document.get_object());
        code_ = text("code");
    }

    void compare(auth::operation operation)
    {
        found_.expect(actual_.operation() == operation, "operation");
        found_.expect(actual_.attempts() == 1 && actual_.request_was_sent(), "attempts");
        found_.expect(actual_.http_status() == expected_.status, "HTTP status");
        auto const* id = find_header(expected_.headers, "X-Request-ID");
        found_.expect(actual_.request_id() == (id == nullptr ? std::string() : *id), "request id");
        compare_code();
        compare_body();
        compare_wait();
        compare_rate_limit();
        compare_details();
    }

private:
    std::string text(std::string_view name) const
    {
        auto const* member = body_.if_contains(name);
        return member != nullptr && member->is_string() ? std::string(view(member->get_string()))
                                                        : std::string();
    }

    bool has_code(std::string_view code) const { return code_ == code; }

    void compare_code()
    {
        auto const wanted = expected_of(expected_.status, code_, is_json_);
        found_.expect(actual_.code() == wanted.group, "errc");
        found_.expect(actual_.api_code() == wanted.code, "api_code");
        found_.expect(actual_.api_code_text() == code_, "api_code_text");
    }

    void compare_body()
    {
        auto const message = text("message");
        found_.expect(message.empty() ? !actual_.message().empty() : actual_.message() == message, "message");
        auto const& excerpt = info_.body_excerpt;
        if (!code_.empty())
            found_.expect(excerpt.empty(), "absence of a body excerpt");
        else if (expected_.body.size() <= 1000)
            found_.expect(collapsed(excerpt) == collapsed(expected_.body), "body excerpt");
        else
            found_.expect(!excerpt.empty() && excerpt.size() <= 1024, "body excerpt");
        compare_fields();
    }

    void compare_fields()
    {
        auto const* member = body_.if_contains("errors");
        auto const* list = member == nullptr ? nullptr : member->if_array();
        auto const expected =
            list == nullptr || !has_code("INVALID_FORM_BODY") ? std::size_t(0) : list->size();
        auto const& fields = actual_.fields();
        if (fields.size() != expected)
            return found_.differs("number of fields");
        for (std::size_t index = 0; index < expected; ++index)
            compare_field((*list)[index], fields[index], "errors[" + std::to_string(index) + "].");
    }

    void compare_field(json::value const& expected, field_error const& actual, std::string const& place)
    {
        if (!expected.is_object())
            return found_.differs(place);
        member_check members(expected.get_object(), found_, place);
        members.text("path", actual.path);
        members.text("code", actual.code);
        members.text("message", actual.message);
    }

    // Contract 10.3.
    std::optional<double> expected_wait() const
    {
        if (has_code("IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED"))
            return std::nullopt;
        if (auto const seconds = number_of(body_, "retry_after"))
            return seconds;
        if (auto const seconds = number_of(expected_.headers, "Retry-After"))
            return seconds;
        return has_code("IP_AUTHORIZATION_RESEND_COOLDOWN") ? number_of(body_, "resend_available_in")
                                                            : std::nullopt;
    }

    static bool same_wait(double seconds, milliseconds actual)
    {
        return std::abs(seconds * 1000 - static_cast<double>(actual.count())) <= 1;
    }

    void compare_wait()
    {
        auto const* header = find_header(expected_.headers, "Retry-After");
        // A date: what it comes to depends on the clock.
        if (header != nullptr && !number_of(expected_.headers, "Retry-After") &&
            !number_of(body_, "retry_after"))
            return;
        auto const wanted = expected_wait();
        auto const wait = actual_.retry_after();
        found_.expect(wanted.has_value() == wait.has_value(), "presence of retry_after");
        if (wanted && wait)
            found_.expect(same_wait(*wanted, *wait), "retry_after");
    }

    void compare_rate_limit()
    {
        auto const* details = actual_.rate_limit();
        if ((details != nullptr) != (expected_.status == 429))
            return found_.differs("presence of the rate limit's details");
        if (details == nullptr)
            return;
        member_check members(body_, found_, "rate limit's ");
        members.flag("global", details->global, has_word(expected_.headers, "X-RateLimit-Global", "true"));
        members.expect(
            details->retry_after == actual_.retry_after().value_or(milliseconds(0)), "retry_after");
        compare_count("X-RateLimit-Limit", details->limit);
        compare_count("X-RateLimit-Remaining", details->remaining);
        auto const reset = number_of(expected_.headers, "X-RateLimit-Reset");
        members.expect(reset.has_value() == details->reset.has_value(), "reset");
        if (reset && details->reset)
            members.expect(same_wait(*reset, details->reset->time_since_epoch()), "reset");
    }

    void compare_count(std::string_view name, std::optional<std::uint32_t> actual)
    {
        auto const wanted = number_of(expected_.headers, name);
        bool const same = wanted.has_value() == actual.has_value() && (!wanted || *wanted == double(*actual));
        found_.expect(same, name);
    }

    void compare_details()
    {
        auto const* sudo = actual_.sudo();
        member_check members(body_, found_);
        if ((sudo != nullptr) != (has_code("SUDO_MODE_REQUIRED") || has_code("INVALID_SUDO_TOKEN")))
            found_.differs("presence of sudo's details");
        else if (sudo != nullptr)
            members.flag("has_mfa", sudo->has_mfa);
        compare_ip_authorization(members);
        compare_captcha(members);
        compare_suspicion();
    }

    void compare_ip_authorization(member_check& members)
    {
        auto const* details = actual_.ip_authorization();
        if ((details != nullptr) != has_code("IP_AUTHORIZATION_REQUIRED"))
            return found_.differs("presence of the IP authorization's details");
        if (details == nullptr)
            return;
        members.text("ticket", details->ticket.reveal());
        members.text("email", details->email);
        auto const seconds = number_of(body_, "resend_available_in").value_or(30);
        members.expect(
            static_cast<double>(details->resend_available_in.count()) == std::ceil(seconds),
            "resend_available_in");
    }

    void compare_captcha(member_check& members)
    {
        auto const* details = actual_.captcha();
        if ((details != nullptr) != (has_code("CAPTCHA_REQUIRED") || has_code("INVALID_CAPTCHA")))
            return found_.differs("presence of the captcha's details");
        if (details == nullptr)
            return;
        members.text("captcha_provider", details->provider);
        auto const* challenge = body_.if_contains("altcha_challenge");
        auto const wanted = challenge == nullptr || challenge->is_null() ? std::string()
                            : challenge->is_string()                     ? text("altcha_challenge")
                                                                         : json::serialize(*challenge);
        members.expect(details->challenge == wanted, "altcha_challenge");
    }

    void compare_suspicion()
    {
        std::optional<double> wanted;
        if (auto const* data = body_.if_contains("data"); data != nullptr && data->is_object())
            wanted = number_of(data->get_object(), "suspicious_activity_flags");
        auto const& flags = info_.suspicious_activity_flags;
        bool const same =
            wanted.has_value() == flags.has_value() && (!wanted || *wanted == static_cast<double>(*flags));
        found_.expect(same, "suspicious_activity_flags");
    }

    recorded_response const& expected_;
    error const& actual_;
    error_info const& info_;
    findings& found_;
    bool is_json_ = false;
    json::object body_;
    std::string code_;
};

/// The codes that the server gave for each path; those entries that have none leave an empty text.
std::set<std::pair<std::string, std::string>> recorded_fields(std::string const& body)
{
    std::set<std::pair<std::string, std::string>> entries;
    json::error_code problem;
    auto const document = json::parse(body, problem);
    auto const* object = problem ? nullptr : document.if_object();
    auto const* errors = object == nullptr ? nullptr : object->if_contains("errors");
    if (errors == nullptr || !errors->is_array())
        return entries;
    for (auto const& item : errors->get_array()) {
        if (!item.is_object())
            continue;
        auto const text = [&](std::string_view name) {
            auto const* member = item.get_object().if_contains(name);
            return member != nullptr && member->is_string() ? std::string(view(member->get_string()))
                                                            : std::string();
        };
        entries.emplace(text("path"), text("code"));
    }
    return entries;
}

/// The members of a passkey's answer: the server answers 500 if they are missing (contract 5.23).
bool is_unchecked_by_server(std::string_view path) noexcept
{
    return path.starts_with("response.") || path.starts_with("webauthn_response.");
}

} // namespace

findings check_error(auth::operation operation, recorded_response const& expected, error const& actual)
{
    findings found;
    error_comparison(expected, actual, found).compare(operation);
    return found;
}

findings check_refusal(recorded_response const& expected, error const& actual)
{
    findings found;
    if (expected.status < 400)
        found.add("the library refuses a request that the server accepted");
    found.expect(!actual.request_was_sent() && actual.http_status() == 0, "that nothing was sent");
    auto const recorded = recorded_fields(expected.body);
    if (actual.fields().empty())
        found.add("the library refuses the request without naming a field");
    // Where the server came to another check first, it says nothing about the fields.
    if (recorded.empty())
        return found;
    for (auto const& field : actual.fields())
        if (!is_unchecked_by_server(field.path))
            found.expect(
                recorded.contains({field.path, field.code}), "local refusal of `" + field.path + "`");
    return found;
}

} // namespace fluxer::auth::conformance
