#include "peers/ours/use.hpp"

#include "support/login.hpp"
#include "support/meter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace fluxer::auth::bench::ours {

namespace {

using clock = meter::clock;

clock::duration duration_of(double seconds)
{
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
}

/// One that looks by itself, with a timer of its own.
asio::awaitable<void> look_again_and_again(
    client& with, meter& meter, clock::time_point due, clock::duration interval)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (; !meter.over(); due += interval) {
        timer.expires_at(due);
        co_await timer.async_wait(asio::use_awaitable);
        auto const seen = co_await with.get_handoff_status(handoff_reference(handoff_code));
        if (!seen)
            throw std::runtime_error(seen.error().to_string());
        meter.answered(due);
    }
}

/// One that leaves it to the library. A look is due when the library has said it would look again.
asio::awaitable<void> wait(client& with, meter& meter, clock::time_point due, clock::duration interval)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, due);
    co_await timer.async_wait(asio::use_awaitable);
    poll_options options;
    options.interval = std::chrono::duration_cast<milliseconds>(interval);
    options.jitter_percent = 0;
    options.on_progress = [&meter, &due](poll_progress const& progress) {
        meter.answered(due);
        due = clock::now() + progress.next_poll_in;
    };
    handoff ticket{secret(handoff_code), timestamp{}};
    auto const end = co_await wait_for_handoff(with, std::move(ticket), std::move(options));
    if (end.error)
        throw std::runtime_error(end.error->to_string());
}

} // namespace

boost::json::object poll(settings const& how)
{
    asio::io_context context{1};
    client used(context.get_executor(), make_options(how));
    fill_pool(context, used, how.in_flight);

    auto const before = resident_bytes();
    meter meter(how);
    auto const interval = duration_of(how.interval);
    auto const begin = clock::now();
    auto* const work = how.mode == mode::wait ? wait : look_again_and_again;
    for (std::size_t number = 0; number < how.pollers; ++number)
        start(context.get_executor(), work(used, meter, begin + interval * number / how.pollers, interval));
    while (!meter.over())
        context.run_one();
    auto result = meter.result();
    result["bytes_per_poller"] =
        static_cast<double>(resident_bytes() - before) / static_cast<double>(how.pollers);
    return result;
}

} // namespace fluxer::auth::bench::ours
