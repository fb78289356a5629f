// The practical limit: OpenSSL and epoll, one thread, bytes made beforehand, no more of the answer read than needed.

#include "peers/floor/logins.hpp"

#include "support/peer.hpp"

namespace {

using namespace fluxer::auth::bench;

boost::json::object work(settings const& how)
{
    switch (how.mode) {
    case mode::keep_alive:
        return floor::keep_alive(how);
    case mode::new_resumed:
    case mode::new_full:
        return floor::new_connections(how);
    case mode::idle:
        return floor::idle(how);
    case mode::poll:
        return floor::poll(how);
    default:
        refuse(how);
    }
}

} // namespace

int main(int count, char const* const* arguments)
{
    return run_peer("floor", count, arguments, work);
}
