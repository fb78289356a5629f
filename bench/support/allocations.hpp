#ifndef FLUXER_AUTH_BENCH_SUPPORT_ALLOCATIONS_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_ALLOCATIONS_HPP

#include <cstdint>
#include <optional>

namespace fluxer::auth::bench {

/// How often memory was taken from the heap so far.
struct allocations
{
    std::uint64_t all = 0;      ///< by whomever, OpenSSL and the C library included
    std::uint64_t from_new = 0; ///< those of them by operator new
};

/// Nothing: this program does not count. Programs that measure time do not, so that counting costs them nothing.
std::optional<allocations> count_allocations();

} // namespace fluxer::auth::bench

#endif
