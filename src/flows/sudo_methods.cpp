#include "client/client_handle.hpp"
#include "flows/failure.hpp"
#include "wire/codec.hpp"
#include "wire/endpoint.hpp"

#include <fluxer/auth/sudo.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;

raw_request request_for(wire::helper_endpoint const& row, secret token)
{
    raw_request request{std::string(row.method), std::string(row.path)};
    request.token = std::move(token);
    request.repeatable = row.repeatable;
    return request;
}

/// What a raw request leaves to its caller: whether the status is good.
std::optional<error> failure_in(call::outcome const& answered)
{
    auto const status = answered.answer.status;
    if (status >= 200 && status < 300)
        return std::nullopt;
    auto info = answered.describe();
    wire::decode_error(answered.answer, info, *answered.hidden);
    return error(std::move(info));
}

template <class T>
result<T> decoded(call::outcome const& answered)
{
    std::string problem;
    auto const body = answered.answer.body.view();
    if constexpr (std::is_void_v<T>) {
        if (wire::is_empty_or_json(body, problem))
            return {};
    } else {
        if (auto value = wire::decode<T>(body, problem))
            return *std::move(value);
    }
    return answered.unreadable(std::move(problem));
}

template <class T>
asio::awaitable<result<T>> ask(client of, wire::helper which, secret token, call_options options)
{
    auto const& row = wire::endpoint_of(which);
    auto call = client_detail::run_raw_call(
        client_detail::client_access::engine_of(of), request_for(row, std::move(token)), std::move(options));
    auto const answered = co_await std::move(call);
    if (answered.error)
        co_return flows::of_helper(*answered.error, row.function);
    if (auto const failed = failure_in(answered))
        co_return flows::of_helper(*failed, row.function);
    auto made = decoded<T>(answered);
    if (!made)
        co_return flows::of_helper(made.error(), row.function);
    co_return made;
}

} // namespace

asio::awaitable<result<sudo_methods>> get_sudo_methods(client client, secret token, call_options options)
{
    return ask<sudo_methods>(
        std::move(client), wire::helper::sudo_methods, std::move(token), std::move(options));
}

asio::awaitable<result<void>> send_sudo_sms_code(client client, secret token, call_options options)
{
    return ask<void>(std::move(client), wire::helper::sudo_sms_code, std::move(token), std::move(options));
}

asio::awaitable<result<boost::json::value>> get_sudo_webauthn_options(
    client client, secret token, call_options options)
{
    return ask<boost::json::value>(
        std::move(client), wire::helper::sudo_webauthn_options, std::move(token), std::move(options));
}

} // namespace fluxer::auth
