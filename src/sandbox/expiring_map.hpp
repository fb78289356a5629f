#ifndef FLUXER_AUTH_SANDBOX_EXPIRING_MAP_HPP
#define FLUXER_AUTH_SANDBOX_EXPIRING_MAP_HPP

#include "sandbox/clock.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace fluxer::auth::sandbox_detail {

/// Entries with a life time; those that are over are never seen, and are freed now and then.
template <class Value>
class expiring_map
{
public:
    void put(std::string key, Value value, time_point now, std::chrono::milliseconds life)
    {
        sweep(now);
        entries_.insert_or_assign(std::move(key), entry{std::move(value), now + life});
    }

    Value* find(std::string_view key, time_point now)
    {
        auto const found = entries_.find(std::string(key));
        return found == entries_.end() || found->second.expires <= now ? nullptr : &found->second.value;
    }

    std::optional<Value> take(std::string_view key, time_point now)
    {
        auto const found = entries_.find(std::string(key));
        if (found == entries_.end())
            return std::nullopt;
        std::optional<Value> value;
        if (found->second.expires > now)
            value = std::move(found->second.value);
        entries_.erase(found);
        return value;
    }

    void erase(std::string_view key) { entries_.erase(std::string(key)); }

    void clear() { entries_.clear(); }

private:
    struct entry
    {
        Value value;
        time_point expires;
    };

    void sweep(time_point now)
    {
        if (entries_.size() < sweep_at_)
            return;
        std::erase_if(entries_, [now](auto const& item) { return item.second.expires <= now; });
        sweep_at_ = std::max<std::size_t>(1024, entries_.size() * 2);
    }

    std::unordered_map<std::string, entry> entries_;
    std::size_t sweep_at_ = 1024;
};

} // namespace fluxer::auth::sandbox_detail

#endif
