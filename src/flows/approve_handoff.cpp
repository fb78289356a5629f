#include "client/client_handle.hpp"
#include "client/perform.hpp"
#include "flows/ask.hpp"

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

/// Of a code that newer servers do not take for an error, but which is good for nothing (contract 9.1).
std::optional<error> why_useless(std::optional<handoff_info> const& told)
{
    if (!told || (told->status != "expired" && told->status != "denied" && told->status != "completed"))
        return std::nullopt;
    error_info info;
    info.code = errc::rejected;
    info.operation = operation::get_handoff_info;
    info.phase = phase::done;
    info.http_status = 200;
    info.message = "the code is not waiting for approval: " + told->status;
    return error(std::move(info));
}

/// @param newer the server knows of poll secrets, without which it cancels nothing: the code is left to expire then
asio::awaitable<result<void>> say_no(client& api, secret code, bool newer, call_options options)
{
    auto denied = co_await api.deny_handoff(code, options);
    if (denied || denied.error().code() != errc::not_supported_by_server)
        co_return denied;
    if (newer)
        co_return result<void>();
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

/// From the question to the answer. A cancellation gets as far as the call or the question that it meets.
class approving
{
public:
    approving(client client, session approver, secret code, approve_handoff_options options)
        : client_(std::move(client))
        , approver_(std::move(approver))
        , code_(std::move(code))
        , options_(std::move(options))
    {}

    asio::awaitable<result<handoff_approval>> operator()()
    {
        handoff_approval approval;
        if (options_.ask_info) {
            auto told = co_await ask(client_, code_, options_.call);
            if (!told)
                co_return told.error();
            approval.info = *std::move(told);
            if (auto useless = why_useless(approval.info))
                co_return *std::move(useless);
        }
        if (options_.confirm) {
            // The call before this has put the coroutine's filter back to terminal only.
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            auto asked = options_.confirm(approval.info);
            auto const confirmed = co_await flows_detail::ask(std::move(asked));
            if (!confirmed)
                co_return refuse();
            if (!*confirmed)
                co_return co_await deny(std::move(approval));
        }
        handoff_complete_request request(code_, std::move(approver_.token), std::move(approver_.user_id));
        auto completed = co_await complete(client_, request, std::move(options_.call));
        if (!completed)
            co_return completed.error();
        approval.approved = true;
        approval.return_url = std::move(completed->return_url);
        co_return approval;
    }

    static result<handoff_approval> refuse()
    {
        error_info info;
        info.code = errc::cancelled;
        info.operation = operation::complete_handoff;
        info.phase = phase::validation;
        info.message = "cancelled before anything was approved";
        return error(std::move(info));
    }

private:
    asio::awaitable<result<handoff_approval>> deny(handoff_approval approval)
    {
        auto const refused =
            co_await say_no(client_, code_, approval.info.has_value(), std::move(options_.call));
        if (!refused)
            co_return refused.error();
        co_return approval;
    }

    client client_;
    session approver_;
    secret code_;
    approve_handoff_options options_;
};

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
    auto normalized = normalize_handoff_code(code.reveal());
    if (!normalized)
        co_return malformed_code();
    approving work(std::move(client), std::move(approver), *std::move(normalized), std::move(options));
    auto approval = co_await client_detail::perform<result<handoff_approval>>(std::move(work));
    co_return approval;
}

} // namespace fluxer::auth
