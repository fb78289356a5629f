// Uses a bit of everything that crosses the library's boundary: coroutines, results, errors and exceptions.
#include <fluxer/auth.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

// No server listens on port 1 of the loopback interface.
asio::awaitable<bool> connection_is_refused(auth::client client)
{
    auto outcome = co_await client.login_user({"me@example.com", "not a password"});
    if (outcome)
        co_return false;
    std::cout << outcome.error() << '\n';
    co_return outcome.error().code() == auth::errc::connect_failed&& outcome.error().code() ==
        auth::condition::transport;
}

bool bad_option_is_refused(asio::io_context& context)
{
    auto options = auth::client_options("https://127.0.0.1:1/v1");
    options.pool.max_connections = 0;
    try {
        auth::client client(context.get_executor(), options);
    } catch (auth::exception const& e) {
        std::cout << e.what() << '\n';
        return e.error().code() == auth::errc::invalid_option;
    }
    return false;
}

} // namespace

int main()
{
    asio::io_context context(1);
    bool refused = false;
    asio::co_spawn(
        context, connection_is_refused(auth::client(context.get_executor(), "https://127.0.0.1:1/v1")),
        [&](std::exception_ptr failure, bool value) { refused = !failure && value; });
    context.run();
    return refused && bad_option_is_refused(context) ? EXIT_SUCCESS : EXIT_FAILURE;
}
