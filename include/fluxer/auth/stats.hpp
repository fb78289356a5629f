#ifndef FLUXER_AUTH_STATS_HPP
#define FLUXER_AUTH_STATS_HPP

#include <fluxer/auth/config.hpp>

#include <cstdint>

namespace fluxer::auth {

/// A client's counters at one moment. Gauges first, then totals since the client was made.
struct FLUXER_AUTH_DECL client_stats
{
    client_stats() = default;

    std::uint64_t calls_in_flight = 0;
    std::uint64_t calls_waiting = 0; ///< for a connection
    std::uint64_t connections_idle = 0;
    std::uint64_t connections_in_use = 0;
    std::uint64_t connections_connecting = 0;

    std::uint64_t calls_started = 0;
    std::uint64_t calls_succeeded = 0;
    std::uint64_t calls_failed = 0;
    std::uint64_t calls_cancelled = 0; ///< not counted as failed
    std::uint64_t requests_sent = 0;   ///< attempts of which any byte was written
    std::uint64_t retries = 0;
    std::uint64_t connections_opened = 0; ///< handshake done
    std::uint64_t connections_reused = 0; ///< leases of a connection that had served before
    std::uint64_t connections_closed = 0;
    std::uint64_t connect_failures = 0;
    std::uint64_t tls_handshakes = 0;
    std::uint64_t tls_handshakes_resumed = 0;
    std::uint64_t queue_full = 0;
    std::uint64_t unexpected_bytes = 0; ///< connections closed because a server sent more than an answer
};

} // namespace fluxer::auth

#endif
