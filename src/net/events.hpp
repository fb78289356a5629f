#ifndef FLUXER_AUTH_NET_EVENTS_HPP
#define FLUXER_AUTH_NET_EVENTS_HPP

#include <fluxer/auth/observer.hpp>

#include <memory>
#include <utility>

namespace fluxer::auth::net {

/// Tells the client's observer, if there is one. What it throws is its own affair: a logger must not break a call.
class events
{
public:
    explicit events(std::shared_ptr<observer> to)
        : to_(std::move(to))
    {}

    void emit(event what) const noexcept
    {
        if (!to_)
            return;
        what.when = std::chrono::steady_clock::now();
        try {
            to_->on_event(what);
        } catch (...) { // NOLINT(bugprone-empty-catch): swallowed on purpose, see above
        }
    }

private:
    std::shared_ptr<observer> to_;
};

inline std::chrono::microseconds since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
}

} // namespace fluxer::auth::net

#endif
