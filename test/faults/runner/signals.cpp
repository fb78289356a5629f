#include "signals.hpp"

#include <algorithm>

namespace fluxer::auth::faults {

void signals::give(std::string const& name)
{
    std::vector<std::function<void()>> due;
    {
        std::lock_guard const lock(mutex_);
        if (!given_.insert(name).second)
            return;
        auto const rest = std::stable_partition(
            waiting_.begin(), waiting_.end(), [&](auto const& entry) { return entry.first != name; });
        for (auto each = rest; each != waiting_.end(); ++each)
            due.push_back(std::move(each->second));
        waiting_.erase(rest, waiting_.end());
    }
    changed_.notify_all();
    for (auto const& then : due)
        then();
}

bool signals::wait(std::string const& name)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_ || given_.contains(name); });
    return given_.contains(name);
}

bool signals::pause(std::chrono::milliseconds time)
{
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return finished_; });
}

void signals::when(std::string const& name, std::function<void()> then)
{
    {
        std::lock_guard const lock(mutex_);
        if (!given_.contains(name)) {
            waiting_.emplace_back(name, std::move(then));
            return;
        }
    }
    then();
}

bool signals::given(std::string const& name) const
{
    std::lock_guard const lock(mutex_);
    return given_.contains(name);
}

void signals::finish()
{
    {
        std::lock_guard const lock(mutex_);
        finished_ = true;
        waiting_.clear();
    }
    changed_.notify_all();
}

bool signals::finished() const
{
    std::lock_guard const lock(mutex_);
    return finished_;
}

} // namespace fluxer::auth::faults
