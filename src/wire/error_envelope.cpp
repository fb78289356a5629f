#include "wire/altcha.hpp"
#include "wire/api_codes.hpp"
#include "wire/codec.hpp"
#include "wire/endpoint.hpp"
#include "wire/json_document.hpp"

#include "core/http_syntax.hpp"
#include "core/printable.hpp"
#include "core/retry_after.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace fluxer::auth::wire {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_message = 1000;
constexpr std::size_t longest_excerpt = 1024;
constexpr std::size_t most_fields = 100;

std::string_view text_of(json::object const& object, std::string_view name) noexcept
{
    auto const* member = object.if_contains(name);
    auto const* text = member == nullptr ? nullptr : member->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::optional<bool> bool_of(json::object const& object, std::string_view name) noexcept
{
    auto const* member = object.if_contains(name);
    auto const* value = member == nullptr ? nullptr : member->if_bool();
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<double> number_of(json::object const& object, std::string_view name) noexcept
{
    auto const* member = object.if_contains(name);
    if (member == nullptr || !member->is_number())
        return std::nullopt;
    if (auto const* number = member->if_double())
        return *number;
    if (auto const* number = member->if_uint64())
        return static_cast<double>(*number);
    return static_cast<double>(member->get_int64());
}

std::optional<std::uint32_t> count_of(std::string_view text) noexcept
{
    std::uint32_t value = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                       : std::nullopt;
}

timestamp now()
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

// Contract 10.2: seconds since 1970, with a fraction from newer servers.
std::optional<timestamp> reset_of(std::string_view text) noexcept
{
    constexpr double last_moment = 253'402'300'799; // 9999-12-31
    auto const seconds = core::parse_decimal(text);
    if (!seconds || *seconds < 0 || *seconds > last_moment)
        return std::nullopt;
    return timestamp(milliseconds(std::llround(*seconds * 1000)));
}

std::string shown(std::string_view text, own_secrets const& hidden, std::size_t max_characters = longest_name)
{
    return core::printable_without_tokens(hidden.blanked(text), max_characters);
}

std::string shown_path(std::string_view path, own_secrets const& hidden)
{
    if (path.empty())
        return "root";
    // "password" is no secret there, even if somebody has it as one.
    return hidden.has_member(path) ? std::string(path) : shown(path, hidden);
}

void read_fields(json::object const& body, own_secrets const& hidden, error_info& into)
{
    auto const* member = body.if_contains("errors");
    auto const* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr)
        return;
    for (auto const& item : *list) {
        auto const* entry = item.if_object();
        if (entry == nullptr)
            continue;
        if (into.fields.size() == most_fields)
            return;
        into.fields.emplace_back(
            shown_path(text_of(*entry, "path"), hidden), shown(text_of(*entry, "code"), hidden),
            shown(text_of(*entry, "message"), hidden, longest_message));
    }
}

std::optional<milliseconds> header_wait(answer const& from)
{
    auto const text = from.headers.find("Retry-After");
    if (text.empty())
        return std::nullopt;
    auto const local = now();
    // By the server's own clock, ours may be wrong.
    auto const date = core::parse_http_date(from.headers.find("Date"), local);
    return core::parse_retry_after(text, date.value_or(local));
}

// Contract 10.3.
std::optional<milliseconds> wait_of(answer const& from, json::object const* body, errc code)
{
    if (code == errc::resend_limit)
        return std::nullopt;
    if (body != nullptr)
        if (auto const seconds = number_of(*body, "retry_after"))
            return core::wait_of_seconds(*seconds);
    if (auto const wait = header_wait(from))
        return wait;
    if (body != nullptr && code == errc::resend_cooldown)
        if (auto const seconds = number_of(*body, "resend_available_in"))
            return core::wait_of_seconds(*seconds);
    return std::nullopt;
}

rate_limit_details read_rate_limit(answer const& from, json::object const* body, error_info const& info)
{
    rate_limit_details details;
    details.retry_after = info.retry_after.value_or(milliseconds(0));
    auto const global = body == nullptr ? std::nullopt : bool_of(*body, "global");
    details.global =
        global.value_or(core::equal_ignoring_case(from.headers.find("X-RateLimit-Global"), "true"));
    details.limit = count_of(from.headers.find("X-RateLimit-Limit"));
    details.remaining = count_of(from.headers.find("X-RateLimit-Remaining"));
    details.reset = reset_of(from.headers.find("X-RateLimit-Reset"));
    return details;
}

// Contract 9.2. Without a ticket nothing can be done with it.
std::optional<ip_authorization> read_ip_authorization(json::object const& body)
{
    auto const ticket = text_of(body, "ticket");
    if (ticket.empty())
        return std::nullopt;
    ip_authorization details;
    details.ticket = secret(ticket);
    details.email = text_of(body, "email");
    if (auto const seconds = number_of(body, "resend_available_in"))
        details.resend_available_in =
            std::chrono::ceil<std::chrono::seconds>(core::wait_of_seconds(*seconds));
    return details;
}

// Contract 14.
captcha_details read_captcha(json::object const& body)
{
    captcha_details details;
    details.provider = text_of(body, "captcha_provider");
    auto const* challenge = body.if_contains("altcha_challenge");
    if (challenge != nullptr && challenge->is_string())
        details.challenge = text_of(body, "altcha_challenge");
    else if (challenge != nullptr && !challenge->is_null())
        details.challenge = json::serialize(*challenge);
    details.altcha = decode_altcha(details.challenge);
    return details;
}

std::optional<std::uint64_t> read_suspicious_flags(json::object const& body)
{
    auto const* data = body.if_contains("data");
    auto const* nested = data == nullptr ? nullptr : data->if_object();
    auto const flags = number_of(nested == nullptr ? body : *nested, "suspicious_activity_flags");
    if (!flags || *flags < 0 || *flags >= 0x1p64)
        return std::nullopt;
    return static_cast<std::uint64_t>(*flags);
}

sudo_details read_sudo(json::object const& body)
{
    sudo_details read(bool_of(body, "has_mfa").value_or(false));
    auto const* member = body.if_contains("methods");
    if (auto const* methods = member == nullptr ? nullptr : member->if_object()) {
        read.methods.emplace();
        read.methods->totp = bool_of(*methods, "totp").value_or(false);
        read.methods->sms = bool_of(*methods, "sms").value_or(false);
        read.methods->webauthn = bool_of(*methods, "webauthn").value_or(false);
        read.methods->has_mfa = bool_of(*methods, "has_mfa").value_or(read.has_mfa);
    }
    return read;
}

void read_details(json::object const& body, own_secrets const& hidden, error_info& into)
{
    switch (into.code) {
    case errc::rejected_input:
        return read_fields(body, hidden, into);
    case errc::ip_authorization_required:
        into.ip_authorization = read_ip_authorization(body);
        return;
    case errc::sudo_required:
        into.sudo = read_sudo(body);
        return;
    case errc::captcha_required:
    case errc::captcha_invalid:
        into.captcha = read_captcha(body);
        return;
    default:
        break;
    }
    if (into.api_code == api_code::account_suspicious_activity)
        into.suspicious_activity_flags = read_suspicious_flags(body);
}

void read_code(std::string_view code, own_secrets const& hidden, error_info& into)
{
    auto const* row = find_api_code(code);
    into.api_code_text = row == nullptr ? shown(code, hidden) : std::string(code);
    into.api_code = row == nullptr ? api_code::unknown : row->code;
    into.code = row != nullptr && row->group ? *row->group : group_of_status(into.http_status);
}

// A proxy's page may echo a URL with a ticket in it.
std::string excerpt_of(std::string_view body, own_secrets const& hidden)
{
    // So much that a secret which is cut in two here does not show, even where the same one of 10 KiB was blanked all the
    // way before.
    constexpr std::size_t looked_at = 1024 * longest_excerpt;
    auto excerpt = shown(body.substr(0, looked_at), hidden, longest_excerpt);
    auto end = std::min(excerpt.size(), longest_excerpt);
    // Not within a character.
    while (end < excerpt.size() && (static_cast<unsigned char>(excerpt[end]) & 0xC0) == 0x80)
        --end;
    excerpt.resize(end);
    return excerpt;
}

// What came instead of the API's JSON: contract 6.3.
errc group_of_foreign_body(int status) noexcept
{
    auto const by_status = group_of_status(status);
    switch (by_status) {
    case errc::overloaded:
    case errc::rate_limited:
    case errc::not_found:
    case errc::unexpected_answer:
        return by_status;
    default:
        return errc::proxy_error;
    }
}

void read_body(std::string_view text, json::object const* body, own_secrets const& hidden, error_info& into)
{
    auto const code = body == nullptr ? std::string_view() : text_of(*body, "code");
    if (body != nullptr)
        into.message = shown(text_of(*body, "message"), hidden, longest_message);
    if (!code.empty()) {
        read_code(code, hidden, into);
        return read_details(*body, hidden, into);
    }
    into.code = body == nullptr ? group_of_foreign_body(into.http_status) : group_of_status(into.http_status);
    into.body_excerpt = excerpt_of(text, hidden);
    if (into.message.empty())
        into.message =
            text.empty() ? "an answer without a body" : "an answer without an error code of the API";
}

// Contract 1.1: a path that the server does not have is a 404, whatever is wrong with it.
bool is_no_such_path(error_info const& info) noexcept
{
    auto const plain = info.api_code == api_code::none || info.api_code == api_code::not_found;
    return info.http_status == 405 || (info.http_status == 404 && plain);
}

// Contract 14.
void explain_absence(error_info& into)
{
    if (into.operation == operation::raw || !is_no_such_path(into))
        return;
    auto const& row = endpoint_of(into.operation);
    if (row.newer) {
        into.code = errc::not_supported_by_server;
        into.message = "this operation is of API generation " + std::string(newer_generation) +
                       ", which the server does not have";
    } else if (row.may_be_gone && into.api_code == api_code::not_found) {
        // The ticket came from this server, so that its address is right.
        into.code = errc::feature_disabled;
    }
}

} // namespace

std::string shown_request_id(std::string_view id, own_secrets const& hidden)
{
    return shown(id, hidden);
}

void decode_error(answer const& from, error_info& into, own_secrets const& hidden)
{
    into.http_status = from.status;
    into.request_id = shown_request_id(from.headers.find("X-Request-ID"), hidden);
    json_document const document(from.body.view());
    auto const* body = document.root() == nullptr ? nullptr : document.root()->if_object();
    read_body(from.body.view(), body, hidden, into);
    explain_absence(into);
    into.retry_after = wait_of(from, body, into.code);
    if (from.status == 429)
        into.rate_limit = read_rate_limit(from, body, into);
}

} // namespace fluxer::auth::wire
