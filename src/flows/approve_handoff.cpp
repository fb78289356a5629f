#include "client/client_handle.hpp"

#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/helpers.hpp>

#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;

error malformed_code()
{
    error_info info;
    info.code = errc::invalid_request;
    info.operation = operation::complete_handoff;
    info.phase = phase::validation;
    info.fields.emplace_back(
        "code", "INVALID_FORMAT", "must be 8 letters and digits, without I, L, O, 0 and 1");
    return error(std::move(info));
}

asio::awaitable<result<std::optional<handoff_info>>> ask(client& api, secret code, call_options options)
{
    auto told = co_await api.get_handoff_info(std::move(code), std::move(options));
    if (told)
        co_return std::optional(*std::move(told));
    if (told.error().code() == errc::not_supported_by_server)
        co_return std::optional<handoff_info>();
    co_return told.error();
}

asio::awaitable<result<void>> refuse(client& api, secret code, call_options options)
{
    auto denied = co_await api.deny_handoff(code, options);
    if (denied || denied.error().code() != errc::not_supported_by_server)
        co_return denied;
    denied = co_await api.cancel_handoff(std::move(code), std::move(options));
    co_return denied;
}

asio::awaitable<result<wire::handoff_completion>> complete(
    client const& api, handoff_complete_request const& request, call_options options)
{
    constexpr auto what = operation::complete_handoff;
    return client_detail::run<wire::handoff_completion>(
        client_detail::client_access::engine_of(api), what, wire::encode(what, request), std::move(options));
}

} // namespace

approve_handoff_options&& approve_handoff_options::with_confirm(
    std::function<asio::awaitable<bool>(std::optional<handoff_info>)> value) &&
{
    confirm = std::move(value);
    return std::move(*this);
}

asio::awaitable<result<handoff_approval>> approve_handoff(
    client client, session approver, secret code, approve_handoff_options options)
{
    auto const normalized = normalize_handoff_code(code.reveal());
    if (!normalized)
        co_return malformed_code();
    handoff_approval approval;
    if (options.ask_info) {
        auto told = co_await ask(client, *normalized, options.call);
        if (!told)
            co_return told.error();
        approval.info = *std::move(told);
    }
    if (options.confirm) {
        approval.approved = co_await options.confirm(approval.info);
        if (!approval.approved) {
            auto const refused = co_await refuse(client, *normalized, std::move(options.call));
            if (!refused)
                co_return refused.error();
            co_return approval;
        }
    }
    handoff_complete_request request(*normalized, std::move(approver.token), std::move(approver.user_id));
    auto completed = co_await complete(client, request, std::move(options.call));
    if (!completed)
        co_return completed.error();
    approval.approved = true;
    approval.return_url = std::move(completed->return_url);
    co_return approval;
}

} // namespace fluxer::auth
