#include "call/ask_governor.hpp"

#include "call/reply_slot.hpp"

#include <exception>
#include <string>
#include <utility>

namespace fluxer::auth::call {

namespace {

error governor_failed(std::string const& why)
{
    error_info info;
    info.code = errc::rate_limited;
    info.message = "the rate governor failed" + why;
    return error(std::move(info));
}

} // namespace

boost::asio::awaitable<result<rate_verdict>> ask_governor(
    boost::asio::any_io_executor executor, std::shared_ptr<net::executor_gate> way_back, rate_permit& permit,
    net::watchdog& dog)
{
    using answer = result<rate_verdict>;
    auto const slot = std::make_shared<reply_slot<answer>>(executor);
    try {
        asking const now(slot.get());
        permit.ask(reply_to(slot, std::move(way_back)));
    } catch (std::exception const& e) {
        co_return governor_failed(std::string(": ") + e.what());
    } catch (...) {
        co_return governor_failed({});
    }
    if (!slot->answer)
        co_await wait_for_reply(slot, dog, phase::rate_limit, dog.time_left() + milliseconds(1));
    if (slot->answer)
        co_return *std::move(slot->answer);
    co_return governor_failed(" to answer");
}

} // namespace fluxer::auth::call
