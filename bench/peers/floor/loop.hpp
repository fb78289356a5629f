#ifndef FLUXER_AUTH_BENCH_FLOOR_LOOP_HPP
#define FLUXER_AUTH_BENCH_FLOOR_LOOP_HPP

#include "peers/floor/connection.hpp"

#include "support/settings.hpp"

#include <cstddef>
#include <memory>
#include <unordered_map>

namespace fluxer::auth::bench::floor {

/// Many connections to the server in one epoll instance, level-triggered.
class loop
{
public:
    loop(settings const& how, bool resume);
    virtual ~loop();
    loop(loop const&) = delete;
    loop& operator=(loop const&) = delete;

    /// Begins a further connection.
    void open();

    /// Ends one; not to be used any more.
    void close(connection& which);

    /// Until over() says so.
    void run();

    std::uint64_t handshakes() const noexcept { return handshakes_; }

    std::uint64_t resumed() const noexcept { return resumed_; }

protected:
    virtual void connected(connection& which) = 0;
    virtual void answered(connection& which) = 0;
    virtual bool over() = 0;

    /// What is due before the next wait.
    /// @returns the longest wait in milliseconds; -1: no limit
    virtual int prepare() { return -1; }

private:
    void give_turn(connection& which);
    void watch(connection& which, int operation, bool writable);

    unsigned short port_;
    int epoll_;
    tls tls_;
    std::unordered_map<connection*, std::unique_ptr<connection>> connections_;
    std::uint64_t handshakes_ = 0;
    std::uint64_t resumed_ = 0;
};

} // namespace fluxer::auth::bench::floor

#endif
