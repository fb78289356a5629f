#ifndef FLUXER_AUTH_BENCH_SUPPORT_ALLOCATIONS_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_ALLOCATIONS_HPP

#include <cstdint>
#include <optional>

namespace fluxer::auth::bench {

/// How often memory was taken from the heap so far.
struct allocations
{
    std::uint64_t own =
        0; ///< by operator new, and by malloc and its like: Asio takes aligned memory past operator new
    std::uint64_t openssl = 0; ///< by OpenSSL
};

/// Nothing: this program does not count. Programs that measure time do not, so that counting costs them nothing.
std::optional<allocations> count_allocations();

} // namespace fluxer::auth::bench

#endif
