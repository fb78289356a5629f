#include "net/session_cache.hpp"

#include <ctime>
#include <utility>

namespace fluxer::auth::net {

namespace {

bool expired(SSL_SESSION const* session)
{
    return SSL_SESSION_get_time(session) + SSL_SESSION_get_timeout(session) <= std::time(nullptr);
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

void session_cache::forget(SSL_SESSION const* session) noexcept
{
    std::lock_guard const lock(mutex_);
    std::erase_if(sessions_, [session](auto const& known) { return known.get() == session; });
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
