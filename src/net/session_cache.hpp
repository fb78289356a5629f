#ifndef FLUXER_AUTH_NET_SESSION_CACHE_HPP
#define FLUXER_AUTH_NET_SESSION_CACHE_HPP

#include "net/openssl.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace fluxer::auth::net {

using ssl_session_ptr = std::unique_ptr<SSL_SESSION, openssl_deleter<SSL_SESSION_free>>;

/// The TLS sessions with which later connections to the same origin can be resumed, newest first out. A ticket of
/// TLS 1.3 is good for one connection (RFC 8446 appendix C.4); a session of TLS 1.2 for many.
///
/// OpenSSL hands sessions over on whatever thread reads them, hence the lock (trap T35).
class session_cache
{
public:
    explicit session_cache(std::size_t capacity);

    /// Called from within OpenSSL, through which no exception may pass: allocates nothing.
    void put(ssl_session_ptr session) noexcept;

    void clear() noexcept;

    /// Nothing: the next handshake is a full one.
    ssl_session_ptr take();

private:
    std::size_t capacity_;
    std::mutex mutex_;
    std::vector<ssl_session_ptr> sessions_; // newest last
};

} // namespace fluxer::auth::net

#endif
