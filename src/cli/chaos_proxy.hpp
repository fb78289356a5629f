#ifndef FLUXER_AUTH_CLI_CHAOS_PROXY_HPP
#define FLUXER_AUTH_CLI_CHAOS_PROXY_HPP

#include "cli/chaos_plan.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace fluxer::auth::cli {

struct chaos_counts
{
    chaos_counts() = default;

    std::uint64_t accepted = 0;
    std::uint64_t open = 0; ///< connections of which an end is still open
    std::uint64_t bytes = 0;
    std::array<std::uint64_t, chaos_kinds> faults{}; ///< by chaos_kind

    std::uint64_t of(chaos_kind kind) const noexcept { return faults[static_cast<std::size_t>(kind)]; }
};

/// A relay between clients and a server on 127.0.0.1 that behaves like a bad network. It knows TCP only: TLS goes
/// through it end to end. Works on a thread of its own from construction to destruction.
///
/// The fate of its nth connection depends on the seed and n alone.
class chaos_proxy
{
public:
    /// @throws std::exception if it cannot listen
    chaos_proxy(unsigned short server_port, chaos_rates const& rates, std::uint64_t seed);

    /// Drops all connections and joins the thread.
    ~chaos_proxy();

    chaos_proxy(chaos_proxy const&) = delete;
    chaos_proxy& operator=(chaos_proxy const&) = delete;

    unsigned short port() const;

    /// Thread safety: any thread.
    chaos_counts counts() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace fluxer::auth::cli

#endif
