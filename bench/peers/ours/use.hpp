#ifndef FLUXER_AUTH_BENCH_OURS_USE_HPP
#define FLUXER_AUTH_BENCH_OURS_USE_HPP

#include "support/settings.hpp"

#include <fluxer/auth.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <exception>
#include <utility>

namespace fluxer::auth::bench::ours {

namespace asio = boost::asio;

/// As the library comes, but for the number of connections.
client_options make_options(settings const& how);

/// What client::login_user is called with each time.
login_request make_request();

/// Throws std::runtime_error unless it is a session.
void check(result<login_result> const& answer);

/// Starts a coroutine whose exception ends the program.
template <class Executor>
void start(Executor const& on, asio::awaitable<void> work)
{
    asio::co_spawn(on, std::move(work), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
}

/// Brings the client's pool to its size, so that nobody who is measured pays for a handshake.
void fill_pool(asio::io_context& context, client& of, std::size_t connections);

boost::json::object logins(settings const& how);
boost::json::object idle(settings const& how);
boost::json::object poll(settings const& how);
boost::json::object threads(settings const& how);

} // namespace fluxer::auth::bench::ours

#endif
