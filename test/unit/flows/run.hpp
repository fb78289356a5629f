#ifndef FLUXER_AUTH_TEST_UNIT_FLOWS_RUN_HPP
#define FLUXER_AUTH_TEST_UNIT_FLOWS_RUN_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace fluxer::auth::test {

/// Runs the context until the work and all else on it have ended.
template <class T>
T run_to_end(
    boost::asio::io_context& context, boost::asio::awaitable<T> work,
    boost::asio::cancellation_slot cancel = {})
{
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(
        context, std::move(work),
        boost::asio::bind_cancellation_slot(cancel, [&](std::exception_ptr what, T got) {
            thrown = what;
            value.emplace(std::move(got));
        }));
    context.restart();
    context.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return *std::move(value);
}

} // namespace fluxer::auth::test

#endif
