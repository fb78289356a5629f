#ifndef FLUXER_AUTH_NET_TLS_STREAM_HPP
#define FLUXER_AUTH_NET_TLS_STREAM_HPP

#include "net/asio.hpp"
#include "net/either_wait.hpp"
#include "net/openssl.hpp"

#include <fluxer/auth/error.hpp>

#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace fluxer::auth::net {

/// What a step of TLS came to. The caller waits for the socket where it has to, and tries again.
enum class tls_step : std::uint8_t {
    done,
    want_read,
    want_write,
    closed, ///< the peer said that it is done (close_notify)
    failed, ///< see tls_stream::failure()
};

struct tls_failure
{
    errc code = errc::connection_lost;
    error_code cause;
    std::string message;
};

/// Of a connection between two exchanges.
enum class idle_state : std::uint8_t {
    quiet,      ///< nothing came, or tickets and the like
    spoke,      ///< data came, which belongs to no request
    unfinished, ///< a record has begun, and nobody knows yet what it will hold
    over,       ///< the peer ended it, or sends without end
};

/// All that the rest of the library sees of TLS: OpenSSL straight on a non-blocking socket. Steps never block; the
/// only thing ever awaited is the socket's readiness, so that a cancelled await leaves no operation behind.
///
/// Made without TLS it is the bare socket, for plain HTTP, and the peer's end of it is an orderly one.
class tls_stream
{
public:
    tls_stream(asio::ip::tcp::socket socket, ssl_ptr ssl);
    explicit tls_stream(asio::ip::tcp::socket plain);
    tls_stream(tls_stream&&) = default;
    tls_stream& operator=(tls_stream&&) = delete;
    ~tls_stream();

    bool is_plain() const noexcept { return ssl_ == nullptr; }

    /// Not of a plain one.
    tls_step handshake();

    /// `size` is what was taken, possibly less than all. While that is not sent, nothing more is taken. In between it may
    /// be read.
    tls_step write(std::string_view bytes, std::size_t& size);

    /// Whether a part of it left all the same, in a write that failed.
    bool has_sent() const noexcept;

    /// Whether a write is to be tried again though all bytes were taken.
    bool has_unsent() const noexcept;

    tls_step read(std::span<char> buffer, std::size_t& size);

    /// What the peer has sent while nobody asked for anything. Takes it: only a quiet connection is of use afterwards, or
    /// an unfinished one to whom its end would be right. Of one that is over all steps fail as the look did.
    /// Costs one system call where nothing came.
    idle_state probe();

    /// Whether bytes of the peer were taken from the socket and not read yet: the socket's readiness says nothing then.
    bool has_unread() const noexcept { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }

    /// Whether any step was taken since this was asked last.
    bool was_used() noexcept { return std::exchange(used_, false); }

    /// Frees its buffers until the next step, unless something in them is still to be read or sent: an idle stream can
    /// do without their 33 KiB.
    void rest() noexcept
    {
        // OpenSSL before 3.0.14 would free a buffer that holds the beginning of a record (CVE-2024-4741).
        if (!ssl_ || !is_between_records())
            return;
        // What was decrypted has been cleansed when it was read; once more, all of the buffer, takes longer than a
        // record does.
        SSL_clear_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
        SSL_free_buffers(ssl_.get());
        SSL_set_options(ssl_.get(), SSL_OP_CLEANSE_PLAINTEXT);
    }

    /// For the next step after want_read or want_write. To be awaited; a deferred operation, since it needs no coroutine
    /// frame of its own.
    auto ready(tls_step wanted, error_code& ec)
    {
        // In this Asio redirect_error takes handlers, but not deferred.
        return asio::async_initiate<asio::deferred_t const, void()>(
            [this, wanted, &ec](auto handler) { when_ready(wanted, ec, std::move(handler)); },
            asio::deferred);
    }

    /// The same for a handler.
    template <class Handler>
    void when_ready(tls_step wanted, error_code& ec, Handler&& handler)
    {
        auto const direction = wanted == tls_step::want_write ? asio::ip::tcp::socket::wait_write
                                                              : asio::ip::tcp::socket::wait_read;
        socket_.async_wait(direction, asio::redirect_error(std::forward<Handler>(handler), ec));
    }

    /// For whichever of the two directions comes first.
    template <class Handler>
    void when_either_ready(error_code& ec, Handler handler)
    {
        std::make_shared<either_wait<Handler>>(socket_, ec, std::move(handler))->start();
    }

    tls_failure const& failure() const noexcept { return failure_; }

    SSL const* native() const noexcept { return ssl_.get(); }

    bool resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

    /// Closes the socket at once. An orderly close first tells the peer, without waiting for its answer (trap T40).
    void close(bool orderly) noexcept;

    bool is_open() const noexcept { return socket_.is_open(); }

private:
    bool usable();
    bool is_between_records() const noexcept;
    tls_step write_plain(std::string_view bytes, std::size_t& size);
    tls_step read_plain(std::span<char> buffer, std::size_t& size);
    tls_step explain_errno(tls_step wanted);
    tls_step interpret(int result, bool in_handshake);
    tls_step bounded(tls_step step);
    void explain(int reason, bool in_handshake);

    asio::ip::tcp::socket socket_;
    ssl_ptr ssl_; ///< null: plain
    tls_failure failure_;
    bool used_ = true;
    bool over_ = false; ///< found so by probe(), and told by failure_
};

} // namespace fluxer::auth::net

#endif
