#include "net/tls_stream.hpp"

#include "net/socket_bio.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace fluxer::auth::net {

namespace {

errc classify(long verify_result)
{
    switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return errc::tls_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return errc::tls_wrong_host;
    default:
        return errc::tls_untrusted;
    }
}

/// Those that the program's own use of OpenSSL left, which would be taken for this step's. Nearly always none, and
/// clearing takes many times as long as looking.
void forget_errors() noexcept
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

/// So much that holds no data is more than any handshake takes, whose certificates OpenSSL bounds to 100 KiB, or a
/// server has to say between two answers.
constexpr std::size_t most_fruitless = 256 * 1024;

/// What OpenSSL makes of text where a record should be; which of the two depends on its version.
bool is_no_record(unsigned long code)
{
    auto const reason = ERR_GET_REASON(code);
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG;
}

} // namespace

tls_stream::tls_stream(asio::ip::tcp::socket socket, ssl_ptr ssl)
    : socket_(std::move(socket))
    , ssl_(std::move(ssl))
{
    auto bio = make_socket_bio(socket_.native_handle());
    auto* const raw = bio.release();
    SSL_set_bio(ssl_.get(), raw, raw);
}

tls_stream::tls_stream(asio::ip::tcp::socket plain)
    : socket_(std::move(plain))
{}

tls_stream::~tls_stream()
{
    if (ssl_)
        close(false);
}

tls_step tls_stream::handshake()
{
    if (!usable())
        return tls_step::failed;
    return bounded(interpret(SSL_do_handshake(ssl_.get()), true));
}

tls_step tls_stream::write(std::string_view bytes, std::size_t& size)
{
    size = 0;
    if (!usable())
        return tls_step::failed;
    if (is_plain())
        return write_plain(bytes, size);
    if (!socket_bio_flush(SSL_get_wbio(ssl_.get()))) {
        errno = socket_bio_error(SSL_get_wbio(ssl_.get()));
        return errno == 0 ? tls_step::want_write : explain_errno(tls_step::want_write);
    }
    if (bytes.empty())
        return tls_step::done;
    return interpret(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size), false);
}

bool tls_stream::has_sent() const noexcept
{
    return ssl_ && socket_bio_has_sent(SSL_get_wbio(ssl_.get()));
}

bool tls_stream::has_unsent() const noexcept
{
    return ssl_ && socket_bio_has_unsent(SSL_get_wbio(ssl_.get()));
}

tls_step tls_stream::read(std::span<char> buffer, std::size_t& size)
{
    size = 0;
    if (!usable())
        return tls_step::failed;
    if (is_plain())
        return read_plain(buffer, size);
    auto const step = interpret(SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size), false);
    if (step == tls_step::done)
        socket_bio_bore_fruit(SSL_get_rbio(ssl_.get()));
    return bounded(step);
}

idle_state tls_stream::probe()
{
    char byte = 0;
    // Asked of the socket first: OpenSSL's way to the same answer takes many times as long.
    if (socket_.is_open() && is_between_records() &&
        ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return idle_state::quiet;
        // The socket tells of it only once.
        over_ = explain_errno(tls_step::want_read) == tls_step::failed;
        if (over_)
            return idle_state::over;
    }
    std::size_t size = 0;
    auto const step = read({&byte, 1}, size);
    if (step == tls_step::done)
        return idle_state::spoke;
    if (step == tls_step::closed) {
        failure_ = {};
        failure_.cause = asio::error::eof;
        failure_.message = "the server ended the connection before it was asked anything";
    }
    over_ = step == tls_step::closed || step == tls_step::failed;
    // More than a step may take, while nobody asked for anything: what comes behind it cannot be told.
    if (step != tls_step::want_read || (ssl_ && socket_bio_is_spent(SSL_get_rbio(ssl_.get()))))
        return idle_state::over;
    return is_between_records() ? idle_state::quiet : idle_state::unfinished;
}

bool tls_stream::is_between_records() const noexcept
{
    // Bytes of a header that is not whole are unread; behind a whole one OpenSSL waits for the body ("RB").
    return !ssl_ || (!has_unread() && std::string_view(SSL_rstate_string(ssl_.get())) == "RH");
}

void tls_stream::close(bool orderly) noexcept
{
    if (!socket_.is_open())
        return;
    forget_errors();
    if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
        if (orderly)
            SSL_shutdown(ssl_.get());
        // Without these OpenSSL takes the session for broken, and nobody can resume it (trap T38).
        if (failure_.code != errc::tls_failed)
            SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    ERR_clear_error();
    error_code ignored;
    socket_.close(ignored);
}

bool tls_stream::usable()
{
    used_ = true;
    if (ssl_)
        socket_bio_begin_step(SSL_get_rbio(ssl_.get()));
    if (over_)
        return false;
    forget_errors();
    if (socket_.is_open())
        return true;
    // OpenSSL knows the descriptor by its number only, which may be another connection's by now.
    failure_ = {};
    failure_.cause = asio::error::operation_aborted;
    failure_.message = failure_.cause.message();
    return false;
}

tls_step tls_stream::write_plain(std::string_view bytes, std::size_t& size)
{
    auto const sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0)
        return explain_errno(tls_step::want_write);
    size = static_cast<std::size_t>(sent);
    return tls_step::done;
}

tls_step tls_stream::read_plain(std::span<char> buffer, std::size_t& size)
{
    auto const got = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (got < 0)
        return explain_errno(tls_step::want_read);
    size = static_cast<std::size_t>(got);
    // Nothing could tell a cut from an end here.
    return got == 0 ? tls_step::closed : tls_step::done;
}

tls_step tls_stream::explain_errno(tls_step wanted)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return wanted;
    failure_ = {};
    failure_.cause = error_code(errno, boost::system::system_category());
    failure_.message = failure_.cause.message();
    return tls_step::failed;
}

tls_step tls_stream::interpret(int result, bool in_handshake)
{
    if (result == 1)
        return tls_step::done;
    switch (auto const reason = SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return tls_step::want_read;
    case SSL_ERROR_WANT_WRITE:
        return tls_step::want_write;
    case SSL_ERROR_ZERO_RETURN:
        return tls_step::closed;
    default:
        explain(reason, in_handshake);
        ERR_clear_error();
        return tls_step::failed;
    }
}

tls_step tls_stream::bounded(tls_step step)
{
    auto const waits = step == tls_step::want_read || step == tls_step::want_write;
    if (!waits || socket_bio_fruitless(SSL_get_rbio(ssl_.get())) < most_fruitless)
        return step;
    failure_ = {};
    failure_.code = errc::tls_failed;
    failure_.message = "the server sends messages of TLS without end, but no data";
    return tls_step::failed;
}

void tls_stream::explain(int reason, bool in_handshake)
{
    auto const system_error = socket_bio_error(SSL_get_rbio(ssl_.get()));
    auto const code = ERR_peek_last_error();
    failure_ = {};
    // Without verification the result is there too, and any failure would be told by it.
    if (in_handshake && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE &&
        ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        auto const verify_result = SSL_get_verify_result(ssl_.get());
        failure_.code = classify(verify_result);
        failure_.cause = error_code(static_cast<int>(code), asio::error::get_ssl_category());
        failure_.message = X509_verify_cert_error_string(verify_result);
        return;
    }
    auto const truncated = code != 0 && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    // Whatever is wrong with TLS, OpenSSL tells the peer, who may have gone already.
    auto const wrong = reason == SSL_ERROR_SSL && !truncated;
    if (system_error != 0 && !wrong) {
        failure_.cause = error_code(system_error, boost::system::system_category());
    } else if (truncated || (reason == SSL_ERROR_SYSCALL && code == 0)) {
        failure_.cause = asio::ssl::error::stream_truncated;
    } else {
        // An alert or a broken record, at whatever time: the two sides do not agree on TLS. Client certificates are
        // refused so as late as with the first read (trap T44).
        failure_.code = errc::tls_failed;
        failure_.cause = error_code(static_cast<int>(code), asio::error::get_ssl_category());
    }
    failure_.message = failure_.cause.message();
    if (in_handshake && is_no_record(code))
        failure_.message += ": the server does not seem to speak TLS on this port";
}

} // namespace fluxer::auth::net
