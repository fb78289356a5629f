#include "flows/sign_in_work.hpp"

#include "client/crossing.hpp"
#include "flows/beside.hpp"

#include <fluxer/auth/flows.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace fluxer::auth::flows_detail {

namespace {

namespace asio = boost::asio;

/// Something that can be stopped while it waits.
class ip_wait
{
public:
    ip_wait(client client, ip_authorization ticket, poll_options options)
        : client_(std::move(client))
        , ticket_(std::move(ticket))
        , options_(std::move(options))
    {}

    asio::awaitable<wait_outcome> operator()()
    {
        return wait_for_ip_authorization(client_, ticket_, options_);
    }

    static wait_outcome refuse()
    {
        wait_outcome outcome;
        outcome.status = wait_status::cancelled;
        return outcome;
    }

private:
    client client_;
    ip_authorization ticket_;
    poll_options options_;
};

} // namespace

sign_in_work::step_result sign_in_work::wait_for_ip()
{
    if (!handlers_.ip_authorization)
        co_return event::unhandled;
    auto const ticket = *outcome_.error->ip_authorization();
    auto options = options_.poll;
    options.call = options_.call;
    options.deadline = std::max(left(), milliseconds(1));

    using waiting = client_detail::crossing<wait_outcome, ip_wait>;
    auto const here = co_await asio::this_coro::executor;
    auto const wait = std::make_shared<waiting>(here, ip_wait(client_, ticket, std::move(options)));
    auto asked = handlers_.ip_authorization(ip_authorization_notice(client_, ticket));
    auto declined = false;
    beside<bool> notice(here, std::move(asked), [&] {
        declined = !notice.value().value_or(false);
        if (declined)
            wait->stop(asio::cancellation_type::terminal);
    });
    wait_outcome waited;
    std::exception_ptr thrown;
    try {
        co_await client_detail::cross(wait);
        waited = *std::move(wait->value);
    } catch (...) {
        thrown = std::current_exception();
    }
    auto const by_itself = notice.ended();
    // Whatever came of the wait: the notice's coroutine must not outlive its handler.
    co_await notice.stop();
    if (thrown)
        std::rethrow_exception(thrown);
    // A session is not given up for a notice that fails in the very turn in which it comes.
    if (by_itself && notice.thrown() && !waited.session)
        std::rethrow_exception(notice.thrown());
    co_return judge_wait(waited, declined);
}

sign_in_work::event sign_in_work::judge_wait(wait_outcome const& waited, bool declined)
{
    if (waited.error)
        outcome_.error = waited.error;
    switch (waited.status) {
    case wait_status::completed:
        return took(*waited.session);
    case wait_status::expired:
        return event::expired;
    case wait_status::cancelled:
        return declined ? event::declined : interrupted();
    case wait_status::gave_up:
        if (left() == milliseconds(0))
            return event::timed_out;
        return waited.error ? explain(*waited.error) : event::failed;
    case wait_status::denied:
        return event::declined;
    case wait_status::lost:
        break;
    }
    return event::failed;
}

} // namespace fluxer::auth::flows_detail
