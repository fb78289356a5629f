#include "scripted/peer.hpp"

#include "net/openssl.hpp"
#include "scripted/server_parts.hpp"

#include <openssl/err.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>

namespace fluxer::auth::test {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};

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

/// The length of the first so many TLS records.
std::size_t length_of_records(std::string_view bytes, std::size_t count)
{
    std::size_t length = 0;
    for (; count > 0 && length + 5 <= bytes.size(); --count) {
        auto const high = static_cast<unsigned char>(bytes[length + 3]);
        auto const low = static_cast<unsigned char>(bytes[length + 4]);
        length += 5U + high * 256U + low;
    }
    return std::min(length, bytes.size());
}

} // namespace

struct peer::parts
{
    std::shared_ptr<server_tls const> tls;
    client_hello hello;
    net::ssl_ptr ssl;
    BIO* in = nullptr;
    BIO* out = nullptr;
    int descriptor = -1;
    std::string address;
    bool secured = false;
    bool has_closed = false; // our side, in any way that still lets us read
    std::size_t pace = std::numeric_limits<std::size_t>::max();
    std::chrono::milliseconds pause{0};
    std::string pending;
    std::size_t requests = 0;
    std::size_t bytes_after_close = 0;
    ending ended = ending::open;
    bool said_close_notify = false;

    void take_plain()
    {
        char* data = nullptr;
        auto const size = BIO_get_mem_data(in, &data);
        pending.append(data, static_cast<std::size_t>(std::max(size, 0L)));
        static_cast<void>(BIO_reset(in));
    }
};

peer::peer(scripted_server& server, int descriptor, std::size_t index, std::string address)
    : server_(server)
    , index_(index)
    , parts_(std::make_unique<parts>())
{
    parts_->descriptor = descriptor;
    parts_->address = std::move(address);
    parts_->tls = server_.tls_(*this);
    if (!parts_->tls)
        return;
    parts_->ssl.reset(parts_->tls->make_ssl(parts_->hello));
    // TLS works on memory, so that nothing but poll ever blocks.
    parts_->in = BIO_new(BIO_s_mem());
    parts_->out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(parts_->in, -1);
    SSL_set_bio(parts_->ssl.get(), parts_->in, parts_->out);
}

peer::~peer()
{
    close();
}

int peer::stop_descriptor() const noexcept
{
    return server_.parts_->stop;
}

std::string const& peer::address() const noexcept
{
    return parts_->address;
}

void peer::set_pace(std::size_t bytes, std::chrono::milliseconds pause)
{
    parts_->pace = std::max<std::size_t>(bytes, 1);
    parts_->pause = pause;
}

bool peer::fill(clock::time_point end)
{
    std::array<char, 16'384> bytes{};
    while (parts_->descriptor >= 0 && parts_->ended == ending::open) {
        if (!wait_for(parts_->descriptor, POLLIN, stop_descriptor(), end))
            return false;
        auto const got = ::recv(parts_->descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0) {
            parts_->ended = got == 0 ? ending::closed : ending::reset;
            return false;
        }
        if (parts_->ssl)
            BIO_write(parts_->in, bytes.data(), static_cast<int>(got));
        else
            parts_->pending.append(bytes.data(), static_cast<std::size_t>(got));
        return true;
    }
    return false;
}

bool peer::send_all(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (!wait_for(parts_->descriptor, POLLOUT, stop_descriptor(), clock::now() + patience))
            return false;
        auto const piece = bytes.substr(0, parts_->pace);
        auto const sent = ::send(parts_->descriptor, piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (sent < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (parts_->pause.count() > 0 && !stall(parts_->pause))
            return false;
    }
    return true;
}

bool peer::flush()
{
    if (!parts_->ssl)
        return true;
    char* data = nullptr;
    auto const size = BIO_get_mem_data(parts_->out, &data);
    std::string const bytes(data, static_cast<std::size_t>(std::max(size, 0L)));
    static_cast<void>(BIO_reset(parts_->out));
    return send_all(bytes);
}

bool peer::handshake()
{
    if (!parts_->ssl)
        return false;
    for (auto const end = clock::now() + patience;;) {
        ERR_clear_error();
        auto const result = SSL_accept(parts_->ssl.get());
        auto const reason = SSL_get_error(parts_->ssl.get(), result);
        auto const flushed = flush();
        if (result == 1) {
            parts_->secured = true;
            ++server_.handshakes_;
            return flushed;
        }
        if (!flushed || reason != SSL_ERROR_WANT_READ || !fill(end))
            return false;
    }
}

bool peer::partial_handshake(std::size_t bytes, std::size_t records)
{
    if (!parts_->ssl)
        return false;
    for (auto const end = clock::now() + patience;;) {
        ERR_clear_error();
        SSL_accept(parts_->ssl.get());
        char* data = nullptr;
        auto const size = BIO_get_mem_data(parts_->out, &data);
        if (size > 0) {
            std::string_view const all(data, static_cast<std::size_t>(size));
            return send_all(all.substr(0, records > 0 ? length_of_records(all, records) : bytes));
        }
        if (!fill(end))
            return false;
    }
}

bool peer::secured() const noexcept
{
    return parts_->secured;
}

bool peer::resumed() const
{
    return parts_->secured && SSL_session_reused(parts_->ssl.get()) == 1;
}

client_hello const& peer::hello() const noexcept
{
    return parts_->hello;
}

bool peer::take_decrypted()
{
    std::array<char, 16'384> bytes{};
    ERR_clear_error();
    auto const got = SSL_read(parts_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (got <= 0) {
        auto const reason = SSL_get_error(parts_->ssl.get(), got);
        parts_->said_close_notify = parts_->said_close_notify || reason == SSL_ERROR_ZERO_RETURN;
        return false;
    }
    parts_->pending.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

bool peer::read_more(clock::time_point end)
{
    auto const before = parts_->pending.size();
    for (;;) {
        if (parts_->secured) {
            while (take_decrypted()) {}
            // Reading may have to answer, as to a request for new keys.
            flush();
        }
        auto const got = parts_->pending.size() - before;
        if (got > 0) {
            parts_->bytes_after_close += parts_->has_closed ? got : 0;
            return true;
        }
        if (!fill(end))
            return false;
        // Before TLS begins, the bytes are what they are.
        if (parts_->ssl && !parts_->secured)
            parts_->take_plain();
    }
}

std::string peer::read_request()
{
    for (auto const end = clock::now() + patience;;) {
        if (auto const length = request_length(parts_->pending);
            length && parts_->pending.size() >= *length) {
            auto request = parts_->pending.substr(0, *length);
            parts_->pending.erase(0, *length);
            ++parts_->requests;
            ++server_.requests_;
            return request;
        }
        if (!read_more(end))
            return {};
    }
}

bool peer::read_bytes(std::size_t count)
{
    auto const end = clock::now() + patience;
    while (parts_->pending.size() < count)
        if (!read_more(end))
            return false;
    return true;
}

std::string const& peer::unread() const noexcept
{
    return parts_->pending;
}

bool peer::send(std::string_view bytes)
{
    if (!parts_->secured)
        return send_plain(bytes);
    constexpr std::size_t most = 16'384; // of one record
    while (!bytes.empty()) {
        auto const piece = bytes.substr(0, most);
        ERR_clear_error();
        if (SSL_write(parts_->ssl.get(), piece.data(), static_cast<int>(piece.size())) !=
            static_cast<int>(piece.size()))
            return false;
        if (!flush())
            return false;
        bytes.remove_prefix(piece.size());
    }
    return true;
}

bool peer::send_plain(std::string_view bytes)
{
    return send_all(bytes);
}

bool peer::respond(int status, std::string_view body, std::string_view extra_headers)
{
    auto const text = "HTTP/1.1 " + std::to_string(status) +
                      " Scripted\r\nContent-Type: application/json\r\n" + std::string(extra_headers) +
                      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    return send(text);
}

bool peer::renegotiate()
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    return SSL_renegotiate(parts_->ssl.get()) == 1 && SSL_do_handshake(parts_->ssl.get()) == 1 && flush();
}

bool peer::update_keys()
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    return SSL_key_update(parts_->ssl.get(), SSL_KEY_UPDATE_REQUESTED) == 1 &&
           SSL_do_handshake(parts_->ssl.get()) == 1 && flush();
}

bool peer::send_tickets(std::size_t count)
{
    if (!parts_->secured)
        return false;
    ERR_clear_error();
    for (; count > 0; --count)
        if (SSL_new_session_ticket(parts_->ssl.get()) != 1 || SSL_do_handshake(parts_->ssl.get()) != 1)
            return false;
    return flush();
}

void peer::close_notify()
{
    parts_->has_closed = true;
    if (!parts_->secured)
        return;
    ERR_clear_error();
    SSL_shutdown(parts_->ssl.get());
    flush();
}

void peer::half_close()
{
    parts_->has_closed = true;
    ::shutdown(parts_->descriptor, SHUT_WR);
}

void peer::reset()
{
    linger const at_once{1, 0};
    ::setsockopt(parts_->descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void peer::close()
{
    if (parts_->descriptor >= 0)
        ::close(parts_->descriptor);
    parts_->descriptor = -1;
}

void peer::count_requests()
{
    while (auto const length = request_length(parts_->pending)) {
        if (parts_->pending.size() < *length)
            return;
        parts_->pending.erase(0, *length);
        ++parts_->requests;
        ++server_.requests_;
    }
}

bool peer::wait_for_close(std::chrono::milliseconds limit)
{
    auto const end = clock::now() + limit;
    while (read_more(end))
        count_requests();
    return parts_->descriptor < 0 || parts_->ended != ending::open;
}

bool peer::stall(std::chrono::milliseconds limit)
{
    pollfd waiting{stop_descriptor(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(limit.count(), 3'600'000))) == 0;
}

std::size_t peer::requests() const noexcept
{
    return parts_->requests;
}

std::size_t peer::bytes_after_close() const noexcept
{
    return parts_->bytes_after_close;
}

peer::ending peer::ended() const noexcept
{
    return parts_->ended;
}

bool peer::said_close_notify() const noexcept
{
    return parts_->said_close_notify;
}

} // namespace fluxer::auth::test
