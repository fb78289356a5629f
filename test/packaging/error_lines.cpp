// Prints the one-line text of typical failures, each provoked in fact, for README.md. What differs from run to run
// (ports, times, request ids) is replaced by something of its shape.
#include "scripted/certificates.hpp"
#include "scripted/server.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <regex>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace asio = boost::asio;
namespace auth = fluxer::auth;
using namespace std::chrono_literals;

namespace {

bool all_failed = true;

void print(std::string const& what, std::string line)
{
    line = std::regex_replace(line, std::regex("127\\.0\\.0\\.1:\\d+"), "127.0.0.1:8443");
    line = std::regex_replace(
        line, std::regex("timed out after \\d+ m?s \\(limit (\\d+ m?s)\\)"), "timed out after $1 (limit $1)");
    line = std::regex_replace(line, std::regex("\\[request [^\\]]+\\]"), "[request 7f3c]");
    std::cout << what << '\n' << "    " << line << '\n';
}

asio::awaitable<std::optional<auth::error>> ask(auth::client client, auth::login_request credentials)
{
    auto outcome = co_await client.login_user(credentials);
    if (outcome)
        co_return std::nullopt;
    co_return outcome.error();
}

/// The error of the last of so many logins that begin at the same time.
void provoke(
    std::string const& what, auth::client_options options,
    auth::login_request credentials = {"me@example.com", "a password of mine"}, int logins = 1)
{
    asio::io_context context(1);
    std::optional<auth::error> last;
    try {
        auth::client const client(context.get_executor(), options);
        for (int number = 1; number <= logins; ++number) {
            asio::co_spawn(
                context, ask(client, credentials),
                [&, number](std::exception_ptr, std::optional<auth::error> e) {
                    if (number != logins)
                        return;
                    last = std::move(e);
                    context.stop();
                });
        }
        context.run();
    } catch (auth::exception const& e) {
        last = e.error();
    }
    all_failed = all_failed && last;
    print(what, last ? last->to_string() : "there was no error");
}

auth::client_options trusting(std::string base_url, std::string ca_pem)
{
    return auth::client_options(std::move(base_url)).with_ca_pem(std::move(ca_pem));
}

void of_the_way_to_the_server()
{
    std::string stopped;
    std::string other_ca;
    {
        auth::sandbox const server;
        stopped = server.base_url();
        other_ca = server.ca_pem();
    }
    provoke("A stopped server:", trusting(stopped, other_ca));

    auth::sandbox const server;
    provoke("The certificate's issuer is not trusted:", trusting(server.base_url(), other_ca));
    auto other_name = trusting(server.base_url(), server.ca_pem());
    other_name.tls.server_name = "auth.example.com";
    provoke("The certificate is another host's:", other_name);

    auth::test::authority const authority;
    auth::test::certificate_options last_year;
    last_year.not_before = -2 * 86'400;
    last_year.not_after = -86'400;
    auth::test::scripted_server const expired(
        authority.issue(last_year), [](auth::test::peer& peer) { peer.handshake(); });
    provoke("The certificate has expired:", trusting(expired.base_url(), authority.pem()));
}

void of_the_caller()
{
    auto no_connections = auth::client_options("https://localhost/v1");
    no_connections.pool.max_connections = 0;
    provoke("An option out of its range (thrown by the constructor):", no_connections);
    provoke(
        "Invalid UTF-8 in a field:", auth::client_options("https://localhost/v1"),
        {"me@example.com", "\xff\xfe and so on"});

    auth::sandbox server;
    server.create_account({"me@example.com", "a password of mine"});
    provoke(
        "A wrong password:", trusting(server.base_url(), server.ca_pem()),
        {"me@example.com", "a wrong password"});

    auth::sandbox_fault slow(auth::sandbox_fault_kind::delay, -1);
    slow.latency = 3s;
    server.set_fault("*", slow);
    auto one_connection = trusting(server.base_url(), server.ca_pem());
    one_connection.pool.max_connections = 1;
    one_connection.pool.max_waiting = 5; // the one for which the connection is made counts
    provoke("A full queue:", one_connection, {"me@example.com", "a password of mine"}, 7);
    one_connection.limits.pool_wait = 1s;
    provoke("limits.pool_wait:", one_connection, {"me@example.com", "a password of mine"}, 2);
}

/// A listening socket whose queue is full, so that further connections are not answered.
class full_listener
{
public:
    full_listener()
    {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address_);
        auto* const address = reinterpret_cast<sockaddr*>(&address_);
        if (::bind(listener_, address, size) != 0 || ::listen(listener_, 0) != 0 ||
            ::getsockname(listener_, address, &size) != 0)
            std::abort();
        for (auto const descriptor : fillers_)
            (void)::connect(descriptor, address, size);
    }

    ~full_listener()
    {
        for (auto const descriptor : fillers_)
            ::close(descriptor);
        ::close(listener_);
    }

    full_listener(full_listener const&) = delete;
    full_listener& operator=(full_listener const&) = delete;

    std::string base_url() const
    {
        return "https://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)) + "/v1";
    }

private:
    static int make_socket(int flags) { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0); }

    sockaddr_in address_{};
    int listener_ = make_socket(0);
    int fillers_[3] = {make_socket(SOCK_NONBLOCK), make_socket(SOCK_NONBLOCK), make_socket(SOCK_NONBLOCK)};
};

void stalled(std::string const& what, auth::limit_options limits, auth::test::scripted_server::script steps)
{
    auth::test::authority const authority;
    auth::test::scripted_server const server(authority.issue(), std::move(steps));
    auto options = trusting(server.base_url("127.0.0.1"), authority.pem());
    options.limits = limits;
    provoke(what, options);
}

void of_time()
{
    auth::client_options no_name("https://auth.example.com/v1");
    no_name.limits.resolve = 100ms;
    no_name.resolver = [](std::string const&) {
        std::this_thread::sleep_for(300ms);
        return std::vector<std::string>{};
    };
    provoke("limits.resolve:", no_name);

    full_listener const listener;
    auth::client_options no_answer(listener.base_url());
    no_answer.limits.connect = 100ms;
    provoke("limits.connect:", no_answer);

    auth::limit_options limits;
    limits.tls = 100ms;
    stalled("limits.tls:", limits, [](auth::test::peer& peer) { peer.stall(); });

    limits = {};
    limits.first_byte = 100ms;
    stalled("limits.first_byte:", limits, [](auth::test::peer& peer) {
        peer.handshake();
        peer.read_request();
        peer.stall();
    });
    limits = {};
    limits.read_idle = 100ms;
    stalled("limits.read_idle, in the header:", limits, [](auth::test::peer& peer) {
        peer.handshake();
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\nContent-");
        peer.stall();
    });
    stalled("limits.read_idle, in the body:", limits, [](auth::test::peer& peer) {
        peer.handshake();
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"tok");
        peer.stall();
    });
    limits = {};
    limits.attempt = 100ms;
    stalled("limits.attempt:", limits, [](auth::test::peer& peer) {
        peer.handshake();
        peer.read_request();
        peer.stall();
    });
    limits = {};
    limits.call = 2s; // enough for a handshake on a machine that is busy
    stalled("limits.call:", limits, [](auth::test::peer& peer) {
        peer.handshake();
        peer.read_request();
        peer.stall();
    });
}

} // namespace

int main()
{
    of_the_caller();
    of_the_way_to_the_server();
    of_time();
    return all_failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
