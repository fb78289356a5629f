#include "peers/ours/use.hpp"

#include "support/login.hpp"
#include "support/meter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace fluxer::auth::bench::ours {

namespace {

using clock = meter::clock;

clock::duration duration_of(double seconds)
{
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
}

/// What `floor` gets from epoll, whose times are whole milliseconds.
clock::time_point whole_millisecond(clock::time_point when)
{
    return clock::time_point(std::chrono::ceil<milliseconds>(when.time_since_epoch()));
}

/// One that looks by itself, with a timer of its own.
asio::awaitable<void> look_again_and_again(
    client& with, meter& meter, clock::time_point due, clock::duration interval)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (; !meter.over(); due += interval) {
        timer.expires_at(whole_millisecond(due));
        // As use_awaitable, without a coroutine frame of its own for as long as the pause.
        co_await timer.async_wait(asio::deferred);
        // In two statements, so that the arguments are not kept in this frame (docs/performance.md).
        auto look = with.get_handoff_status(handoff_reference(handoff_code));
        auto const seen = co_await std::move(look);
        if (!seen)
            throw std::runtime_error(seen.error().to_string());
        meter.answered(due);
    }
}

/// One that leaves it to the library. A look is due when the library has said it would look again.
asio::awaitable<wait_outcome> wait(client& with, meter& meter, clock::duration interval)
{
    poll_options options;
    options.interval = std::chrono::duration_cast<milliseconds>(interval);
    options.jitter_percent = 0;
    options.on_progress = [&meter, due = clock::time_point()](poll_progress const& progress) mutable {
        if (due != clock::time_point())
            meter.answered(due);
        due = clock::now() + progress.next_poll_in;
    };
    return wait_for_handoff(with, {secret(handoff_code), timestamp{}}, std::move(options));
}

void ended(std::exception_ptr failed, wait_outcome const& end)
{
    if (failed)
        std::rethrow_exception(failed);
    if (end.error)
        throw std::runtime_error(end.error->to_string());
}

/// Starts as many as there are to be, spread over an interval.
asio::awaitable<void> start_all(client& with, meter& meter, settings const& how)
{
    auto const here = co_await asio::this_coro::executor;
    auto const interval = duration_of(how.interval);
    auto const begin = clock::now();
    asio::steady_timer timer(here);
    for (std::size_t number = 0; number < how.pollers; ++number) {
        auto const due = begin + interval * number / how.pollers;
        timer.expires_at(whole_millisecond(due));
        co_await timer.async_wait(asio::use_awaitable);
        if (how.mode == mode::wait)
            asio::co_spawn(here, wait(with, meter, interval), ended);
        else
            start(here, look_again_and_again(with, meter, due, interval));
    }
}

} // namespace

boost::json::object poll(settings const& how)
{
    asio::io_context context{1};
    client used(context.get_executor(), make_options(how));
    fill_pool(context, used, how.in_flight);

    auto const before = resident_bytes();
    meter meter(how);
    start(context.get_executor(), start_all(used, meter, how));
    while (!meter.over())
        context.run_one();
    auto result = meter.result();
    result["bytes_per_poller"] =
        static_cast<double>(resident_bytes() - before) / static_cast<double>(how.pollers);
    return result;
}

} // namespace fluxer::auth::bench::ours
