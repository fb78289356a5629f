#include "scripted/server.hpp"

#include "net/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace fluxer::auth::test {

namespace {

using clock = std::chrono::steady_clock;

std::optional<std::size_t> request_length(std::string_view bytes)
{
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string header(bytes.substr(0, end));
    std::transform(
        header.begin(), header.end(), header.begin(), [](unsigned char c) { return std::tolower(c); });
    constexpr std::string_view name = "\r\ncontent-length:";
    std::size_t body = 0;
    if (auto const at = header.find(name); at != std::string::npos)
        body = std::stoul(header.substr(at + name.size()));
    return end + 4 + body;
}

} // namespace

struct scripted_server::parts
{
    net::ssl_ctx_ptr context{SSL_CTX_new(TLS_server_method())};
    int listener = -1;
    int stop = -1; // readable for good once the server stops
    unsigned short port = 0;
    std::thread acceptor;
    std::mutex mutex;
    std::list<std::thread> workers;
};

struct peer::parts
{
    net::ssl_ptr ssl;
    int descriptor = -1;
    std::string pending;
};

peer::peer(scripted_server& server, int descriptor, std::size_t index)
    : server_(server)
    , index_(index)
    , parts_(std::make_unique<parts>())
{
    parts_->descriptor = descriptor;
    parts_->ssl.reset(SSL_new(server.parts_->context.get()));
    SSL_set_fd(parts_->ssl.get(), descriptor);
}

peer::~peer()
{
    if (parts_->descriptor >= 0)
        ::close(parts_->descriptor);
}

namespace {

/// False: the server stops, or the limit ran out.
bool wait_readable(int descriptor, int stop, std::chrono::milliseconds limit)
{
    std::array<pollfd, 2> waiting{{{descriptor, POLLIN, 0}, {stop, POLLIN, 0}}};
    auto const timeout = static_cast<int>(std::min<std::int64_t>(limit.count(), 3'600'000));
    return ::poll(waiting.data(), waiting.size(), timeout) > 0 && waiting[1].revents == 0;
}

} // namespace

bool peer::handshake()
{
    ERR_clear_error();
    // The socket blocks; the server's stop shuts it down, which ends this too.
    if (!wait_readable(parts_->descriptor, server_.parts_->stop, std::chrono::seconds(60)) ||
        SSL_accept(parts_->ssl.get()) != 1)
        return false;
    ++server_.handshakes_;
    return true;
}

bool peer::resumed() const
{
    return SSL_session_reused(parts_->ssl.get()) == 1;
}

std::string peer::read_request()
{
    for (;;) {
        if (auto const length = request_length(parts_->pending);
            length && parts_->pending.size() >= *length) {
            auto request = parts_->pending.substr(0, *length);
            parts_->pending.erase(0, *length);
            ++server_.requests_;
            return request;
        }
        if (SSL_pending(parts_->ssl.get()) == 0 &&
            !wait_readable(parts_->descriptor, server_.parts_->stop, std::chrono::seconds(60)))
            return {};
        std::array<char, 16'384> bytes{};
        ERR_clear_error();
        auto const got = SSL_read(parts_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (got <= 0)
            return {};
        parts_->pending.append(bytes.data(), static_cast<std::size_t>(got));
    }
}

bool peer::send(std::string_view bytes)
{
    ERR_clear_error();
    return bytes.empty() || SSL_write(parts_->ssl.get(), bytes.data(), static_cast<int>(bytes.size())) ==
                                static_cast<int>(bytes.size());
}

bool peer::send_plain(std::string_view bytes)
{
    return ::send(parts_->descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

bool peer::respond(int status, std::string_view body, std::string_view extra_headers)
{
    auto const text = "HTTP/1.1 " + std::to_string(status) +
                      " Scripted\r\nContent-Type: application/json\r\n" + std::string(extra_headers) +
                      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    return send(text);
}

void peer::close_notify()
{
    ERR_clear_error();
    SSL_shutdown(parts_->ssl.get());
}

void peer::half_close()
{
    ::shutdown(parts_->descriptor, SHUT_WR);
}

void peer::reset()
{
    linger const at_once{1, 0};
    ::setsockopt(parts_->descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(parts_->descriptor);
    parts_->descriptor = -1;
}

bool peer::wait_for_close(std::chrono::milliseconds limit)
{
    auto const end = clock::now() + limit;
    for (;;) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
        if (left.count() <= 0 || !wait_readable(parts_->descriptor, server_.parts_->stop, left))
            return false;
        std::array<char, 4'096> bytes{};
        if (::recv(parts_->descriptor, bytes.data(), bytes.size(), 0) <= 0)
            return true;
    }
}

void peer::stall(std::chrono::milliseconds limit)
{
    pollfd waiting{server_.parts_->stop, POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(limit.count(), 3'600'000)));
}

scripted_server::scripted_server(identity const& who, script steps, tls_versions versions)
    : script_(std::move(steps))
    , parts_(std::make_unique<parts>())
{
    // OpenSSL's own sockets raise it when the client has gone.
    std::signal(SIGPIPE, SIG_IGN);
    auto* const context = parts_->context.get();
    net::bio_ptr const chain(BIO_new_mem_buf(who.chain.data(), static_cast<int>(who.chain.size())));
    net::bio_ptr const key_text(BIO_new_mem_buf(who.key.data(), static_cast<int>(who.key.size())));
    net::x509_ptr const certificate(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
    std::unique_ptr<EVP_PKEY, net::openssl_deleter<EVP_PKEY_free>> const key(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    if (SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        throw std::runtime_error("cannot use the test certificate");
    if (versions == tls_versions::up_to_1_1) {
        // OpenSSL 3 has TLS 1.1 at its lowest security level only.
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
    }
    static constexpr std::array<unsigned char, 12> session_context{'f', 'l', 'u', 'x', 'e', 'r'};
    SSL_CTX_set_session_id_context(context, session_context.data(), session_context.size());

    parts_->stop = ::eventfd(0, EFD_CLOEXEC);
    parts_->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(parts_->listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(parts_->listener, 1024) != 0 ||
        ::getsockname(parts_->listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen on loopback");
    parts_->port = ntohs(address.sin_port);
    parts_->acceptor = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server()
{
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(parts_->stop, &one, sizeof one);
    parts_->acceptor.join();
    for (auto& worker : parts_->workers)
        worker.join();
    ::close(parts_->listener);
    ::close(parts_->stop);
}

unsigned short scripted_server::port() const noexcept
{
    return parts_->port;
}

std::string scripted_server::base_url(std::string_view host) const
{
    return "https://" + std::string(host) + ":" + std::to_string(port()) + "/v1";
}

void scripted_server::accept_all()
{
    while (wait_readable(parts_->listener, parts_->stop, std::chrono::hours(1))) {
        auto const descriptor = ::accept4(parts_->listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            continue;
        // A client that stalls within a record must not hold up the test's end.
        timeval const limit{30, 0};
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        auto const index = connections_++;
        parts_->workers.emplace_back([this, descriptor, index] {
            peer client(*this, descriptor, index);
            script_(client);
        });
    }
}

} // namespace fluxer::auth::test
