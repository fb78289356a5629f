#include "flows/life_times.hpp"
#include "flows/wait_for_handoff.hpp"

#include <utility>

namespace fluxer::auth {

namespace asio = boost::asio;

start_handoff_options&& start_handoff_options::with_cancel_on_abandon(bool value) &&
{
    cancel_on_abandon = value;
    return std::move(*this);
}

pending_handoff::pending_handoff(client client, handoff ticket, bool cancel_on_abandon)
    : client_(std::move(client))
    , ticket_(std::move(ticket))
    , cancel_on_abandon_(cancel_on_abandon)
{}

std::chrono::steady_clock::time_point pending_handoff::ends_at() const noexcept
{
    return ticket_.received_at + flows_detail::handoff_code_life;
}

asio::awaitable<wait_outcome> pending_handoff::wait(poll_options options) const
{
    return flows_detail::wait_for_handoff(client_, ticket_, cancel_on_abandon_, std::move(options));
}

asio::awaitable<result<void>> pending_handoff::cancel(call_options options) const
{
    auto api = client_;
    return api.cancel_handoff(ticket_, std::move(options));
}

asio::awaitable<result<pending_handoff>> start_handoff(client client, start_handoff_options options)
{
    auto begun = co_await client.initiate_handoff(std::move(options.call));
    if (!begun)
        co_return begun.error();
    co_return pending_handoff(std::move(client), *std::move(begun), options.cancel_on_abandon);
}

} // namespace fluxer::auth
