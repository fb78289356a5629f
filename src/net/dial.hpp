#ifndef FLUXER_AUTH_NET_DIAL_HPP
#define FLUXER_AUTH_NET_DIAL_HPP

#include "net/pool.hpp"

#include <memory>
#include <string>
#include <utility>

namespace fluxer::auth::net {

/// The place of a connection that is being made, from before its coroutine is, so that it is given back whatever there
/// is no memory for: a counter that is not given back is a connection less for ever.
class pool::dial_place
{
public:
    explicit dial_place(std::shared_ptr<pool> of);
    dial_place(dial_place&&) noexcept = default;
    dial_place& operator=(dial_place&&) = delete;
    ~dial_place();

    /// Leaves it to dial_succeeded() or dial_failed() to give it back. False: that was so already.
    bool hand_over() noexcept { return std::exchange(of_, nullptr) != nullptr; }

private:
    std::shared_ptr<pool> of_;
};

/// A connection that is being made: a work of its own, so that the call that caused it may go away or be served by
/// another connection. Lives in its coroutine.
struct pool::dial
{
    dial(pool& of, dial_place& place);
    dial(dial const&) = delete;
    dial& operator=(dial const&) = delete;
    ~dial();

    watchdog dog;
    std::uint64_t number;
    dial_place& place;
    std::string remote;
    time_point phase_start;

private:
    pool& of_;
    std::list<dial*>::iterator place_;
};

/// A step of making a connection, as its events tell it. Each start has its end, even if the coroutine is destroyed in
/// between or something throws.
class pool::dial_step
{
public:
    dial_step(pool const& of, dial& current, event_kind start, event_kind end);
    dial_step(dial_step const&) = delete;
    dial_step& operator=(dial_step const&) = delete;
    ~dial_step();

    void end(std::optional<failure> const& why);

private:
    pool const& of_;
    dial const& current_;
    event_kind end_;
    bool ended_ = false;
};

} // namespace fluxer::auth::net

#endif
