#ifndef FLUXER_AUTH_CORE_POOL_STATE_HPP
#define FLUXER_AUTH_CORE_POOL_STATE_HPP

#include "core/timer_wheel.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxer::auth::core {

using time_point = std::chrono::steady_clock::time_point;

/// Why a connection is given up, for events and counters.
enum class close_reason : std::uint8_t {
    idle_timeout,
    too_old,
    enough_requests,
    make_room, ///< a call that needs a fresh connection could not get one otherwise
    stopped,
    not_reusable, ///< the exchange ended in a way that forbids it
    dead,         ///< the server had closed it while it was idle
    unexpected_bytes,
    unfinished, ///< half a record had come before its first request
    abandoned,  ///< its user went away
    no_memory,  ///< to wait for its idle timeout
};

std::string_view to_string(close_reason value) noexcept;

class pool_state;

using pool_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// What the pool needs to know of a connection. In exactly one state: in use, idle, or gone.
class pooled : public pool_hook, private timer_entry
{
public:
    pooled() = default;
    pooled(pooled const&) = delete;
    pooled& operator=(pooled const&) = delete;

    std::size_t uses = 0;   ///< requests so far
    time_point retire_at{}; ///< not to be pooled again after this
    bool was_idle = false;  ///< came from the idle list: the server may have closed it meanwhile
    /// What the server said in `Keep-Alive: timeout`, less a second; lowers the idle timeout.
    std::optional<std::chrono::milliseconds> keep_alive;
    /// After so many the server closes it: `Keep-Alive: max` and what had been sent by then.
    std::optional<std::size_t> last_use;

protected:
    ~pooled() override = default;

private:
    friend class pool_state;

    void expired() override;

    pool_state* owner_ = nullptr;
};

/// A call that waits for a connection.
class pool_waiter : public pool_hook
{
public:
    pool_waiter() = default;
    pool_waiter(pool_waiter const&) = delete;
    pool_waiter& operator=(pool_waiter const&) = delete;

    bool fresh = false;         ///< only a connection made for it will do
    bool served_before = false; ///< with a connection that was of no use: it is the first again
    pooled* handed = nullptr;   ///< the connection that it got
    bool failed = false;        ///< a connection that was being made for it could not be

protected:
    ~pool_waiter() = default;
};

/// Carries out what pool_state decides. None of these may call back into pool_state, except start_dial; nor may any
/// throw, except for want of memory those two that say so: what has been decided must not be undone halfway.
class pool_driver
{
public:
    /// Begins a connection, which ends in exactly one of dial_succeeded(), dial_failed() and dial_abandoned(). May
    /// throw; it ends in the last one then, here or a moment later.
    virtual void start_dial() = 0;
    virtual void wake(pool_waiter& waiter) = 0;
    virtual void discard(pooled& connection, close_reason why) = 0;
    /// May throw; the entry is not armed then.
    virtual void arm(timer_entry& entry, time_point when) = 0;
    /// Arms the entry for the end of the pause before the next connection is made, after so many failures in a row.
    /// False: there is none.
    virtual bool arm_dial_pause(timer_entry& entry, unsigned failures) = 0;

protected:
    ~pool_driver() = default;
};

struct pool_settings
{
    std::size_t max_connections = 64;
    std::size_t max_connecting = 16;
    std::size_t max_waiting = 10'000;
    std::size_t max_requests = 0; ///< 0: no limit
    std::chrono::milliseconds idle_timeout{55'000};
};

/// Who gets which connection, and when one more is made: no I/O, no clock of its own.
///
/// - At most max_connections exist, those being made included.
/// - The most recently used idle connection goes out first; waiters are served in the order in which they came, by
///   direct hand-off, so that a newcomer can't overtake them.
/// - A connection that was being made when its waiter got another one is finished and pooled.
/// - After a failure connections are begun one by one, with pauses in between, until one succeeds: a server that is
///   down or comes up again is not met by everybody at once.
class pool_state : private timer_entry
{
public:
    pool_state(pool_settings settings, pool_driver& driver);
    pool_state(pool_state const&) = delete;
    pool_state& operator=(pool_state const&) = delete;
    ~pool_state() override = default;

    /// An idle connection, now in use; nullptr: enqueue() and wait.
    pooled* checkout(time_point now);

    /// False: the queue is full, which it is not for those that had been served. Otherwise the waiter will be woken, maybe
    /// here already, if a dial that is needed could not be started.
    bool enqueue(pool_waiter& waiter);

    /// The waiter no longer wants what it was not given yet.
    void leave(pool_waiter& waiter);

    /// A connection that was made; goes to the first waiter or becomes idle.
    void dial_succeeded(pooled& connection, time_point now);

    /// A connection that could not be made: fails the first waiter, since it was made for it; if it was not the first
    /// in a row and nobody can be served otherwise, all of them.
    void dial_failed();

    /// A connection that was in use and may be used again, as far as its user knows.
    void give_back(pooled& connection, time_point now);

    /// A connection that was in use and is not to be used again.
    void drop(pooled& connection, close_reason why);

    /// The same for users that were destroyed: by an exception, or together with the executor, with which nothing must
    /// be begun. So who waits is served a moment later, if at all.
    void forget(pooled& connection) noexcept;

    /// A dial that was destroyed, likewise, or ended for want of memory.
    void dial_abandoned() noexcept;

    /// Connections for calls to come: dials until `count` exist or are being made, or a dial cannot be started.
    void grow_to(std::size_t count);

    /// Keeps nothing for later any more: idle connections are discarded, and those that come back too, unless
    /// somebody waits for them.
    void drain();

    /// Discards all idle connections, and from now on each one that comes back; waiters get nothing any more.
    void stop();

    std::size_t idle() const noexcept { return idle_count_; }

    std::size_t in_use() const noexcept { return in_use_; }

    std::size_t connecting() const noexcept { return connecting_; }

    std::size_t waiting() const noexcept { return waiting_; }

    std::size_t total() const noexcept { return idle_count_ + in_use_ + connecting_; }

    /// Whether the next connection is only made after a pause.
    bool pausing() const noexcept { return pausing_; }

    /// How many waiters stand in front of this one.
    std::size_t position(pool_waiter const& waiter) const;

private:
    friend class pooled;

    using connection_list = boost::intrusive::list<pooled, boost::intrusive::constant_time_size<false>>;
    using waiter_list = boost::intrusive::list<pool_waiter, boost::intrusive::constant_time_size<false>>;

    std::optional<close_reason> reason_to_retire(pooled const& connection, time_point now) const;
    pool_waiter* first_waiter_for(bool fresh_connection);
    void settle(pooled& connection, time_point now, bool fresh);
    void discard_idle();
    void make_idle(pooled& connection, time_point now);
    void idle_expired(pooled& connection);
    void unlink_idle(pooled& connection);
    void hand(pooled& connection, pool_waiter& waiter);
    void balance();
    bool dial();
    void took_failure();
    void serve_later() noexcept;
    void expired() override;
    void fail_first_waiter();
    std::size_t unserved_fresh_waiters() const;
    bool must_make_room() const;

    pool_settings settings_;
    pool_driver& driver_;
    connection_list idle_; // front: used most recently
    waiter_list waiters_;
    std::size_t idle_count_ = 0;
    std::size_t in_use_ = 0;
    std::size_t connecting_ = 0;
    std::size_t waiting_ = 0;
    std::size_t fresh_waiting_ = 0;
    unsigned failures_in_a_row_ = 0;
    bool pausing_ = false;
    bool balancing_ = false;
    bool draining_ = false;
    bool stopped_ = false;
};

} // namespace fluxer::auth::core

#endif
