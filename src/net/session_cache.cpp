#include "net/session_cache.hpp"

#include <ctime>
#include <utility>

namespace fluxer::auth::net {

namespace {

/// A resumed handshake shows no certificate, and brings further sessions: without a look at the date of the first one's it
/// would be good for ever.
bool certificate_expired(SSL_SESSION* session)
{
    auto const* const certificate = SSL_SESSION_get0_peer(session);
    return certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

bool expired(SSL_SESSION* session)
{
    return SSL_SESSION_get_time(session) + SSL_SESSION_get_timeout(session) <= std::time(nullptr) ||
           certificate_expired(session);
}

} // namespace

session_cache::session_cache(std::size_t capacity)
    : capacity_(capacity)
{
    sessions_.reserve(capacity_);
}

void session_cache::put(ssl_session_ptr session) noexcept
{
    std::lock_guard const lock(mutex_);
    if (sessions_.size() >= capacity_)
        sessions_.erase(sessions_.begin());
    sessions_.push_back(std::move(session));
}

void session_cache::clear() noexcept
{
    std::lock_guard const lock(mutex_);
    sessions_.clear();
}

ssl_session_ptr session_cache::take()
{
    std::lock_guard const lock(mutex_);
    while (!sessions_.empty()) {
        auto session = std::move(sessions_.back());
        sessions_.pop_back();
        if (SSL_SESSION_is_resumable(session.get()) != 1 || expired(session.get()))
            continue;
        if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION) {
            SSL_SESSION_up_ref(session.get());
            sessions_.emplace_back(session.get());
        }
        return session;
    }
    return nullptr;
}

} // namespace fluxer::auth::net
