#include <fluxer/auth/sign_in.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr std::chrono::minutes ticket_life{15}; // contract 9.2

milliseconds until(clock::time_point moment)
{
    return std::max(std::chrono::ceil<milliseconds>(moment - clock::now()), milliseconds(0));
}

error refusal(errc code, std::optional<milliseconds> retry_after)
{
    error_info info;
    info.code = code;
    info.operation = operation::resend_ip_authorization;
    info.message = "nothing was sent";
    info.retry_after = retry_after;
    return error(std::move(info));
}

} // namespace

ip_notice::ip_notice(client from, ip_authorization ticket)
    : client_(std::move(from))
    , ticket_(std::move(ticket))
{}

milliseconds ip_notice::expires_in() const
{
    return until(ticket_.received_at + ticket_life);
}

milliseconds ip_notice::resend_available_in() const
{
    return until(ticket_.received_at + ticket_.resend_available_in);
}

asio::awaitable<result<void>> ip_notice::resend()
{
    if (resent_)
        co_return refusal(errc::resend_limit, std::nullopt);
    if (auto const wait = resend_available_in(); wait > milliseconds(0))
        co_return refusal(errc::resend_cooldown, wait);
    mfa_ticket_request request(ticket_.ticket);
    auto sent = co_await client_.resend_ip_authorization(std::move(request));
    // Without an answer it may have been sent.
    resent_ = sent.has_value() || sent.error().code() == errc::resend_limit ||
              (sent.error().request_was_sent() && sent.error().http_status() == 0);
    co_return sent;
}

} // namespace fluxer::auth
