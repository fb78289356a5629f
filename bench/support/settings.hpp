#ifndef FLUXER_AUTH_BENCH_SUPPORT_SETTINGS_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_SETTINGS_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxer::auth::bench {

/// What a peer is asked to do. The names on the command line have hyphens.
enum class mode {
    keep_alive,        ///< logins over connections that stay
    new_resumed,       ///< a new connection for each login, resumed where the peer can
    new_full,          ///< the same with full handshakes
    idle,              ///< memory of connections that do nothing
    poll,              ///< looks at a handoff, by many pollers over few connections
    wait,              ///< the same by the library's own loop
    shared_client,     ///< keep_alive from two threads with one client
    client_per_thread, ///< keep_alive from two threads with a client each
};

/// What the driver tells a peer on the command line.
struct settings
{
    unsigned short port = 0;
    std::string ca_file;
    bench::mode mode = bench::mode::keep_alive;
    std::size_t in_flight = 64; ///< connections, and requests at the same time; with `idle` connections only
    std::size_t pollers = 0;    ///< with `poll` and `wait`
    double interval = 1;        ///< seconds between the looks of one poller
    double warm_up = 0.3;       ///< seconds before measuring begins, at least
    double seconds = 1;         ///< of measuring
};

/// Throws std::runtime_error for what it does not know.
settings read_settings(int count, char const* const* arguments);

std::string_view to_string(mode value);

} // namespace fluxer::auth::bench

#endif
