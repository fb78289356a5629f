#include "flows/life_times.hpp"
#include "flows/poll_loop.hpp"

#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using flows_detail::look;
using flows_detail::look_result;

constexpr milliseconds result_life{60'000}; // contract 9.2

class ip_authorization_target final : public flows_detail::poll_target
{
public:
    explicit ip_authorization_target(ip_authorization ticket)
        : ticket_(std::move(ticket))
    {}

    asio::awaitable<look> look_once(client& client, call_options options) override
    {
        auto answer = co_await client.poll_ip_authorization(ticket_.ticket, std::move(options));
        if (!answer)
            co_return explain(answer.error());
        ended_before_ = false;
        look seen(answer->completed ? look_result::completed : look_result::pending);
        seen.session = std::move(answer->session);
        co_return seen;
    }

    std::optional<wait_status> judge_end() override
    {
        // The server drops the ticket a moment before it publishes the session, so that one 400 may be a race
        // (contract 9.2).
        if (!std::exchange(ended_before_, true))
            return std::nullopt;
        return wait_status::expired;
    }

    std::chrono::steady_clock::time_point expiry() const override
    {
        return ticket_.received_at + flows_detail::ip_ticket_life;
    }

    milliseconds reread_window() const override { return result_life; }

private:
    static look explain(error const& failure)
    {
        if (failure.code() != errc::rejected_input || failure.field("ticket") == nullptr)
            return flows_detail::look_of(failure);
        look seen(look_result::ended);
        seen.error = failure;
        return seen;
    }

    ip_authorization ticket_;
    bool ended_before_ = false;
};

} // namespace

asio::awaitable<wait_outcome> wait_for_ip_authorization(
    client client, ip_authorization ticket, poll_options options)
{
    return flows_detail::poll(
        std::move(client), std::make_unique<ip_authorization_target>(std::move(ticket)), std::move(options));
}

} // namespace fluxer::auth
