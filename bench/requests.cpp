// How much the client costs over the least that any client must do: requests over one connection, one after the
// other, against blocking OpenSSL; then many callers over a pool. Client and server share the machine.
//
//   bench_requests [--requests N]      N for each figure; 20000 unless told

#include "blocking_connection.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace auth = fluxer::auth;
using seconds = std::chrono::duration<double>;

constexpr std::size_t callers = 256;
constexpr std::size_t pool_size = 32;

template <class Work>
double rate(std::size_t requests, Work&& work)
{
    auto const start = std::chrono::steady_clock::now();
    work();
    return static_cast<double>(requests) / seconds(std::chrono::steady_clock::now() - start).count();
}

asio::awaitable<void> ask(auth::client& client, std::size_t requests)
{
    for (std::size_t count = 0; count < requests; ++count) {
        auto const answer = co_await client.get_sso_status();
        if (!answer)
            throw std::runtime_error(answer.error().to_string());
    }
}

void run(auth::sandbox const& server, std::size_t connections, std::size_t tasks, std::size_t requests_each)
{
    asio::io_context context{1};
    auto options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    options.pool.max_connections = connections;
    auth::client client(context.get_executor(), options);
    for (std::size_t task = 0; task < tasks; ++task) {
        asio::co_spawn(context, ask(client, requests_each), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    }
    context.run();
    if (client.stats().requests_sent != tasks * requests_each)
        throw std::runtime_error("a request was sent more or less than once");
}

void run_floor(auth::sandbox const& server, std::size_t requests)
{
    auth::bench::blocking_connection connection(server.port(), server.ca_pem());
    std::string const request =
        "GET /v1/auth/sso/status HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
        "\r\nAccept: application/json\r\n\r\n";
    for (std::size_t count = 0; count < requests; ++count)
        connection.round_trip(request);
}

void measure(std::size_t requests)
{
    auth::sandbox const server{auth::sandbox_options{}};
    auto const each = std::max<std::size_t>(1, requests / callers);
    // Once for nothing, so that none of them pays for what is done only once.
    run_floor(server, std::min<std::size_t>(requests, 1000));
    auto const floor = rate(requests, [&] { run_floor(server, requests); });
    auto const single = rate(requests, [&] { run(server, 1, 1, requests); });
    auto const pooled = rate(each * callers, [&] { run(server, pool_size, callers, each); });
    std::printf("requests per second, client and server on this machine\n");
    std::printf("  blocking OpenSSL, one connection   %9.0f\n", floor);
    std::printf("  client, one connection             %9.0f   %.2f of the above\n", single, single / floor);
    std::printf(
        "  client, %zu callers, %zu connections %9.0f   %.2f of the first\n", callers, pool_size, pooled,
        pooled / floor);
}

} // namespace

int main(int count, char const* const* arguments)
try {
    std::size_t requests = 20'000;
    if (count == 3 && std::string_view(arguments[1]) == "--requests")
        requests = std::stoul(arguments[2]);
    else if (count != 1)
        throw std::runtime_error("usage: bench_requests [--requests N]");
    measure(requests);

} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_requests: %s\n", e.what());
    return 1;
}
