#ifndef FLUXER_AUTH_NET_COUNTERS_HPP
#define FLUXER_AUTH_NET_COUNTERS_HPP

#include <atomic>
#include <cstdint>

namespace fluxer::auth::net {

/// Written on the client's executor, read from any thread.
class counter
{
public:
    counter& operator++() noexcept
    {
        value_.fetch_add(1, std::memory_order_relaxed);
        return *this;
    }

    counter& operator--() noexcept
    {
        value_.fetch_sub(1, std::memory_order_relaxed);
        return *this;
    }

    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }

    std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// See client_stats.
struct counters
{
    counter calls_in_flight;
    counter calls_waiting;
    counter connections_idle;
    counter connections_in_use;
    counter connections_connecting;
    counter calls_started;
    counter calls_succeeded;
    counter calls_failed;
    counter calls_cancelled;
    counter requests_sent;
    counter retries;
    counter connections_opened;
    counter connections_reused;
    counter connections_closed;
    counter connect_failures;
    counter tls_handshakes;
    counter tls_handshakes_resumed;
    counter queue_full;
    counter unexpected_bytes;
};

} // namespace fluxer::auth::net

#endif
