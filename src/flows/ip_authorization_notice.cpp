#include "flows/life_times.hpp"

#include <fluxer/auth/flows.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

error refusal(errc code, std::optional<milliseconds> wait, char const* why)
{
    error_info info;
    info.code = code;
    info.operation = operation::resend_ip_authorization;
    info.phase = phase::validation;
    info.message = why;
    info.retry_after = wait;
    return error(std::move(info));
}

} // namespace

/// Of one ticket, however many objects tell of it.
struct ip_authorization_notice::resends
{
    enum class state : std::uint8_t { unused, under_way, used };

    steady_clock::time_point next_at;
    state now = state::unused;
};

ip_authorization_notice::ip_authorization_notice(client client, ip_authorization ticket)
    : client_(std::move(client))
    , ticket_(std::move(ticket))
    , resends_(std::make_shared<resends>())
{
    resends_->next_at = ticket_.received_at + ticket_.resend_available_in;
}

steady_clock::time_point ip_authorization_notice::ends_at() const noexcept
{
    return ticket_.received_at + flows_detail::ip_ticket_life;
}

milliseconds ip_authorization_notice::resend_available_in() const
{
    auto const left = resends_->next_at - steady_clock::now();
    return std::max(std::chrono::ceil<milliseconds>(left), milliseconds(0));
}

bool ip_authorization_notice::may_resend() const noexcept
{
    return resends_->now == resends::state::unused;
}

asio::awaitable<result<void>> ip_authorization_notice::resend(call_options options)
{
    using state = resends::state;
    if (resends_->now == state::under_way)
        co_return refusal(errc::resend_limit, std::nullopt, "the mail is being sent again");
    if (resends_->now == state::used)
        co_return refusal(errc::resend_limit, std::nullopt, "the mail was sent again already");
    if (auto const wait = resend_available_in(); wait > milliseconds(0))
        co_return refusal(errc::resend_cooldown, wait, "the mail was sent a moment ago");

    // Unless an answer says otherwise, the mail may be asked for again: the server counts for itself.
    struct turn
    {
        explicit turn(std::shared_ptr<resends> of_)
            : of(std::move(of_))
        {
            of->now = state::under_way;
        }

        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;

        ~turn() { of->now = after; }

        std::shared_ptr<resends> of;
        state after = state::unused;
    };

    turn mine(resends_);
    mfa_ticket_request request(ticket_.ticket);
    auto sent = co_await client_.resend_ip_authorization(std::move(request), std::move(options));
    if (sent || sent.error().code() == errc::resend_limit)
        mine.after = state::used;
    else if (auto const wait = sent.error().retry_after();
             sent.error().code() == errc::resend_cooldown && wait)
        mine.of->next_at = steady_clock::now() + *wait;
    co_return sent;
}

asio::awaitable<wait_outcome> ip_authorization_notice::wait(poll_options options) const
{
    return wait_for_ip_authorization(client_, ticket_, std::move(options));
}

} // namespace fluxer::auth
