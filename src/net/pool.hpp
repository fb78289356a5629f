#ifndef FLUXER_AUTH_NET_POOL_HPP
#define FLUXER_AUTH_NET_POOL_HPP

#include "core/backoff.hpp"
#include "core/origin.hpp"
#include "core/pool_state.hpp"
#include "core/proxy.hpp"
#include "core/secret_buffer.hpp"
#include "net/connection.hpp"
#include "net/counters.hpp"
#include "net/events.hpp"
#include "net/failure.hpp"
#include "net/resolver.hpp"
#include "net/suspect_addresses.hpp"
#include "net/tls_context.hpp"

#include <fluxer/auth/options.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fluxer::auth::net {

class pool;

/// A connection in use. Say give_back() or drop(); a lease that is destroyed without belongs to a coroutine that was
/// destroyed while suspended, and closes its connection; others are served later, if the executor is still there.
class lease
{
public:
    lease() = default;
    lease(std::shared_ptr<pool> from, connection& held);
    lease(lease&& other) noexcept;
    lease& operator=(lease&& other) noexcept;
    ~lease();

    explicit operator bool() const noexcept { return held_ != nullptr; }

    connection* operator->() const noexcept { return held_; }

    connection& operator*() const noexcept { return *held_; }

    /// Is empty afterwards if the server has ended the connection, or said something on it, while it lay about.
    void look();

    /// To be called before a request is sent. What is given back without that is as good as it was.
    void begin_use() noexcept;

    void give_back();
    void drop(core::close_reason why);

private:
    std::shared_ptr<pool> from_;
    connection* held_ = nullptr;
};

/// A lease, or why there is none.
struct acquired
{
    net::lease lease;
    std::optional<net::failure>
        failure; ///< none and no lease: the watchdog was interrupted, or the caller cancelled
};

/// The connections to one origin: makes them, keeps them, and hands them out as core::pool_state decides.
class pool final : public std::enable_shared_from_this<pool>, private core::pool_driver
{
public:
    pool(
        asio::any_io_executor executor, std::shared_ptr<timers> timers, client_options const& options,
        core::origin const& origin, std::shared_ptr<counters> counters, std::shared_ptr<events> events,
        core::backoff::random_function random);
    ~pool();

    /// An idle connection that is alive. Costs no suspension.
    lease checkout();

    /// A call that waits for a connection.
    class waiter;

    /// Opens connections until `count` are there; how many are.
    asio::awaitable<acquired> warm_up(watchdog& dog, std::size_t count, std::size_t& ready);

    /// What a failed wait is to be told as.
    failure explain_timeout(watchdog const& dog) const;

    /// Closes what is idle, now and later; calls are still served.
    void drain();

    /// Closes what is idle and ends what is being made; later connections are closed when they come back.
    void stop();

    /// So many connections that their buffers, 33 KiB each, are better shared than kept: 8 MiB in all.
    bool is_large() const noexcept { return connections_.size() > 256; }

    /// Whether any connection is being made.
    bool connecting() const noexcept { return state_.connecting() != 0; }

    /// Stops, and lets go of the executor, whose context is being destroyed.
    void context_gone();

private:
    friend class lease;
    struct dial;
    class dial_place;
    class dial_step;

    /// Lets connections rest that were not used for a while.
    struct rester final : core::timer_entry
    {
        static constexpr milliseconds period{1'000};

        explicit rester(pool& of_)
            : of(of_)
        {}

        void expired() override;

        pool& of;
    };

    void start_dial() override;
    void wake(core::pool_waiter& waiter) override;
    void discard(core::pooled& connection, core::close_reason why) override;
    void arm(core::timer_entry& entry, time_point when) override;
    bool arm_dial_pause(core::timer_entry& entry, unsigned failures) override;

    asio::awaitable<void> run_dial(dial_place place);
    asio::awaitable<std::optional<failure>> open(dial& current);
    asio::awaitable<std::optional<failure>> tunnel(dial& current, asio::ip::tcp::socket& socket);
    asio::awaitable<std::optional<failure>> handshake(dial& current, tls_stream& stream);
    void dial_ended(failure why);
    void remember(failure why) noexcept;
    void add_connection(tls_stream stream, dial& current);
    void wake_growth_watchers() noexcept;
    milliseconds random_age();
    bool alive(connection& candidate);
    bool is_still_good(connection& held);
    void expect_rest() noexcept;
    lease take(core::pooled& connection);
    void begin_use(connection& taken) noexcept;
    void give_back(connection& used);
    void drop(connection& used, core::close_reason why);
    void abandon(connection& used) noexcept;
    void destroy(connection& gone, core::close_reason why);
    void publish() noexcept;
    void emit(event_kind kind, dial const& current, std::optional<failure> const& why = {}) const;

    asio::any_io_executor executor_;
    std::shared_ptr<timers> timers_;
    limit_options limits_;
    pool_options options_;
    std::optional<tls_context> tls_; ///< none: plain HTTP
    std::optional<core::proxy_address> proxy_;
    core::secret_buffer connect_request_; // to the proxy
    net::resolver resolver_;
    suspect_addresses suspects_;
    std::shared_ptr<counters> counters_;
    std::shared_ptr<events> events_;
    core::pool_state state_;
    core::backoff dial_backoff_;
    core::backoff::random_function random_;
    std::list<connection> connections_;
    rester rester_{*this};
    std::list<dial*> dials_;
    std::list<asio::steady_timer*> growth_watchers_;
    std::shared_ptr<failure const> last_failure_;
    std::shared_ptr<failure const> const out_of_memory_; ///< made in time
    std::uint64_t last_number_ = 0;
    bool stopped_ = false;
};

/// A place in the queue, from its making to its end: whoever has it awaits `when_woken` unless it is over() already, and
/// asks for the result. The timer never expires; cancelling it is how the call is woken, and since Asio owns the
/// suspended handler, a destroyed io_context destroys the call too.
class pool::waiter final : public core::pool_waiter, public abortable
{
public:
    /// @param dog its phase is left by result()
    /// @param fresh for a connection that nobody has used
    /// @param was_served with one that was of no use
    waiter(std::shared_ptr<pool> of, watchdog& dog, bool fresh, bool was_served);
    ~waiter();

    /// Whether there is nothing to wait for.
    bool over() const noexcept;

    template <class Handler>
    void when_woken(Handler&& handler)
    {
        timer_.async_wait(asio::redirect_error(std::forward<Handler>(handler), ignored_));
    }

    /// To be asked once, after the wait.
    acquired result();

    void abort() noexcept override { timer_.cancel(); }

private:
    friend class pool;

    void leave() noexcept;

    std::shared_ptr<pool> of_;
    watchdog& dog_;
    asio::steady_timer timer_;
    error_code ignored_;
    std::shared_ptr<failure const> why_; ///< when failed
};

} // namespace fluxer::auth::net

#endif
