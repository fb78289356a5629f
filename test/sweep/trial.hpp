#ifndef FLUXER_AUTH_TEST_SWEEP_TRIAL_HPP
#define FLUXER_AUTH_TEST_SWEEP_TRIAL_HPP

#include "limits/support.hpp"

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/observer.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::test {

/// What happens to a call at one of its suspension points.
enum class blow : std::uint8_t {
    none,
    terminal,
    partial,
    total,
    client_cancel, ///< client::cancel()
    whole_limit,   ///< the awaitable's own limit is over
    phase_limits,  ///< the limits of all phases are over
    destruction,   ///< of the client's io_context
};

std::ostream& operator<<(std::ostream& out, blow value);

/// Where the caller's coroutine runs.
enum class caller : std::uint8_t {
    at_home,       ///< on the client's executor
    beside_strand, ///< on the io_context on which the client has a strand
    elsewhere,     ///< on another io_context
};

/// How an awaitable ended.
struct ending
{
    ending() = default;
    ending(error const& e);

    boost::system::error_code code; ///< none: it came to its result
    auth::phase where = phase::done;
    std::string text;
};

template <class T>
asio::awaitable<ending> ending_of(asio::awaitable<result<T>> call)
{
    auto const got = co_await std::move(call);
    ending end;
    if (got.has_error())
        end = ending(got.error());
    co_return end;
}

/// Counts what was handed to the kernel, and calls.
struct sent_log final : observer
{
    void on_event(event const& what) override
    {
        sent += what.kind == event_kind::request_sent ? 1 : 0;
        calls += what.kind == event_kind::call_start ? 1 : 0;
        calls -= what.kind == event_kind::call_end ? 1 : 0;
    }

    int sent = 0;
    int calls = 0; ///< under way
};

/// All that one trial has for itself.
struct world
{
    world(client_options options, caller from, std::string id);
    world(world const&) = delete;
    world& operator=(world const&) = delete;

    /// Runs at most one handler. Where none is ready for so long, the client's time moves on a little.
    bool run_one(milliseconds wait);

    void run_until(std::function<bool()> const& holds);

    asio::any_io_executor callers_executor() const;

    /// How many requests of the swept call have been sent.
    int sent() const noexcept { return log->sent; }

    std::shared_ptr<sent_log> log = std::make_shared<sent_log>();
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    std::unique_ptr<asio::io_context> others = std::make_unique<asio::io_context>(1);
    std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>(1);
    client_options options; ///< of the client, and for awaitables that make one of their own
    std::optional<client> used;
    std::optional<pending<result<raw_response>>> occupant; ///< another call of the same client
    caller from;
    std::size_t handlers = 0; ///< run since the awaitable was begun
    std::string id;           ///< what the server knows the trial by

private:
    bool turn_ = false;
};

/// An awaitable in a situation.
struct scenario
{
    scenario() = default;

    std::string name;
    caller from = caller::at_home;
    std::function<client_options()> options;
    std::function<void(world&)> prepare = [](world&) {};
    std::function<asio::awaitable<ending>(world&, call_options)> begin;
    /// Before each handler, until the awaitable has been interrupted.
    std::function<void(world&)> accompany = [](world&) {};
    /// Whether its own limit has begun; nothing: with the client's next call.
    std::function<bool(world&)> has_begun;
    /// Once it has ended.
    std::function<void(world&)> settle = [](world&) {};
    /// Whether the next call works, or does not, as it should.
    std::function<void(world&)> check_next;
    /// How often the server may have been asked at most; 0: it is not known.
    std::function<int(std::string const& id)> times_asked;
    int most_times_asked = 1;
    unsigned short port = 0; ///< no socket may be left to this one
    /// How it ends in case of a blow; nothing: only what must hold for all is looked at.
    boost::system::error_code cancelled = make_error_code(errc::cancelled);
    boost::system::error_code timed_out = make_error_code(errc::timed_out);
    /// So long after the awaitable's start its own limit is over, by the real clock; otherwise by the client's.
    std::optional<milliseconds> real_limit;
    bool is_call = true;            ///< it can be cancelled with all others, and its limit begins with it
    bool counts_connections = true; ///< nobody but the swept call closes any
    /// From a blow to the end, with what was about to run beside it. A call that does not listen needs more.
    std::size_t most_handlers_after_a_blow = 3;
    std::vector<blow> blows = {blow::terminal,    blow::partial,      blow::total,      blow::client_cancel,
                               blow::whole_limit, blow::phase_limits, blow::destruction};
};

/// The swept awaitable's own limit, and that of all phases where it is about those: much longer than what the time
/// moves on by itself, and much shorter than all others.
constexpr auto swept_limit = std::chrono::minutes(10);

/// One run of the awaitable, with at most one blow.
class trial
{
public:
    trial(scenario const& what, blow how, std::size_t point, std::string id);

    /// Goes on by at most one handler; false: it is over.
    bool step(milliseconds wait);

    /// Runs to the end, or throws after the guard's time.
    void run();

    /// Takes over how it ended, if it did.
    void fetch();

    /// Whether the awaitable was not over before its point.
    bool struck() const noexcept { return struck_; }

    std::size_t handlers() const noexcept { return world_.handlers; }

    ending const& end() const { return *end_; }

    /// @param undisturbed how the awaitable ends otherwise
    void check(ending const& undisturbed);

private:
    client_options options() const;
    std::string does_not_end() const;
    void strike();
    bool waits_for_real_limit() const;
    void check_ending(ending const& undisturbed);
    void check_destroyed();
    void check_client();

    scenario const& what_;
    blow how_;
    std::size_t point_;
    world world_;
    std::optional<pending<ending>> call_;
    std::optional<ending> end_;
    bool struck_ = false;
    bool unheard_ = false; ///< the blow came when there was nobody yet whom it could have hit
    std::size_t closed_before_ = 0;
    std::chrono::steady_clock::time_point start_;
};

} // namespace fluxer::auth::test

#endif
