#include "call/rate_permit.hpp"

#include <utility>

namespace fluxer::auth::call {

rate_permit::rate_permit(std::shared_ptr<rate_governor> from, rate_request request)
    : governor_(std::move(from))
    , request_(std::move(request))
{}

rate_permit::rate_permit(rate_permit&& other) noexcept
    : governor_(std::move(other.governor_))
    , request_(std::move(other.request_))
    , stage_(std::exchange(other.stage_, stage::fresh))
{}

rate_permit& rate_permit::operator=(rate_permit&& other) noexcept
{
    if (this != &other) {
        end();
        governor_ = std::move(other.governor_);
        request_ = std::move(other.request_);
        stage_ = std::exchange(other.stage_, stage::fresh);
    }
    return *this;
}

rate_permit::~rate_permit()
{
    end();
}

void rate_permit::ask(rate_reply reply)
{
    // From now on the governor knows of it.
    stage_ = stage::asked;
    governor_->acquire(request_, std::move(reply));
}

void rate_permit::over(rate_answer const& answer)
{
    stage_ = stage::over;
    governor_->learn(request_, answer);
}

void rate_permit::end() noexcept
{
    auto const at = std::exchange(stage_, stage::over);
    try {
        if (at == stage::used)
            governor_->learn(request_, rate_answer());
        else if (at == stage::asked || at == stage::granted)
            governor_->withdraw(request_, at == stage::granted);
    } catch (...) {
        // A governor that cannot take it back counts one request too many, which harms nobody.
    }
}

} // namespace fluxer::auth::call
