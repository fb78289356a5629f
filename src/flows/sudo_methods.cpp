#include "wire/codec.hpp"
#include "wire/endpoint.hpp"

#include <fluxer/auth/sudo.hpp>

#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;

raw_request request_for(wire::helper which, secret token)
{
    auto const& row = wire::endpoint_of(which);
    raw_request request{std::string(row.method), std::string(row.path)};
    request.token = std::move(token);
    request.repeatable = row.repeatable;
    return request;
}

wire::answer answer_of(raw_response const& response)
{
    wire::answer made;
    made.status = response.status;
    for (auto const& field : response.headers)
        made.headers.add(field.name, field.value);
    made.body.append(response.body.reveal());
    return made;
}

/// What a raw request leaves to its caller: whether the status is good.
std::optional<error> failure_in(raw_response const& response, wire::own_secrets const& hidden)
{
    if (response.status >= 200 && response.status < 300)
        return std::nullopt;
    error_info info;
    info.phase = phase::done;
    info.http_status = response.status;
    info.attempts = 1;
    info.request_was_sent = true;
    info.answer_began = true;
    wire::decode_error(answer_of(response), info, hidden);
    return error(std::move(info));
}

template <class T>
result<T> decoded(raw_response const& response, wire::own_secrets const& hidden)
{
    std::string problem;
    if (auto value = wire::decode<T>(response.body.reveal(), problem))
        return *std::move(value);
    error_info info;
    info.code = errc::unexpected_answer;
    info.phase = phase::decode;
    info.http_status = response.status;
    info.attempts = 1;
    info.request_was_sent = true;
    info.answer_began = true;
    info.request_id = wire::shown_request_id(response.header_value("X-Request-ID"), hidden);
    info.message = std::move(problem);
    return error(std::move(info));
}

template <class T>
asio::awaitable<result<T>> ask(client of, raw_request request, call_options options)
{
    wire::own_secrets hidden;
    hidden.add(*request.token);
    auto const answered = co_await of.send(std::move(request), std::move(options));
    if (!answered)
        co_return answered.error();
    if (auto failed = failure_in(*answered, hidden))
        co_return *std::move(failed);
    if constexpr (std::is_void_v<T>)
        co_return result<void>();
    else
        co_return decoded<T>(*answered, hidden);
}

} // namespace

asio::awaitable<result<sudo_methods>> get_sudo_methods(client client, secret token, call_options options)
{
    return ask<sudo_methods>(
        std::move(client), request_for(wire::helper::sudo_methods, std::move(token)), std::move(options));
}

asio::awaitable<result<void>> send_sudo_sms_code(client client, secret token, call_options options)
{
    return ask<void>(
        std::move(client), request_for(wire::helper::sudo_sms_code, std::move(token)), std::move(options));
}

asio::awaitable<result<boost::json::value>> get_sudo_webauthn_options(
    client client, secret token, call_options options)
{
    return ask<boost::json::value>(
        std::move(client), request_for(wire::helper::sudo_webauthn_options, std::move(token)),
        std::move(options));
}

} // namespace fluxer::auth
