#ifndef FLUXER_AUTH_BENCH_SUPPORT_IDLE_MEMORY_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_IDLE_MEMORY_HPP

#include "support/process.hpp"
#include "support/settings.hpp"

#include <boost/json/object.hpp>

namespace fluxer::auth::bench {

/// Memory per connection that is open and does nothing. To be made when the first one is there, so that what is needed
/// once is not counted.
class idle_memory
{
public:
    /// As many as the library makes; what a handshake needs for a while can be had again by the next one.
    static constexpr std::size_t handshakes_at_once = 16;

    explicit idle_memory(settings const& how)
        : connections_(static_cast<double>(how.in_flight - 1))
        , before_(resident_bytes())
    {}

    /// All have been made, and the others have served nothing yet.
    void all_connected() { connected_ = resident_bytes(); }

    /// All have served one login, at the same time.
    void all_used() { used_ = resident_bytes(); }

    boost::json::object result() const
    {
        return {{"bytes_connected", each(connected_)}, {"bytes_used", each(used_)}};
    }

private:
    double each(std::size_t resident) const
    {
        return (static_cast<double>(resident) - static_cast<double>(before_)) / connections_;
    }

    double connections_;
    std::size_t before_;
    std::size_t connected_ = 0;
    std::size_t used_ = 0;
};

} // namespace fluxer::auth::bench

#endif
