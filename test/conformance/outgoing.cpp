#include "outgoing.hpp"

#include "catalogue.hpp"

#include <algorithm>
#include <array>

namespace fluxer::auth::conformance {

namespace {

// Accept is among them because the recording client's */* and the library's application/json ask for the same answer.
// User-Agent is the client's, see clients.
constexpr std::array<std::string_view, 8> librarys_own{
    "host",       "accept",          "user-agent", "content-length", "transfer-encoding",
    "connection", "accept-encoding", "expect",
};

void take_captcha(recorded_request const& request, call_options& into)
{
    auto const* token = find_header(request.headers, "X-Captcha-Token");
    auto const* type = find_header(request.headers, "X-Captcha-Type");
    into.captcha.emplace(*token, type == nullptr ? std::string() : *type);
}

} // namespace

bool is_librarys_own(std::string_view name)
{
    auto const lowered = lower_case(name);
    return std::find(librarys_own.begin(), librarys_own.end(), lowered) != librarys_own.end();
}

call_options options_of(recorded_request const& request)
{
    call_options options;
    auto const* captcha = find_header(request.headers, "X-Captcha-Token");
    // The option takes no empty token, but the server was sent one.
    bool const has_captcha = captcha != nullptr && !captcha->empty();
    if (has_captcha)
        take_captcha(request, options);
    for (auto const& field : request.headers) {
        auto const name = lower_case(field.name);
        if (is_librarys_own(name) || name == "authorization" ||
            (has_captcha && name.starts_with("x-captcha-")))
            continue;
        if (name == "accept-language")
            options.accept_language = field.value;
        else if (name == "x-request-id")
            options.request_id = field.value;
        else if (name == "x-fluxer-sudo-mode-jwt" && !field.value.empty())
            options.sudo_token = field.value;
        else
            options.headers.push_back(field);
    }
    return options;
}

raw_request raw_of(recorded_request const& request)
{
    raw_request made(request.method, request.path.substr(prefix_of(request.path).size()));
    for (auto const& field : request.headers) {
        if (is_librarys_own(field.name))
            continue;
        if (same_name(field.name, "Authorization") && !field.value.empty())
            made.token = field.value;
        else
            made.headers.push_back(field);
    }
    if (request.body)
        made.body = *request.body;
    return made;
}

std::string header_problem(recorded_request const& request)
{
    if (find_header(request.headers, "Expect") != nullptr)
        return "the library never sends Expect";
    auto const* encoding = find_header(request.headers, "Accept-Encoding");
    if (encoding != nullptr && !same_name(*encoding, "identity"))
        return "the library always sends Accept-Encoding: identity, since it decompresses nothing";
    return {};
}

} // namespace fluxer::auth::conformance
