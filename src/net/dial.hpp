#ifndef FLUXER_AUTH_NET_DIAL_HPP
#define FLUXER_AUTH_NET_DIAL_HPP

#include "net/pool.hpp"

#include <string>

namespace fluxer::auth::net {

/// A connection that is being made: a work of its own, so that the call that caused it may go away or be served by
/// another connection. Lives in its coroutine.
struct pool::dial
{
    explicit dial(pool& of);
    dial(dial const&) = delete;
    dial& operator=(dial const&) = delete;
    ~dial();

    watchdog dog;
    std::uint64_t number;
    std::string remote;
    time_point phase_start;

private:
    pool& of_;
    std::list<dial*>::iterator place_;
};

} // namespace fluxer::auth::net

#endif
