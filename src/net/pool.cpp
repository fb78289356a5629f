#include "net/pool.hpp"

#include "net/dial.hpp"
#include "net/tunnel.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace fluxer::auth::net {

namespace {

// Enough for a whole pool that reconnects; a server hands out two with each full handshake.
constexpr std::size_t most_sessions = 256;

core::pool_settings settings_of(pool_options const& options)
{
    core::pool_settings settings;
    settings.max_connections = options.max_connections;
    settings.max_connecting = options.max_connecting;
    settings.max_waiting = options.max_waiting;
    settings.max_requests = options.max_requests;
    settings.idle_timeout = options.idle_timeout;
    return settings;
}

std::optional<core::proxy_address> proxy_for(proxy_options const& options, core::origin const& origin)
{
    if (options.url.empty() || core::bypasses_proxy(options.no_proxy, origin.host, origin.port))
        return std::nullopt;
    std::string was_checked_before;
    return core::parse_proxy(options.url, was_checked_before);
}

} // namespace

pool::pool(
    asio::any_io_executor executor, std::shared_ptr<timers> timers, client_options const& options,
    core::origin const& origin, std::shared_ptr<counters> counters, std::shared_ptr<events> events,
    core::backoff::random_function random)
    : executor_(executor)
    , timers_(std::move(timers))
    , limits_(options.limits)
    , options_(options.pool)
    , proxy_(proxy_for(options.proxy, origin))
    , connect_request_(proxy_ ? connect_request(options.proxy, origin) : core::secret_buffer())
    , resolver_(
          executor, proxy_ ? proxy_->host : origin.host, proxy_ ? proxy_->port : origin.port,
          options.resolver, options.resolver_cache)
    , counters_(std::move(counters))
    , events_(std::move(events))
    , state_(settings_of(options.pool), *this)
    , dial_backoff_(options.pool.dial_backoff, options.pool.max_dial_backoff)
    , random_(std::move(random))
    , out_of_memory_(std::make_shared<failure const>(
          errc::connect_failed, phase::connect,
          boost::system::errc::make_error_code(boost::system::errc::not_enough_memory), "out of memory"))
{
    if (!origin.is_plain())
        tls_.emplace(options.tls, origin.host, std::min(options.pool.max_connections, most_sessions));
}

pool::~pool() = default;

lease pool::checkout()
{
    while (auto* const candidate = state_.checkout(timers_->now())) {
        if (alive(static_cast<connection&>(*candidate)))
            return take(*candidate);
    }
    publish();
    return {};
}

pool::waiter::waiter(std::shared_ptr<pool> of, watchdog& dog, bool wants_fresh, bool was_served)
    : of_(std::move(of))
    , dog_(dog)
    , timer_(of_->executor_, time_point::max())
{
    fresh = wants_fresh;
    served_before = was_served;
    if (of_->state_.enqueue(*this)) {
        of_->publish();
        try {
            dog_.enter(phase::queue, of_->limits_.pool_wait, *this);
        } catch (...) {
            leave();
            throw;
        }
        return;
    }
    failed = true;
    ++of_->counters_->queue_full;
    why_ = std::make_shared<failure const>(
        errc::queue_full, phase::queue, error_code{},
        std::to_string(of_->state_.waiting()) + " calls wait for a connection already (pool.max_waiting)");
}

pool::waiter::~waiter()
{
    leave();
}

void pool::waiter::leave() noexcept
{
    of_->state_.leave(*this);
    if (handed != nullptr)
        of_->abandon(static_cast<connection&>(*handed));
    of_->publish();
}

bool pool::waiter::over() const noexcept
{
    return handed != nullptr || failed || dog_.interrupted() != interruption::none;
}

acquired pool::waiter::result()
{
    acquired got;
    if (handed != nullptr) {
        got.lease = of_->take(*std::exchange(handed, nullptr));
    } else if (failed) {
        got.failure = *why_;
    } else if (dog_.interrupted() == interruption::timed_out) {
        got.failure = of_->explain_timeout(dog_);
        // Its place in the queue tells the phase, so it is given up only now.
        if (auto const place = of_->state_.position(*this); place < of_->dials_.size()) {
            auto const& awaited = **std::next(of_->dials_.begin(), static_cast<std::ptrdiff_t>(place));
            got.failure->phase = awaited.dog.phase();
            got.failure->remote = awaited.remote;
        }
    }
    dog_.leave();
    return got;
}

asio::awaitable<acquired> pool::warm_up(watchdog& dog, std::size_t count, std::size_t& ready)
{
    // Kept simple: whoever warms up looks again whenever a dial has ended.
    struct watcher final : public abortable
    {
        watcher(pool& of, asio::any_io_executor const& executor)
            : timer(executor, time_point::max())
            , list(of.growth_watchers_)
            , place(list.insert(list.end(), &timer))
        {}

        ~watcher() { list.erase(place); }

        void abort() noexcept override { timer.cancel(); }

        asio::steady_timer timer;
        std::list<asio::steady_timer*>& list;
        std::list<asio::steady_timer*>::iterator place;
    };

    acquired outcome;
    auto const self = shared_from_this();
    auto const is_cancelled = [](asio::cancellation_state const& state) {
        return state.cancelled() != asio::cancellation_type::none;
    };
    auto const failures_before = counters_->connect_failures.read();
    count = std::min(count, options_.max_connections);
    watcher mine(*this, executor_);
    for (;;) {
        ready = state_.idle() + state_.in_use();
        auto const failed = [&] { return counters_->connect_failures.read() != failures_before; };
        if (!failed())
            state_.grow_to(count);
        if (ready >= count || state_.connecting() == 0) {
            if (ready == 0 && failed() && last_failure_)
                outcome.failure = *last_failure_;
            break;
        }
        publish();
        dog.enter(phase::queue, limits_.pool_wait, mine);
        // A cancellation that came before, from within an event's callback, would wake nobody. It takes a turn all the
        // same: out of a cancelled coroutine that never waited this Asio throws into the context.
        auto cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (cancelled) {
            co_await asio::post(executor_, asio::use_awaitable);
        } else if (dog.interrupted() == interruption::none) {
            error_code ignored;
            mine.timer.expires_at(time_point::max());
            co_await mine.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        dog.leave();
        cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (cancelled || dog.interrupted() != interruption::none) {
            if (dog.interrupted() == interruption::timed_out)
                outcome.failure = explain_timeout(dog);
            break;
        }
    }
    ready = state_.idle() + state_.in_use();
    co_return outcome;
}

failure pool::explain_timeout(watchdog const& dog) const
{
    auto text = "no connection became available: " + std::to_string(state_.in_use()) + " in use, " +
                std::to_string(state_.connecting()) + " being made, " + std::to_string(state_.waiting()) +
                " calls waiting";
    if (state_.pausing())
        text += "; the next connection is made after a pause (pool.dial_backoff)";
    if (last_failure_)
        text += "; the last connection attempt failed: " + last_failure_->message;
    failure why(errc::timed_out, phase::queue, error_code{}, std::move(text));
    why.limit = dog.limit();
    return why;
}

void pool::drain()
{
    state_.drain();
    publish();
}

void pool::stop()
{
    stopped_ = true;
    state_.stop();
    for (auto* const current : dials_)
        current->dog.interrupt(interruption::shut_down);
    resolver_.stop();
    publish();
}

void pool::context_gone()
{
    stop();
    executor_ = {};
    resolver_.context_gone();
}

void pool::wake(core::pool_waiter& served)
{
    auto& woken = static_cast<waiter&>(served);
    if (woken.failed)
        woken.why_ = last_failure_;
    woken.timer_.cancel();
}

void pool::discard(core::pooled& connection, core::close_reason why)
{
    destroy(static_cast<net::connection&>(connection), why);
    // An idle connection whose time is over goes without any call that would tell.
    publish();
}

void pool::arm(core::timer_entry& entry, time_point when)
{
    timers_->arm(entry, when);
}

bool pool::arm_dial_pause(core::timer_entry& entry, unsigned failures)
{
    try {
        auto const pause = dial_backoff_.pause(failures, random_);
        if (pause > milliseconds(0))
            timers_->arm(entry, timers_->now() + pause);
        return pause > milliseconds(0);
    } catch (...) {
        // A pause without an end would be worse than none.
        return false;
    }
}

bool pool::alive(connection& candidate)
{
    // One read that does not block: it also takes in the tickets that a fresh TLS 1.3 connection has waiting, which
    // make its socket readable (trap T37).
    auto const found = candidate.stream.probe();
    if (found == idle_state::quiet)
        return true;
    // The other half of a ticket has yet to come; and the end of a new connection is a failure like any other, which
    // its request tells best, where another connection would be made again and again.
    if (candidate.is_new() && found != idle_state::spoke)
        return true;
    if (found == idle_state::over) {
        state_.drop(candidate, core::close_reason::dead);
    } else if (found == idle_state::unfinished && candidate.uses == 0) {
        // Most likely a ticket of its handshake, but it could be an answer that nobody asked for.
        state_.drop(candidate, core::close_reason::unfinished);
    } else {
        ++counters_->unexpected_bytes;
        state_.drop(candidate, core::close_reason::unexpected_bytes);
    }
    return false;
}

bool pool::is_still_good(connection& held)
{
    auto const good = alive(held);
    publish();
    return good;
}

void pool::rester::expired()
{
    auto busy = false;
    for (auto& connection : of.connections_) {
        if (connection.stream.was_used() || !connection.is_linked())
            busy = true;
        else
            connection.stream.rest();
    }
    if (busy)
        of.expect_rest();
}

void pool::expect_rest() noexcept
{
    if (rester_.armed())
        return;
    try {
        timers_->arm(rester_, timers_->now() + rester::period);
    } catch (std::exception const&) {
        // Without memory for that, there is the next connection's return.
    }
}

lease pool::take(core::pooled& connection)
{
    publish();
    return {shared_from_this(), static_cast<net::connection&>(connection)};
}

void pool::begin_use(connection& taken) noexcept
{
    ++taken.uses;
    if (taken.reused())
        ++counters_->connections_reused;
}

void pool::give_back(connection& used)
{
    // Who takes it looks at it, right before its request: whatever comes until then belongs to no request.
    state_.give_back(used, timers_->now());
    expect_rest();
    publish();
}

void pool::drop(connection& used, core::close_reason why)
{
    state_.drop(used, why);
    publish();
}

void pool::abandon(connection& used) noexcept
{
    state_.forget(used);
    destroy(used, core::close_reason::abandoned);
    publish();
}

void pool::destroy(connection& gone, core::close_reason why)
{
    ++counters_->connections_closed;
    event what;
    what.kind = event_kind::connection_closed;
    what.connection = gone.number;
    what.detail = core::to_string(why);
    events_->emit(what);
    auto const healthy = why != core::close_reason::not_reusable && why != core::close_reason::dead &&
                         why != core::close_reason::abandoned;
    gone.stream.close(healthy);
    connections_.erase(gone.place);
}

void pool::publish() noexcept
{
    counters_->calls_waiting.set(state_.waiting());
    counters_->connections_idle.set(state_.idle());
    counters_->connections_in_use.set(state_.in_use());
    counters_->connections_connecting.set(state_.connecting());
}

} // namespace fluxer::auth::net
