#include "scripted/peer.hpp"

#include "scripted/peer_parts.hpp"

#include <openssl/err.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <optional>

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
