#ifndef FLUXER_AUTH_CALL_CALL_RUN_HPP
#define FLUXER_AUTH_CALL_CALL_RUN_HPP

#include "call/active_call.hpp"
#include "call/engine.hpp"
#include "call/outcome.hpp"
#include "http/exchange.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace fluxer::auth::call {

namespace asio = boost::asio;

/// One logical call, made out of attempts: a state machine that goes as far as it can without waiting, so that the
/// coroutine which the caller awaits is the only one. All of it belongs to the engine's executor, but the constructor.
/// A coroutine that awaits its waits and detours must let all types of cancellation pass, and have none thrown.
class call_run
{
public:
    enum class step {
        over,   ///< see result()
        wait,   ///< ready() is to be awaited, then waited() told
        detour, ///< detour() is to be awaited, then the same
    };

    call_run(std::shared_ptr<engine> of, wire::request&& request, call_options&& options);
    call_run(call_run const&) = delete;
    call_run& operator=(call_run const&) = delete;
    ~call_run();

    static void* operator new(std::size_t size);
    static void operator delete(void* memory, std::size_t size) noexcept;

    step advance();

    /// A connection, its readiness, or that the others on this executor had their turns; to be awaited.
    auto ready()
    {
        return asio::async_initiate<asio::deferred_t const, void()>(
            [this](auto handler) { when_ready(std::move(handler)); }, asio::deferred);
    }

    /// @param cancelled whether the awaiting coroutine was
    void waited(bool cancelled);

    /// What calls do seldom: waiting for a permit, the next attempt, or an injected transport.
    asio::awaitable<void> detour();

    outcome& result() noexcept { return result_; }

    operation what() const noexcept { return request_.operation; }

    engine const& by() const noexcept { return *engine_; }

    bool has_begun() const noexcept { return stage_ != stage::begin; }

    /// Only of one that has not begun, and will not.
    std::shared_ptr<engine> take_engine() noexcept { return std::move(engine_); }

private:
    enum class stage : std::uint8_t {
        begin,
        acquire, ///< what the next attempt needs, from the beginning
        permit,
        connect,
        queue,
        recheck, ///< whether a permit is wanted by now, and the connection still good
        exchange,
        transport,
        pause,
        over,
    };

    /// What follows from an attempt.
    enum class next_step : std::uint8_t { done, fresh_connection, pause };

    template <class Handler>
    void when_ready(Handler handler)
    {
        // With many others on this executor, the answer may be there once they have had their turns, and need not be
        // waited for at the cost of two more system calls.
        if (stage_ == stage::queue)
            queue_->when_woken(std::move(handler));
        else if (wanted_ == net::tls_step::want_write && exchange_->listens())
            lease_->stream.when_either_ready(wait_error_, std::move(handler));
        else if (
            wanted_ == net::tls_step::want_read && (exchange_->gives_way() || std::exchange(crowded_, false)))
            asio::post(std::move(handler));
        else
            lease_->stream.when_ready(wanted_, wait_error_, std::move(handler));
    }

    void begin();
    void settle_token();

    // The rate governor's permit, then a connection.
    void acquire();
    void connect();
    void enter_queue();
    void leave_queue();

    /// False: the governor has to be asked again.
    bool recheck();
    bool give_up_if_ended();

    /// False: it was of no use, and what follows is decided.
    bool look_at_connection();

    asio::awaitable<void> wait_for_permit(rate_mode mode);
    asio::awaitable<void> ask_with_connection();
    asio::awaitable<void> through_transport();
    error refuse(rate_verdict const& verdict);

    void begin_attempt();
    void announce(net::connection const& used);
    void tell_remote(event_kind kind) const;
    bool exchange_some();
    void end_attempt(bool thrown);
    void settle(bool thrown);

    next_step conclude();
    next_step conclude_answer();
    std::unique_ptr<error_info> read_refusal() const;
    wire::own_secrets own_secrets() const;
    bool echoes_secret(std::string_view id) const;
    next_step fail_or_pause(error_info info);
    bool pause_before_next(error_info const& failed);
    void follow(next_step next);
    void finish(std::optional<error> failed = {});

    /// The error of a call that has to end for a reason from outside.
    std::optional<error> ended_meanwhile(phase where);

    std::shared_ptr<engine> engine_;
    wire::request request_;
    call_options options_;
    core::secret_buffer bytes_; ///< what is sent, in each attempt anew
    std::optional<active_call> call_;
    std::optional<event_kind> open_event_; ///< the end of what was told to start last
    std::optional<net::pool::waiter> queue_;
    net::time_point queued_at_{};
    net::lease lease_;
    core::attempt_facts facts_; ///< of the present attempt
    http::exchange_outcome got_;
    std::unique_ptr<error_info> refusal_; ///< what the answer says, unless it is a success
    std::optional<http::exchange> exchange_;
    outcome result_;
    boost::system::error_code wait_error_;
    net::tls_step wanted_ = net::tls_step::done;
    stage stage_ = stage::begin;
    bool fresh_ = false;       ///< the next attempt takes no connection that was used before
    bool unseen_ = false;      ///< the connection has lain about since anybody looked at it
    bool had_useless_ = false; ///< the last one that was waited for
    bool crowded_ = false;
    bool exchange_over_ = false;
    bool woken_ = false;     ///< a wait has ended since the queue was entered
    bool cancelled_ = false; ///< as of the last wait
};

} // namespace fluxer::auth::call

#endif
