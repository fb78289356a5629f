#ifndef FLUXER_AUTH_CONFIG_HPP
#define FLUXER_AUTH_CONFIG_HPP

#include <chrono>

// The export macro is the one thing that only the preprocessor can do: symbols are hidden unless marked.
#if defined(FLUXER_AUTH_SHARED)
#define FLUXER_AUTH_DECL __attribute__((visibility("default")))
#else
#define FLUXER_AUTH_DECL
#endif

namespace fluxer::auth {

/// Every duration in options and errors; whole milliseconds.
using milliseconds = std::chrono::milliseconds;

/// A moment as the server states it: UTC with milliseconds (contract 2.3).
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

} // namespace fluxer::auth

#endif
