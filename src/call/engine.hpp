#ifndef FLUXER_AUTH_CALL_ENGINE_HPP
#define FLUXER_AUTH_CALL_ENGINE_HPP

#include "call/outcome.hpp"
#include "call/rate_gate.hpp"
#include "call/sudo_memory.hpp"
#include "core/retry.hpp"
#include "http/request_template.hpp"
#include "http/response_reader.hpp"
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
#include <string_view>
#include <utility>

namespace fluxer::auth::http {
struct exchange_outcome;
}

namespace fluxer::auth::call {

class active_call;

/// A call as the engine sees it: something that can be interrupted.
struct call_link
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
    call_link(std::shared_ptr<net::timers> const& timers, milliseconds timeout)
        : dog(timers, timers->now(), timeout)
    {}

    net::watchdog dog;
};

/// What a client is behind its handle: makes one logical call out of attempts. All of it runs on one executor, which
/// one thread at a time runs; stats() alone may be called from anywhere.
class engine : public std::enable_shared_from_this<engine>
{
public:
    /// Throws exception with errc::invalid_option.
    engine(boost::asio::any_io_executor executor, client_options options);
    ~engine();

    /// Cancellation is the awaiting coroutine's; its state must let all types pass and throw nothing.
    ///
    /// @param request,options have to outlive the call
    boost::asio::awaitable<outcome> execute(wire::request const& request, call_options& options);

    boost::asio::awaitable<result<std::size_t>> warm_up(std::size_t connections, call_options options);

    boost::asio::awaitable<void> shutdown(milliseconds grace);

    void cancel();

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

    /// How a try went, and what follows from it.
    enum class next_step { done, fresh_connection, pause };

    /// What is sent, in each attempt anew.
    struct sending
    {
        wire::request const& request;
        call_options const& options;
        std::string_view bytes;
    };

    /// One attempt, over a connection of the pool or the transport.
    boost::asio::awaitable<next_step> try_once(active_call& call, sending what, bool fresh, outcome& result);

    /// What make_ready() does, where that takes no waiting.
    bool is_ready(active_call& call, sending const& what, bool fresh, net::lease& lease);

    /// The rate governor's permit, and a connection; or the error that ends the call or its attempt.
    boost::asio::awaitable<std::optional<next_step>> make_ready(
        active_call& call, sending what, bool fresh, net::lease& lease, outcome& result);
    boost::asio::awaitable<std::optional<error>> wait_for_permit(active_call& call, rate_mode mode);
    boost::asio::awaitable<std::optional<next_step>> wait_for_connection(
        active_call& call, bool fresh, net::lease& lease, outcome& result);
    error refuse(active_call& call, rate_verdict const& verdict);

    void begin_attempt(active_call& call);
    void end_attempt(active_call& call, sending const& what, http::exchange_outcome const& got);
    void announce(active_call& call, net::connection const& used);
    http::reader_limits reader_limits(sending const& what) const;
    void settle(net::lease& lease, http::exchange_outcome const& got, bool thrown);

    next_step conclude(
        active_call& call, core::attempt_facts facts, http::exchange_outcome& got, outcome& result);
    next_step conclude_answer(active_call& call, wire::answer answer, outcome& result);
    next_step fail_or_pause(active_call& call, error_info info, outcome& result);
    bool pause_before_next(active_call& call, error_info const& failed);

    /// The error of a call that has to end for a reason from outside.
    boost::asio::awaitable<std::optional<error>> ended_meanwhile(active_call& call, phase where);

    boost::asio::any_io_executor executor_;
    client_options options_;
    core::origin origin_;
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
    std::array<char, 16 * 1024> scratch_{};
    std::uint64_t last_call_ = 0;
    bool shut_down_ = false;
    bool has_context_ = true;
};

} // namespace fluxer::auth::call

#endif
