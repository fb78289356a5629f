#include "net/suspect_addresses.hpp"

#include <algorithm>

namespace fluxer::auth::net {

namespace {

/// Names have few addresses, which change little by little.
constexpr std::size_t most_suspects = 32;

} // namespace

void suspect_addresses::failed(endpoint const& which)
{
    std::erase(suspects_, which);
    if (suspects_.size() >= most_suspects)
        suspects_.erase(suspects_.begin());
    suspects_.push_back(which);
}

void suspect_addresses::worked(endpoint const& which) noexcept
{
    std::erase(suspects_, which);
}

void suspect_addresses::move_back(std::vector<endpoint>& endpoints) const
{
    for (auto const& suspect : suspects_)
        std::stable_partition(
            endpoints.begin(), endpoints.end(), [&suspect](endpoint const& one) { return one != suspect; });
}

} // namespace fluxer::auth::net
