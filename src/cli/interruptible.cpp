#include "cli/interruptible.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

bool run_interruptible(asio::io_context& io, asio::awaitable<void> work)
{
    asio::signal_set signals(io, SIGINT, SIGTERM);
    asio::cancellation_signal stop;
    std::exception_ptr failure;
    bool interrupted = false;
    auto on_signal = [&](boost::system::error_code ec, int) {
        if (ec)
            return;
        interrupted = true;
        signals.clear();
        stop.emit(asio::cancellation_type::terminal);
    };
    auto on_end = [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        signals.cancel();
    };
    signals.async_wait(on_signal);
    asio::co_spawn(io, std::move(work), asio::bind_cancellation_slot(stop.slot(), on_end));
    io.run();
    if (failure && !interrupted)
        std::rethrow_exception(failure);
    return !interrupted;
}

} // namespace fluxer::auth::cli
