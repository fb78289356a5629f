#ifndef FLUXER_AUTH_CALL_RATE_PERMIT_HPP
#define FLUXER_AUTH_CALL_RATE_PERMIT_HPP

#include "net/timers.hpp"

#include <fluxer/auth/rate.hpp>

#include <memory>

namespace fluxer::auth::call {

/// Leave to send one request: asked for, then used, or given back whichever way the call goes.
class rate_permit
{
public:
    /// None is needed.
    rate_permit() noexcept = default;

    rate_permit(std::shared_ptr<rate_governor> from, rate_request request);
    rate_permit(rate_permit&& other) noexcept;
    rate_permit& operator=(rate_permit&& other) noexcept;
    ~rate_permit();

    /// Whether it has to be asked for before sending.
    bool is_wanted() const noexcept { return governor_ && stage_ != stage::granted && stage_ != stage::used; }

    rate_request const& request() const noexcept { return request_; }

    /// Throws what the governor does.
    void ask(rate_reply reply);

    void granted(net::time_point now) noexcept;

    /// So long after it was granted that requests would go in a bunch that were let go one by one.
    bool is_stale(net::time_point now) const noexcept;

    /// It is to be asked for again, and keeps its turn.
    void renew() noexcept;

    /// The request was sent.
    void used() noexcept { stage_ = stage::used; }

private:
    enum class stage { fresh, asked, granted, stale, used };

    void withdraw() noexcept;

    std::shared_ptr<rate_governor> governor_;
    rate_request request_;
    stage stage_ = stage::fresh;
    net::time_point granted_at_{};
};

} // namespace fluxer::auth::call

#endif
