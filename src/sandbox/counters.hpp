#ifndef FLUXER_AUTH_SANDBOX_COUNTERS_HPP
#define FLUXER_AUTH_SANDBOX_COUNTERS_HPP

#include "fluxer/auth_sandbox.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace fluxer::auth::sandbox_detail {

/// What the server counts, without a lock.
class counter_set
{
public:
    static constexpr std::size_t unknown_operation = 39;

    std::atomic<std::uint64_t> connections_accepted{0};
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> tls_handshakes{0};
    std::atomic<std::uint64_t> tls_resumptions{0};
    std::atomic<std::uint64_t> faults_injected{0};

    /// @returns how many requests are under way with this one
    std::uint64_t begin_request(std::size_t operation);

    void end_request() { --in_flight_; }

    sandbox_counters read() const;

private:
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> in_flight_{0};
    std::atomic<std::uint64_t> in_flight_max_{0};
    std::array<std::atomic<std::uint64_t>, unknown_operation + 1> by_operation_{};
};

} // namespace fluxer::auth::sandbox_detail

#endif
