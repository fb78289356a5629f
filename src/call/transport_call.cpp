#include "call/transport_call.hpp"

#include "call/reply_slot.hpp"

#include <boost/asio/error.hpp>

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
    asio::any_io_executor executor, std::shared_ptr<net::executor_gate> way_back, transport const& through,
    std::string_view request, limit_options const& limits, net::watchdog& dog,
    http::exchange_outcome& outcome)
{
    auto const slot = std::make_shared<reply_slot<result<raw_response>>>(executor);
    // Whatever it does with the request, it has it.
    outcome.sent_any = true;
    try {
        through(parse(request), reply_to(slot, std::move(way_back)));
    } catch (std::exception const& e) {
        outcome.failure = lost(std::string("the transport failed: ") + e.what());
        outcome.lost = true;
        co_return;
    } catch (...) {
        outcome.failure = lost("the transport failed");
        outcome.lost = true;
        co_return;
    }
    co_await wait_for_reply(slot, dog, phase::first_byte, limits.first_byte);
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
