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

ip_authorization_notice::ip_authorization_notice(client client, ip_authorization ticket)
    : client_(std::move(client))
    , ticket_(std::move(ticket))
    , resend_at_(ticket_.received_at + ticket_.resend_available_in)
{}

steady_clock::time_point ip_authorization_notice::ends_at() const noexcept
{
    return ticket_.received_at + flows_detail::ip_ticket_life;
}

milliseconds ip_authorization_notice::resend_available_in() const
{
    return std::max(std::chrono::ceil<milliseconds>(resend_at_ - steady_clock::now()), milliseconds(0));
}

asio::awaitable<result<void>> ip_authorization_notice::resend(call_options options)
{
    if (resends_ == resends::under_way)
        co_return refusal(errc::resend_limit, std::nullopt, "the mail is being sent again");
    if (resends_ == resends::used)
        co_return refusal(errc::resend_limit, std::nullopt, "the mail was sent again already");
    if (auto const wait = resend_available_in(); wait > milliseconds(0))
        co_return refusal(errc::resend_cooldown, wait, "the mail was sent a moment ago");

    // Unless an answer says otherwise, the mail may be asked for again: the server counts for itself.
    struct turn
    {
        explicit turn(resends& state_)
            : state(state_)
        {
            state = resends::under_way;
        }

        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;

        ~turn() { state = after; }

        resends& state;
        resends after = resends::unused;
    };

    turn mine(resends_);
    mfa_ticket_request request(ticket_.ticket);
    auto sent = co_await client_.resend_ip_authorization(std::move(request), std::move(options));
    if (sent || sent.error().code() == errc::resend_limit)
        mine.after = resends::used;
    else if (auto const wait = sent.error().retry_after();
             sent.error().code() == errc::resend_cooldown && wait)
        resend_at_ = steady_clock::now() + *wait;
    co_return sent;
}

asio::awaitable<wait_outcome> ip_authorization_notice::wait(poll_options options) const
{
    return wait_for_ip_authorization(client_, ticket_, std::move(options));
}

} // namespace fluxer::auth
