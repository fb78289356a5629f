#ifndef FLUXER_AUTH_CALL_ENGINE_HPP
#define FLUXER_AUTH_CALL_ENGINE_HPP

#include "call/outcome.hpp"
#include "call/rate_gate.hpp"
#include "call/sudo_memory.hpp"
#include "core/retry.hpp"
#include "http/request_template.hpp"
#include "http/response_reader.hpp"
#include "net/executor_gate.hpp"
#include "net/pool.hpp"
#include "wire/codec.hpp"

#include <fluxer/auth/options.hpp>
#include <fluxer/auth/stats.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace fluxer::auth::call {

class active_call;
class call_run;

/// Whether a header is how a request's token was given.
bool gives_token(header const& field) noexcept;

/// A call as the engine sees it: something that can be interrupted.
struct call_link
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
    call_link(std::shared_ptr<net::timers> const& timers, milliseconds timeout)
        : dog(timers, timers->now(), timeout)
    {}

    net::watchdog dog;
};

/// What a client is behind its handle: what its calls share. All of it runs on one executor, which
/// one thread at a time runs; stats() alone may be called from anywhere.
class engine : public std::enable_shared_from_this<engine>
{
public:
    /// Throws exception with errc::invalid_option.
    engine(boost::asio::any_io_executor executor, client_options options);
    ~engine();

    boost::asio::awaitable<result<std::size_t>> warm_up(std::size_t connections, call_options options);

    boost::asio::awaitable<void> shutdown(milliseconds grace);

    void cancel();

    /// A shutdown that waits for nothing.
    void stop();

    /// For the last handle's end: idle connections are closed, calls in flight may end.
    void retire();

    /// The executor's context is being destroyed: lets go of all that belongs to it.
    void context_gone();

    /// Nothing may be given to the executor any more.
    bool has_context() const noexcept { return has_context_; }

    client_stats stats() const;

    /// May be used on any thread, and longer than the engine.
    std::shared_ptr<rate_gate const> gate() const { return gate_; }

    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

private:
    friend class active_call;
    friend class call_run;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<net::executor_gate> way_back_; ///< of what a governor or a transport keeps
    client_options options_;
    core::origin origin_;
    std::optional<secret> authorization_; ///< that the client's headers have
    http::request_template template_;
    core::retry_policy retry_;
    std::shared_ptr<rate_gate const> gate_;
    sudo_memory sudo_;
    std::shared_ptr<net::counters> counters_;
    std::shared_ptr<net::timers> timers_;
    std::shared_ptr<net::events> events_;
    std::shared_ptr<net::pool> pool_;
    boost::intrusive::list<call_link, boost::intrusive::constant_time_size<false>> active_;
    std::list<boost::asio::steady_timer*> idle_watchers_; // of shutdowns that wait for the last call
    std::array<char, 16 * 1024> scratch_{};               ///< what is read, between two waits
    std::uint64_t last_call_ = 0;
    bool shut_down_ = false;
    bool has_context_ = true;
};

} // namespace fluxer::auth::call

#endif
