#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <thread>

namespace fluxer::auth::test {

authority const& test_authority()
{
    static authority const made;
    return made;
}

client_options patient_options(std::string base_url)
{
    client_options options(std::move(base_url));
    options.tls.ca_pem = test_authority().pem();
    options.limits.resolve = 1h;
    options.limits.connect = 1h;
    options.limits.tls = 1h;
    options.limits.pool_wait = 1h;
    options.limits.send = 1h;
    options.limits.first_byte = 1h;
    options.limits.read_idle = 1h;
    options.limits.attempt = 1h;
    options.limits.call = 1h;
    options.pool.idle_timeout = 1h;
    options.resolver_cache = 0ms;
    // Each test is about one failure; what the policy makes of it has tests of its own.
    options.retry.max_attempts = 1;
    options.rate.mode = rate_mode::off;
    options.pool.dial_backoff = 0ms;
    options.limits.proxy = 1h;
    options.resolver = [](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; };
    return options;
}

client_options patient_options(scripted_server const& server)
{
    return patient_options(server.base_url());
}

std::size_t open_descriptors()
{
    std::size_t count = 0;
    for ([[maybe_unused]] auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

std::size_t sockets_to(unsigned short port)
{
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        auto const descriptor = std::stoi(entry.path().filename().string());
        sockaddr_in address{};
        socklen_t size = sizeof address;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
            address.sin_family == AF_INET && ntohs(address.sin_port) == port &&
            ntohl(address.sin_addr.s_addr) == INADDR_LOOPBACK)
            ++count;
    }
    return count;
}

descriptor_baseline::descriptor_baseline()
{
    // Made before counting; it stays.
    test_authority();
    before = open_descriptors();
}

descriptor_baseline::~descriptor_baseline()
{
    BOOST_TEST(open_descriptors() == before);
}

void run(asio::io_context& context, asio::awaitable<void> work)
{
    bool done = false;
    asio::co_spawn(context, std::move(work), [&done](std::exception_ptr thrown) {
        done = true;
        if (thrown)
            std::rethrow_exception(thrown);
    });
    run_until(context, [&done] { return done; });
}

bool at_rest(client const& used)
{
    auto const now = used.stats();
    return now.calls_in_flight == 0 && now.calls_waiting == 0 && now.connections_in_use == 0 &&
           now.connections_connecting == 0;
}

void wait_for(std::atomic<bool> const& flag)
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (!flag && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(1ms);
}

void serve_no_content(peer& with)
{
    if (!with.handshake())
        return;
    while (!with.read_request().empty())
        with.send(no_content);
}

raw_request get()
{
    return raw_request("GET", "/auth/x").as_repeatable();
}

raw_response made(int status, std::string body)
{
    raw_response answer;
    answer.status = status;
    if (!body.empty())
        answer.headers.emplace_back("Content-Type", "application/json");
    answer.body = secret(std::move(body));
    return answer;
}

} // namespace fluxer::auth::test
