#ifndef FLUXER_AUTH_BENCH_FLOOR_CONNECTION_HPP
#define FLUXER_AUTH_BENCH_FLOOR_CONNECTION_HPP

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::bench::floor {

template <auto Free>
struct deleter
{
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

using session_ptr = std::unique_ptr<SSL_SESSION, deleter<SSL_SESSION_free>>;

/// Trust, and the sessions to resume, newest last.
class tls
{
public:
    /// @param resume keeps sessions and resumes them
    tls(std::string const& ca_file, bool resume);

    /// Set up for a handshake on that socket.
    SSL* open(int socket);

private:
    std::unique_ptr<SSL_CTX, deleter<SSL_CTX_free>> context_;
    std::vector<session_ptr> sessions_;
};

/// What became of a connection when it was given a turn.
enum class turn {
    wants_read,
    wants_write,
    connected, ///< the handshake is done
    answered,
};

/// One connection: a socket that does not block, and OpenSSL straight upon it. One request at a time.
class connection
{
public:
    connection(tls& context, unsigned short port);
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// Goes on as far as it can. Throws std::runtime_error for whatever goes wrong.
    turn go_on();

    /// Only after `connected` or `answered`. One write, which never blocks: it is far smaller than the socket's buffer.
    void send(std::string_view request);

    /// Of the answer; until the next call of any connection.
    std::string_view body() const noexcept { return body_; }

    int descriptor() const noexcept { return socket_; }

    bool was_resumed() const { return SSL_session_reused(ssl_) == 1; }

    std::chrono::steady_clock::time_point begin; ///< of what it does at present; for the caller
    bool writable_wanted = false;                ///< for the loop

private:
    turn shake_hands();
    turn read();
    turn waiting_for(int returned, char const* what) const;
    /// Sets body_ if this is a whole answer.
    bool is_whole(std::string_view answer);

    int socket_;
    SSL* ssl_;
    bool connected_ = false;
    std::string begun_; ///< of an answer that comes in several records
    std::string_view body_;
};

} // namespace fluxer::auth::bench::floor

#endif
