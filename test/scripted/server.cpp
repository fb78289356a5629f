#include "scripted/server.hpp"

#include "scripted/server_parts.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::test {

namespace {

using clock = std::chrono::steady_clock;

struct socket_address
{
    sockaddr_storage storage{};
    socklen_t size = 0;

    sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
};

socket_address address_of(std::string const& text, unsigned short port)
{
    socket_address made;
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&made.storage);
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&made.storage);
    if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        made.size = sizeof *v4;
    } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        made.size = sizeof *v6;
    }
    return made;
}

/// -1: the port is taken, or the machine has no such address.
int bound_socket(std::string const& address, unsigned short port)
{
    auto where = address_of(address, port);
    auto const made = ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int const on = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (where.storage.ss_family == AF_INET6)
        ::setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (made >= 0 && ::bind(made, where.get(), where.size) == 0)
        return made;
    if (made >= 0)
        ::close(made);
    return -1;
}

unsigned short port_of(int descriptor)
{
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size);
    return ntohs(
        name.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&name)->sin6_port
                                   : reinterpret_cast<sockaddr_in*>(&name)->sin_port);
}

std::shared_ptr<server_tls const> plain_settings(identity const& who, scripted_server::tls_versions versions)
{
    tls_settings settings;
    settings.who = who;
    if (versions == scripted_server::tls_versions::up_to_1_1) {
        // OpenSSL 3 has TLS 1.1 at its lowest security level only.
        settings.security_level = 0;
        settings.least_version = TLS1_VERSION;
        settings.most_version = TLS1_1_VERSION;
    }
    return std::make_shared<server_tls>(std::move(settings));
}

} // namespace

bool wait_for(int descriptor, short events, int stop, clock::time_point end)
{
    pollfd waiting[2]{{descriptor, events, 0}, {stop, POLLIN, 0}};
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now()).count();
    auto const timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
    return ::poll(waiting, 2, timeout) > 0 && waiting[1].revents == 0;
}

scripted_server::scripted_server(identity const& who, script steps, tls_versions versions)
    : scripted_server(
          {"127.0.0.1"}, [made = plain_settings(who, versions)](peer const&) { return made; },
          std::move(steps))
{}

scripted_server::scripted_server(std::vector<std::string> const& addresses, tls_choice tls, script steps)
    : script_(std::move(steps))
    , tls_(std::move(tls))
    , parts_(std::make_unique<parts>())
{
    parts_->stop = ::eventfd(0, EFD_CLOEXEC);
    listen(addresses);
    parts_->acceptor = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server()
{
    stop();
    parts_->acceptor.join();
    for (auto& worker : parts_->workers)
        worker.join();
    for (auto const& listener : parts_->listeners)
        ::close(listener.descriptor);
    ::close(parts_->stop);
}

void scripted_server::stop()
{
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(parts_->stop, &one, sizeof one);
}

// The port is asked for by number, even where the system chose it: only so does it stay ours while nobody listens.
void scripted_server::listen(std::vector<std::string> const& addresses)
{
    for (int attempt = 0; attempt < 100 && parts_->listeners.empty(); ++attempt) {
        auto const first = bound_socket(addresses.front(), 0);
        if (first < 0)
            break;
        auto const port = port_of(first);
        auto& made = parts_->listeners;
        for (auto const& address : addresses)
            made.push_back({bound_socket(address, port), address});
        ::close(first);
        auto const bad = std::any_of(made.begin(), made.end(), [](auto& one) { return one.descriptor < 0; });
        if (bad) {
            for (auto const& one : made)
                if (one.descriptor >= 0)
                    ::close(one.descriptor);
            made.clear();
        }
        parts_->port = port;
    }
    if (parts_->listeners.empty()) {
        ::close(parts_->stop);
        throw std::runtime_error("cannot listen on loopback");
    }
    listen_again();
}

unsigned short scripted_server::port() const noexcept
{
    return parts_->port;
}

std::string scripted_server::base_url(std::string_view host) const
{
    return "https://" + std::string(host) + ":" + std::to_string(port()) + "/v1";
}

void scripted_server::refuse_connections()
{
    parts_->listening = false;
    for (auto const& listener : parts_->listeners)
        ::shutdown(listener.descriptor, SHUT_RDWR);
}

void scripted_server::listen_again()
{
    for (auto const& listener : parts_->listeners)
        ::listen(listener.descriptor, 1024);
    parts_->listening = true;
}

void scripted_server::accept_all()
{
    std::vector<pollfd> waiting;
    for (auto const& listener : parts_->listeners)
        waiting.push_back({listener.descriptor, POLLIN, 0});
    waiting.push_back({parts_->stop, POLLIN, 0});
    for (;;) {
        // A socket that does not listen is always ready, so it is not asked then.
        for (std::size_t index = 0; index < parts_->listeners.size(); ++index)
            waiting[index].fd = parts_->listening ? parts_->listeners[index].descriptor : -1;
        constexpr int glance = 20;
        ::poll(waiting.data(), waiting.size(), glance);
        if (waiting.back().revents != 0)
            return;
        for (std::size_t index = 0; index < parts_->listeners.size(); ++index)
            if ((waiting[index].revents & POLLIN) != 0)
                accept_one(waiting[index].fd, parts_->listeners[index].address);
    }
}

void scripted_server::accept_one(int listener, std::string const& address)
{
    auto const descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0)
        return;
    int const on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto const index = connections_++;
    parts_->workers.emplace_back([this, descriptor, index, address] {
        peer client(*this, descriptor, index, address);
        script_(client);
    });
}

} // namespace fluxer::auth::test
