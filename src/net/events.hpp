#ifndef FLUXER_AUTH_NET_EVENTS_HPP
#define FLUXER_AUTH_NET_EVENTS_HPP

#include "net/timers.hpp"

#include <fluxer/auth/observer.hpp>

#include <memory>
#include <utility>

namespace fluxer::auth::net {

/// Tells the client's observer, if there is one. What it throws is its own affair: a logger must not break a call.
class events
{
public:
    events(std::shared_ptr<observer> to, std::shared_ptr<timers> time)
        : to_(std::move(to))
        , time_(std::move(time))
    {}

    /// Whether anybody listens: an event is not worth making otherwise.
    bool wanted() const noexcept { return to_ != nullptr; }

    void emit(event what) const noexcept
    {
        if (!to_)
            return;
        what.when = time_->now();
        try {
            to_->on_event(what);
        } catch (...) { // NOLINT(bugprone-empty-catch): swallowed on purpose, see above
        }
    }

    std::chrono::microseconds since(time_point start) const
    {
        return std::chrono::duration_cast<std::chrono::microseconds>(time_->now() - start);
    }

private:
    std::shared_ptr<observer> to_;
    std::shared_ptr<timers> time_;
};

} // namespace fluxer::auth::net

#endif
