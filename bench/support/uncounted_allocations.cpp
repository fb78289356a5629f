#include "support/allocations.hpp"

namespace fluxer::auth::bench {

std::optional<allocations> count_allocations()
{
    return std::nullopt;
}

} // namespace fluxer::auth::bench
