// The library as its users have it: the whole public API, with pool, deadlines, retries and the governor of rates.

#include "peers/ours/use.hpp"

#include "support/peer.hpp"

namespace {

using namespace fluxer::auth::bench;

boost::json::object work(settings const& how)
{
    switch (how.mode) {
    case mode::keep_alive:
    case mode::new_resumed:
    case mode::new_full:
        return ours::logins(how);
    case mode::idle:
        return ours::idle(how);
    case mode::poll:
    case mode::wait:
        return ours::poll(how);
    case mode::shared_client:
    case mode::client_per_thread:
        return ours::threads(how);
    }
    refuse(how);
}

} // namespace

int main(int count, char const* const* arguments)
{
    return run_peer("ours", count, arguments, work);
}
