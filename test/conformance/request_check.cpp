#include "request_check.hpp"

#include "outgoing.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;

struct arrived_request
{
    std::string_view method;
    std::string_view path;
    header_list headers;
    std::string_view body;
};

/// What is in front of the delimiter; it and the delimiter are taken off.
std::string_view take(std::string_view& rest, std::string_view delimiter)
{
    auto const at = std::min(rest.find(delimiter), rest.size());
    auto const taken = rest.substr(0, at);
    rest.remove_prefix(std::min(at + delimiter.size(), rest.size()));
    return taken;
}

arrived_request parse(std::string_view bytes)
{
    arrived_request parsed;
    auto rest = bytes;
    parsed.method = take(rest, " ");
    parsed.path = take(rest, " ");
    take(rest, "\r\n");
    while (!rest.empty()) {
        auto line = take(rest, "\r\n");
        if (line.empty())
            break;
        auto const name = take(line, ":");
        if (line.starts_with(' '))
            line.remove_prefix(1);
        parsed.headers.emplace_back(std::string(name), std::string(line));
    }
    parsed.body = rest;
    return parsed;
}

/// The values of all fields of that name.
std::vector<std::string> values(header_list const& headers, std::string_view name)
{
    std::vector<std::string> found;
    for (auto const& field : headers)
        if (same_name(field.name, name))
            found.push_back(field.value);
    return found;
}

// What the library must not add by itself: each would change what the server does.
constexpr std::array<std::string_view, 13> nothing_unless_asked{
    "Authorization",    "X-Captcha-Token", "X-Captcha-Type", "X-Fluxer-Sudo-Mode-JWT", "Accept-Language",
    "X-Request-ID",     "X-Forwarded-For", "Origin",         "X-Fluxer-Platform",      "Cookie",
    "Content-Encoding", "User-Agent",      "Expect",
};

// With a substitute body the library's own Content-Type does as well as none in the recording.
bool is_compared(std::string_view name, recorded_request const& expected)
{
    if (same_name(name, "User-Agent"))
        return true;
    return !is_librarys_own(name) && (expected.body || !same_name(name, "Content-Type"));
}

void check_headers(recorded_request const& expected, header_list const& arrived, findings& found)
{
    for (auto const& field : expected.headers)
        if (is_compared(field.name, expected))
            found.expect(
                values(arrived, field.name) == values(expected.headers, field.name), "header " + field.name);
    for (auto const name : nothing_unless_asked)
        if (find_header(expected.headers, name) == nullptr && find_header(arrived, name) != nullptr)
            found.add("header " + std::string(name) + " is not in the recording");
}

/// Null and "" mean absence where the server takes null (contract 2).
json::object without_absent(json::object body)
{
    for (std::string_view const name : {"invite_code", "redirect_to"}) {
        auto const* member = body.if_contains(name);
        if (member == nullptr)
            continue;
        if (member->is_null() || (member->is_string() && member->get_string().empty()))
            body.erase(name);
    }
    return body;
}

json::object read_body(std::string_view text, bool& valid)
{
    json::error_code problem;
    auto document = json::parse(text, problem);
    valid = !problem && document.is_object();
    return valid ? std::move(document.get_object()) : json::object();
}

void check_members(json::object const& expected, json::object const& arrived, findings& found)
{
    for (auto const& [name, value] : expected) {
        auto const* member = arrived.if_contains(name);
        found.expect(
            member != nullptr && *member == value,
            "body member `" + std::string(name.data(), name.size()) + "`");
    }
    for (auto const& entry : arrived)
        if (expected.if_contains(entry.key()) == nullptr)
            found.add(
                "body member `" + std::string(entry.key().data(), entry.key().size()) +
                "` is not in the recording");
}

void check_json(std::optional<std::string> const& expected, std::string_view arrived, findings& found)
{
    if (!expected && arrived.empty())
        return;
    bool expected_valid = false;
    bool arrived_valid = false;
    auto const wanted = read_body(expected ? std::string_view(*expected) : "{}", expected_valid);
    auto const got = read_body(arrived, arrived_valid);
    if (!expected_valid)
        return found.add("the recorded body is no object");
    if (!arrived_valid)
        return found.add("the body that arrived is no JSON object");
    check_members(without_absent(wanted), got, found);
}

} // namespace

findings check_request(recorded_request const& expected, std::string_view arrived, body_comparison how)
{
    findings found;
    auto const parsed = parse(arrived);
    found.expect(parsed.method == expected.method, "method");
    found.expect(normalised_target(parsed.path) == normalised_target(expected.path), "path");
    check_headers(expected, parsed.headers, found);
    if (how == body_comparison::as_json)
        check_json(expected.body, parsed.body, found);
    else
        found.expect(parsed.body == expected.body.value_or(std::string()), "body");
    return found;
}

} // namespace fluxer::auth::conformance
