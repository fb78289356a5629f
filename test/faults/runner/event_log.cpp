#include "event_log.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace fluxer::auth::faults {

event_log::event_log(std::shared_ptr<signals> hub, bool throws)
    : hub_(std::move(hub))
    , throws_(throws)
{}

void event_log::on_event(event const& what)
{
    std::string const kind(to_string(what.kind));
    auto const number = ++counts_[kind];
    details_.append(what.detail).append("\n");
    details_of_[kind].emplace_back(what.detail);
    if (what.kind == event_kind::retry)
        pauses_.push_back(std::chrono::ceil<std::chrono::milliseconds>(what.duration).count());
    auto const name = "event:" + kind;
    hub_->give(number == 1 ? name : name + ":" + std::to_string(number));
    if (throws_)
        throw std::runtime_error("an observer that throws");
}

std::size_t event_log::count(std::string const& kind) const
{
    auto const found = counts_.find(kind);
    return found == counts_.end() ? 0 : found->second;
}

std::vector<std::string> event_log::details(std::string const& kind) const
{
    auto const found = details_of_.find(kind);
    return found == details_of_.end() ? std::vector<std::string>() : found->second;
}

std::string event_log::unbalanced() const
{
    constexpr std::array<std::string_view, 7> kinds{"call",    "queue", "attempt",  "resolve",
                                                    "connect", "proxy", "handshake"};
    std::string text;
    for (auto const& kind : kinds) {
        auto const starts = count(std::string(kind) + "_start");
        auto const ends = count(std::string(kind) + "_end");
        if (starts != ends)
            text += (text.empty() ? "" : ", ") + std::string(kind) + ": " + std::to_string(starts) +
                    " started, " + std::to_string(ends) + " ended";
    }
    return text;
}

} // namespace fluxer::auth::faults
