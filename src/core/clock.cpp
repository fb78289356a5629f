#include <fluxer/auth/clock.hpp>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace fluxer::auth {

clock::~clock() = default;

struct manual_clock::state
{
    std::mutex mutable mutex;
    time_point now = time_point(std::chrono::hours(1));
    std::multimap<time_point, std::function<void()>> wakes;

    /// Called without the lock held, so that what is woken may ask to be woken again.
    std::vector<std::function<void()>> take_due()
    {
        std::lock_guard const lock(mutex);
        std::vector<std::function<void()>> due;
        while (!wakes.empty() && wakes.begin()->first <= now)
            due.push_back(std::move(wakes.extract(wakes.begin()).mapped()));
        return due;
    }
};

manual_clock::manual_clock()
    : state_(std::make_unique<state>())
{}

manual_clock::~manual_clock() = default;

clock::time_point manual_clock::now() const noexcept
{
    std::lock_guard const lock(state_->mutex);
    return state_->now;
}

void manual_clock::wake_at(time_point when, std::function<void()> wake)
{
    std::lock_guard const lock(state_->mutex);
    state_->wakes.emplace(when, std::move(wake));
}

void manual_clock::advance(milliseconds by)
{
    {
        std::lock_guard const lock(state_->mutex);
        state_->now += by;
    }
    for (auto const& wake : state_->take_due())
        wake();
}

} // namespace fluxer::auth
