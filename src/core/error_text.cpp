#include "core/printable.hpp"

#include <fluxer/auth/error.hpp>

#include <array>
#include <cstddef>

namespace fluxer::auth {

namespace {

using core::printable;
using core::printable_without_tokens;

constexpr std::size_t most_fields_shown = 5;

struct phase_words
{
    std::string_view activity;
    std::string_view preposition; ///< before the remote endpoint; empty: it does not belong here
};

constexpr std::array<phase_words, 14> words_of_phases{{
    {"checking the request", {}},
    {"waiting for the rate limit", {}},
    {"waiting for a connection", {}},
    {"looking up the host name", {}},
    {"connecting", " to "},
    {"waiting for the proxy", " at "},
    {"in the TLS handshake", " with "},
    {"sending the request", " to "},
    {"waiting for the first byte of the answer", " from "},
    {"reading the header of the answer", " from "},
    {"reading the body of the answer", " from "},
    {"decoding the answer", " from "},
    {"waiting for a further attempt", {}},
    {"after the answer", " from "},
}};

static_assert(words_of_phases.size() == static_cast<std::size_t>(phase::done) + 1);

phase_words words_of(phase value) noexcept
{
    auto const index = static_cast<std::size_t>(value);
    return index < words_of_phases.size() ? words_of_phases[index] : phase_words{};
}

std::string_view label(errc value) noexcept
{
    switch (value) {
    case errc::invalid_request:
        return "invalid request";
    case errc::invalid_option:
        return "invalid option";
    case errc::shut_down:
        return "shut down";
    case errc::queue_full:
        return "queue full";
    case errc::no_passkey:
        return "no passkey";
    case errc::wrong_passphrase:
        return "wrong passphrase";
    case errc::captcha_expired:
        return "captcha expired";
    case errc::captcha_unsolved:
        return "captcha unsolved";
    case errc::cancelled:
        return "cancelled";
    case errc::timed_out:
        return "timed out";
    case errc::resolve_failed:
        return "host name not resolved";
    case errc::connect_failed:
        return "no connection";
    case errc::proxy_failed:
        return "proxy failed";
    case errc::tls_failed:
        return "TLS handshake failed";
    case errc::tls_untrusted:
        return "certificate not trusted";
    case errc::tls_expired:
        return "certificate expired or not valid yet";
    case errc::tls_wrong_host:
        return "certificate of another host";
    case errc::connection_lost:
        return "connection lost";
    case errc::protocol_error:
        return "protocol error";
    case errc::header_too_large:
        return "header too large";
    case errc::body_too_large:
        return "body too large";
    case errc::unexpected_answer:
        return "unexpected answer";
    case errc::not_an_instance:
        return "not a Fluxer instance";
    case errc::captcha_required:
        return "captcha required";
    case errc::captcha_invalid:
        return "captcha invalid";
    case errc::overloaded:
        return "overloaded";
    case errc::proxy_error:
        return "not answered by the API";
    case errc::server_error:
        return "server error";
    case errc::rate_limited:
        return "rate limited";
    case errc::not_found:
        return "not found";
    case errc::unauthorized:
        return "unauthorized";
    case errc::forbidden:
        return "forbidden";
    default:
        return "rejected";
    }
}

bool is_answer_of_api(errc value) noexcept
{
    return value >= errc::rejected_input;
}

// The labels of the others say the phase themselves.
bool phase_adds_something(errc value) noexcept
{
    return value == errc::cancelled || value == errc::timed_out ||
           (value >= errc::connection_lost && value <= errc::unexpected_answer);
}

// A client's options, and what the helpers do without one.
bool belongs_to_no_operation(error_info const& info) noexcept
{
    return info.operation == auth::operation::raw &&
           (info.code == errc::invalid_option || info.code == errc::not_an_instance ||
            (info.code >= errc::no_passkey && info.code <= errc::captcha_unsolved));
}

std::string duration_text(milliseconds value)
{
    auto const count = value.count();
    if (count >= 1000 && count % 1000 == 0)
        return std::to_string(count / 1000) + " s";
    return std::to_string(count) + " ms";
}

std::string field_text(field_error const& field)
{
    auto text = printable(field.path);
    auto const message = printable_without_tokens(field.message);
    if (!message.empty())
        text += (text.empty() ? "" : ": ") + message;
    if (!field.code.empty())
        text += " (" + printable(field.code) + ")";
    return text;
}

std::string fields_text(std::vector<field_error> const& fields)
{
    std::string text;
    for (std::size_t index = 0; index < fields.size() && index < most_fields_shown; ++index)
        text += (index == 0 ? "" : ", ") + field_text(fields[index]);
    if (fields.size() > most_fields_shown)
        text += " and " + std::to_string(fields.size() - most_fields_shown) + " more";
    return text;
}

std::string reason_text(error_info const& info)
{
    if (!info.fields.empty())
        return fields_text(info.fields);
    auto text = printable_without_tokens(info.message);
    if (!info.cause.failed())
        return text;
    auto cause = printable_without_tokens(info.cause.message());
    if (text.empty())
        return cause;
    // What a step has to say is often just what the system said.
    if (text.find(cause) != std::string::npos)
        return text;
    return text + " (" + cause + ")";
}

std::string answer_text(error_info const& info)
{
    std::string text;
    if (info.http_status != 0)
        text = std::to_string(info.http_status) + " ";
    if (info.api_code_text.empty())
        text += label(info.code);
    else
        text += printable(info.api_code_text);
    return text;
}

std::string endpoint_text(error_info const& info)
{
    auto const preposition = words_of(info.phase).preposition;
    // "not a Fluxer instance from 127.0.0.1:443" would say less than nothing.
    if (info.code == errc::not_an_instance || preposition.empty() || info.remote_endpoint.empty())
        return {};
    return std::string(preposition) + printable(info.remote_endpoint);
}

std::string failure_text(error_info const& info)
{
    std::string text(label(info.code));
    if (info.code == errc::timed_out)
        text += " after " + duration_text(info.elapsed);
    if (info.limit)
        text += " (limit " + duration_text(*info.limit) + ")";
    if (info.http_status != 0)
        text += " (status " + std::to_string(info.http_status) + ")";
    if (phase_adds_something(info.code))
        text += " " + std::string(words_of(info.phase).activity);
    return text + endpoint_text(info);
}

std::string advice_text(error_info const& info, retry_advice advice)
{
    switch (advice) {
    case retry_advice::no:
        return info.code == errc::shut_down ? "do not retry with this client" : "do not retry unchanged";
    case retry_advice::after_wait:
        return "may be retried after " + duration_text(info.retry_after.value_or(milliseconds{0}));
    case retry_advice::may_have_run:
        return "the request was sent and may have taken effect";
    case retry_advice::yes:
        break;
    }
    if (!info.request_was_sent)
        return "nothing was sent, may be retried";
    return info.repeatable ? "the operation is repeatable, may be retried" : "may be retried";
}

std::string attempts_text(error_info const& info)
{
    // The only attempt of a call that was answered is not worth a word.
    if (info.attempts == 0 || (info.attempts == 1 && is_answer_of_api(info.code)))
        return {};
    return " (attempt " + std::to_string(info.attempts) + ")";
}

} // namespace

std::string error::to_string() const
{
    auto const& info = *info_;
    if (info.code == errc{})
        return "no error";
    std::string line;
    if (!belongs_to_no_operation(info))
        line = std::string(info.helper.empty() ? auth::to_string(info.operation) : info.helper) + ": ";
    line += is_answer_of_api(info.code) ? answer_text(info) : failure_text(info);
    if (auto const reason = reason_text(info); !reason.empty())
        line += ": " + reason;
    line += "; " + advice_text(info, advice()) + attempts_text(info);
    if (!info.request_id.empty())
        line += " [request " + printable(info.request_id) + "]";
    return line;
}

} // namespace fluxer::auth
