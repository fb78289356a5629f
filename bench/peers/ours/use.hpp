#ifndef FLUXER_AUTH_BENCH_OURS_USE_HPP
#define FLUXER_AUTH_BENCH_OURS_USE_HPP

#include "support/settings.hpp"

#include <fluxer/auth.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/object.hpp>

#include <exception>
#include <utility>

namespace fluxer::auth::bench::ours {

namespace asio = boost::asio;

/// As the library comes, but for the number of connections.
client_options make_options(settings const& how);

/// One login by the public API. Throws std::runtime_error if it fails.
asio::awaitable<void> log_in(client& with);

/// Starts a coroutine whose exception ends the program.
template <class Executor>
void start(Executor const& on, asio::awaitable<void> work)
{
    asio::co_spawn(on, std::move(work), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
}

boost::json::object logins(settings const& how);
boost::json::object idle(settings const& how);
boost::json::object poll(settings const& how);
boost::json::object threads(settings const& how);

} // namespace fluxer::auth::bench::ours

#endif
