#ifndef FLUXER_AUTH_BENCH_SUPPORT_PROCESS_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_PROCESS_HPP

#include <cstddef>

namespace fluxer::auth::bench {

/// Seconds.
struct cpu_times
{
    double user = 0;
    double system = 0;
};

/// What this process has used up, all of its threads.
cpu_times used_cpu();

/// Bytes of this process that are in memory.
std::size_t resident_bytes();

} // namespace fluxer::auth::bench

#endif
