#include "call/sudo_memory.hpp"

#include "core/http_syntax.hpp"
#include "wire/endpoint.hpp"

#include <fluxer/auth/helpers.hpp>

#include <iterator>
#include <utility>

namespace fluxer::auth::call {

namespace {

constexpr std::string_view header_name = "X-Fluxer-Sudo-Mode-JWT";

std::string_view value_among(std::vector<header> const& headers)
{
    for (auto const& field : headers) {
        if (core::equal_ignoring_case(field.name, header_name))
            return field.value;
    }
    return {};
}

std::string_view sent_with(call_options const& options)
{
    return options.sudo_token ? options.sudo_token->reveal() : value_among(options.headers);
}

/// Other credentials have a scheme and a blank in front (contract 3).
bool has_session(wire::request const& request)
{
    return request.token && request.token->reveal().find(' ') == std::string_view::npos;
}

bool may_need_sudo(wire::request const& request)
{
    return request.operation == operation::raw || wire::endpoint_of(request.operation).sudo;
}

} // namespace

sudo_memory::sudo_memory(client_options const& options)
    : enabled_(options.remember_sudo && value_among(options.headers).empty())
{}

std::optional<secret> sudo_memory::token_for(
    wire::request const& request, call_options const& options, time_point now)
{
    drop_expired(now);
    if (entries_.empty() || !has_session(request) || !may_need_sudo(request) || !sent_with(options).empty())
        return std::nullopt;
    auto const place = places_.find(session_id_hash(*request.token));
    // The order is that of the answers, which is not quite that of the ends.
    if (place == places_.end() || place->second->end <= now)
        return std::nullopt;
    return place->second->token;
}

void sudo_memory::learn(
    wire::request const& request, call_options const& options, wire::answer const& answer,
    error_info const* refusal, time_point sent)
{
    if (!enabled_ || !has_session(request))
        return;
    auto const used = sent_with(options);
    auto const brought = answer.headers.find(header_name);
    auto const wants_another = refusal != nullptr && refusal->code == errc::sudo_required;
    if (!used.empty() && wants_another) {
        refute(session_id_hash(*request.token), used);
    } else if (
        !brought.empty() && brought != used && brought.size() <= longest_token &&
        core::is_field_value(brought)) {
        // One that was only sent back is as old as before, however it was known (contract 8.4).
        remember(session_id_hash(*request.token), secret(brought), sent + life);
    }
    if (answer.status >= 200 && answer.status < 300 && !entries_.empty()) {
        if (request.operation == operation::logout_user)
            forget(session_id_hash(*request.token));
        for (auto const& session : request.ends_sessions)
            forget(session);
    }
}

void sudo_memory::drop_expired(time_point now)
{
    while (!entries_.empty() && entries_.front().end <= now) {
        places_.erase(entries_.front().session);
        entries_.pop_front();
    }
}

void sudo_memory::remember(std::string session, secret token, time_point end)
{
    auto const known = places_.find(session);
    if (known != places_.end() && known->second->token == token && known->second->end <= end)
        return;
    forget(session);
    if (entries_.size() >= most_sessions)
        forget(std::string(entries_.front().session));
    entries_.push_back({session, std::move(token), end});
    places_.emplace(std::move(session), std::prev(entries_.end()));
}

void sudo_memory::refute(std::string const& session, std::string_view token)
{
    auto const place = places_.find(session);
    // A call that began before the token came says nothing about it.
    if (place != places_.end() && place->second->token == secret(token))
        forget(session);
}

void sudo_memory::forget(std::string const& session)
{
    auto const place = places_.find(session);
    if (place == places_.end())
        return;
    entries_.erase(place->second);
    places_.erase(place);
}

} // namespace fluxer::auth::call
