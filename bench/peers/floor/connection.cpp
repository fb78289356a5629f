#include "peers/floor/connection.hpp"

#include "support/login.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace fluxer::auth::bench::floor {

namespace {

[[noreturn]] void fail(char const* what)
{
    auto const* const reason = ERR_reason_error_string(ERR_peek_last_error());
    throw std::runtime_error(std::string(what) + (reason != nullptr ? std::string(": ") + reason : ""));
}

int open_socket(unsigned short port)
{
    auto const opened = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    inet_pton(AF_INET, host_address.data(), &where.sin_addr);
    if (connect(opened, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 && errno != EINPROGRESS)
        throw std::runtime_error("cannot connect");
    return opened;
}

} // namespace

tls::tls(std::string const& ca_file, bool resume)
    : context_(SSL_CTX_new(TLS_client_method()))
{
    auto* const context = context_.get();
    // Without the read-ahead OpenSSL reads a record's header and its body by a system call each.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
        fail("cannot read the CA");
    if (!resume) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        return;
    }
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, [](SSL* ssl, SSL_SESSION* session) {
        auto& all = static_cast<tls*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->sessions_;
        constexpr std::size_t most = 256;
        if (all.size() == most)
            all.erase(all.begin());
        all.emplace_back(session);
        return 1;
    });
}

SSL* tls::open(int socket)
{
    auto* const ssl = SSL_new(context_.get());
    SSL_set_fd(ssl, socket);
    SSL_set_tlsext_host_name(ssl, host_name.data());
    SSL_set1_host(ssl, host_name.data());
    SSL_set_connect_state(ssl);
    if (!sessions_.empty()) {
        SSL_set_session(ssl, sessions_.back().get());
        sessions_.pop_back(); // a ticket of TLS 1.3 is good for one connection
    }
    return ssl;
}

connection::connection(tls& context, unsigned short port)
    : begin(std::chrono::steady_clock::now())
    , socket_(open_socket(port))
    , ssl_(context.open(socket_))
{}

connection::~connection()
{
    // Else OpenSSL takes the session for one that must not be resumed.
    SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl_);
    close(socket_);
}

turn connection::go_on()
{
    return connected_ ? read() : shake_hands();
}

turn connection::shake_hands()
{
    auto const returned = SSL_do_handshake(ssl_);
    if (returned != 1)
        return waiting_for(returned, "handshake");
    connected_ = true;
    return turn::connected;
}

void connection::send(std::string_view request)
{
    begun_.clear();
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) != static_cast<int>(request.size()))
        fail("write");
}

turn connection::read()
{
    static std::array<char, 16 * 1024> buffer;
    for (;;) {
        auto const size = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
        if (size <= 0)
            return waiting_for(size, "read");
        std::string_view const part(buffer.data(), static_cast<std::size_t>(size));
        if (begun_.empty() && is_whole(part))
            return turn::answered;
        begun_.append(part);
        if (is_whole(begun_))
            return turn::answered;
    }
}

turn connection::waiting_for(int returned, char const* what) const
{
    switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
        return turn::wants_read;
    case SSL_ERROR_WANT_WRITE:
        return turn::wants_write;
    default:
        fail(what);
    }
}

bool connection::is_whole(std::string_view answer)
{
    constexpr std::string_view header_end = "\r\n\r\n";
    // As nginx writes it.
    constexpr std::string_view length = "\r\nContent-Length: ";
    auto const end = answer.find(header_end);
    if (end == std::string_view::npos)
        return false;
    auto const where = answer.find(length);
    if (!answer.starts_with("HTTP/1.1 200 ") || where > end)
        throw std::runtime_error("an answer of another kind");
    std::size_t size = 0;
    std::from_chars(answer.data() + where + length.size(), answer.data() + end, size);
    body_ = answer.substr(end + header_end.size());
    return body_.size() == size;
}

} // namespace fluxer::auth::bench::floor
