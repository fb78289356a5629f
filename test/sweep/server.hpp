#ifndef FLUXER_AUTH_TEST_SWEEP_SERVER_HPP
#define FLUXER_AUTH_TEST_SWEEP_SERVER_HPP

#include "limits/support.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace fluxer::auth::test {

/// What the requests of one trial are counted by: the value of X-Request-ID.
class ledger
{
public:
    /// How often this one has been seen now.
    int count(std::string const& id);

    int times(std::string const& id) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, int> seen_;
};

/// How a sweep's server treats the calls that are swept.
struct server_manners
{
    server_manners() = default;

    bool proxy = false;         ///< it is a proxy, too, which is asked first
    bool refuses_first = false; ///< 503 to the first request of each call
    bool loses_first = false;   ///< closes the connection instead of answering a call's first request
    std::string answer;         ///< to all others; empty: 204
    std::size_t pace = 0;       ///< bytes of an answer that leave in one piece; 0: all
};

/// One server for all trials of a sweep. Requests with an id are answered when they are let go of, so that no call gets
/// its answer without having waited for it, and none that was interrupted.
class sweep_server
{
public:
    explicit sweep_server(server_manners manners);

    scripted_server const& where() const noexcept { return *server_; }

    /// @param times so many requests of that id
    void let_go(std::string const& id, int times = 1);

    ledger received;

private:
    void serve(peer& with);
    bool answer(peer& with, std::string const& request);
    /// False: the client has gone, or the server stops.
    bool await_release(peer& with, std::string const& id, int times) const;
    int released(std::string const& id) const;

    server_manners manners_;
    mutable std::mutex mutex_;
    std::map<std::string, int> let_go_;
    std::unique_ptr<scripted_server> server_;
};

} // namespace fluxer::auth::test

#endif
