#include "call/transport_call.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace fluxer::auth::call {

namespace {

namespace asio = boost::asio;
using net::interruption;

std::string_view take_until(std::string_view& text, std::string_view end)
{
    auto const size = text.find(end);
    auto const part = text.substr(0, size);
    text.remove_prefix(size + end.size());
    return part;
}

/// The inverse of http::request_template, whose output is well-formed.
transport_request parse(std::string_view text)
{
    transport_request request;
    request.method = take_until(text, " ");
    request.target = secret(take_until(text, " "));
    take_until(text, "\r\n");
    for (auto line = take_until(text, "\r\n"); !line.empty(); line = take_until(text, "\r\n")) {
        auto const name = take_until(line, ": ");
        request.headers.emplace_back(std::string(name), std::string(line));
    }
    request.body = secret(text);
    return request;
}

/// What the coroutine waits for; lives in its frame's care, so that a reply finds out when nobody waits any more.
struct reply_slot
{
    explicit reply_slot(asio::any_io_executor const& executor)
        : woken(executor, net::time_point::max())
    {}

    asio::steady_timer woken;
    std::optional<result<raw_response>> answer;
};

class waiter final : public net::abortable
{
public:
    explicit waiter(std::shared_ptr<reply_slot> slot)
        : slot_(std::move(slot))
    {}

    void abort() noexcept override { slot_->woken.cancel(); }

private:
    std::shared_ptr<reply_slot> slot_;
};

transport_reply reply_to(std::shared_ptr<reply_slot> const& slot, asio::any_io_executor executor)
{
    return [weak = std::weak_ptr(slot), executor = std::move(executor)](result<raw_response> answer) {
        if (weak.expired())
            return;
        asio::post(executor, [weak, answer = std::move(answer)]() mutable {
            auto const waiting = weak.lock();
            if (!waiting || waiting->answer)
                return;
            waiting->answer.emplace(std::move(answer));
            waiting->woken.cancel();
        });
    };
}

void take_over(raw_response const& from, wire::answer& to)
{
    to.status = from.status;
    for (auto const& entry : from.headers)
        to.headers.add(entry.name, entry.value);
    to.body.append(from.body.reveal());
}

net::failure failure_of(error const& from)
{
    auto const& info = from.info();
    net::failure why(info.code, info.phase, info.cause, info.message);
    why.limit = info.limit;
    why.remote = info.remote_endpoint;
    return why;
}

net::failure lost(std::string message)
{
    return {errc::connection_lost, phase::first_byte, boost::system::error_code{}, std::move(message)};
}

/// Why there is no answer.
net::failure unanswered(net::watchdog const& dog)
{
    if (dog.interrupted() == interruption::timed_out) {
        net::failure why(errc::timed_out, phase::first_byte, asio::error::operation_aborted, {});
        why.limit = dog.limit();
        return why;
    }
    auto const code = dog.interrupted() == interruption::shut_down ? errc::shut_down : errc::cancelled;
    return {code, phase::first_byte, asio::error::operation_aborted, "ended before the transport replied"};
}

} // namespace

asio::awaitable<void> exchange(
    asio::any_io_executor executor, transport const& through, std::string_view request,
    limit_options const& limits, net::watchdog& dog, http::exchange_outcome& outcome)
{
    auto const slot = std::make_shared<reply_slot>(executor);
    waiter mine(slot);
    // Whatever it does with the request, it has it.
    outcome.sent_any = true;
    try {
        through(parse(request), reply_to(slot, executor));
    } catch (std::exception const& e) {
        outcome.failure = lost(std::string("the transport failed: ") + e.what());
        outcome.lost = true;
        co_return;
    } catch (...) {
        outcome.failure = lost("the transport failed");
        outcome.lost = true;
        co_return;
    }
    dog.enter(phase::first_byte, limits.first_byte, mine);
    while (!slot->answer && dog.interrupted() == interruption::none) {
        boost::system::error_code ignored;
        co_await slot->woken.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != asio::cancellation_type::none)
            break;
    }
    dog.leave();
    if (!slot->answer) {
        outcome.failure = unanswered(dog);
    } else if (slot->answer->has_error()) {
        outcome.failure = failure_of(slot->answer->error());
        outcome.lost = outcome.failure->code == errc::connection_lost;
    } else {
        outcome.received_any = true;
        take_over(**slot->answer, outcome.answer);
    }
}

} // namespace fluxer::auth::call
