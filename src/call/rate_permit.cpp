#include "call/rate_permit.hpp"

#include <utility>

namespace fluxer::auth::call {

namespace {

constexpr milliseconds good_for{50};

} // namespace

rate_permit::rate_permit(std::shared_ptr<rate_governor> from, rate_request request)
    : governor_(std::move(from))
    , request_(std::move(request))
{}

rate_permit::rate_permit(rate_permit&& other) noexcept
    : governor_(std::move(other.governor_))
    , request_(std::move(other.request_))
    , stage_(std::exchange(other.stage_, stage::fresh))
    , granted_at_(other.granted_at_)
{}

rate_permit& rate_permit::operator=(rate_permit&& other) noexcept
{
    if (this != &other) {
        withdraw();
        governor_ = std::move(other.governor_);
        request_ = std::move(other.request_);
        stage_ = std::exchange(other.stage_, stage::fresh);
        granted_at_ = other.granted_at_;
    }
    return *this;
}

rate_permit::~rate_permit()
{
    withdraw();
}

void rate_permit::granted(net::time_point now) noexcept
{
    stage_ = stage::granted;
    granted_at_ = now;
}

bool rate_permit::is_stale(net::time_point now) const noexcept
{
    return stage_ == stage::granted && now - granted_at_ > good_for;
}

void rate_permit::ask(rate_reply reply)
{
    // From now on the governor knows of it.
    if (std::exchange(stage_, stage::asked) == stage::stale)
        governor_->renew(request_, std::move(reply));
    else
        governor_->acquire(request_, std::move(reply));
}

void rate_permit::renew() noexcept
{
    if (stage_ == stage::granted)
        stage_ = stage::stale;
}

void rate_permit::withdraw() noexcept
{
    if (governor_ && stage_ != stage::fresh && stage_ != stage::used) {
        try {
            governor_->withdraw(request_, stage_ != stage::asked);
        } catch (...) {
            // A governor that cannot take it back counts one request too many, which harms nobody.
        }
    }
    stage_ = stage::fresh;
}

} // namespace fluxer::auth::call
