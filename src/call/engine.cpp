#include "call/engine.hpp"

#include "call/active_call.hpp"
#include "core/http_syntax.hpp"
#include "core/options_check.hpp"
#include "core/random.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::call {

namespace {

namespace asio = boost::asio;
using net::interruption;

client_options checked(client_options options)
{
    if (auto bad = core::check(options))
        throw exception(error(std::move(*bad)));
    return options;
}

core::origin origin_of(client_options const& options)
{
    std::string problem;
    auto origin = core::parse_origin(options.base_url, problem, core::allowed_if(options.allow_plain_http));
    if (!origin)
        throw std::logic_error("an unchecked base_url");
    return *std::move(origin);
}

std::optional<secret> authorization_in(std::vector<header> const& headers)
{
    auto const found = std::find_if(headers.begin(), headers.end(), gives_token);
    return found == headers.end() ? std::nullopt : std::optional<secret>(found->value);
}

core::backoff::random_function random_of(client_options const& options)
{
    return options.random ? options.random : core::backoff::random_function(core::random_source());
}

/// Nothing is on its way while a call is in one of these.
bool is_a_pause(phase where) noexcept
{
    return where == phase::rate_limit || where == phase::queue || where == phase::retry_wait;
}

/// Longer ones would wrap around.
milliseconds within_range(milliseconds grace) noexcept
{
    return std::clamp(grace, milliseconds(0), milliseconds(std::chrono::hours(24)));
}

/// Woken when the last call has ended, or the time of grace.
struct idle_watcher : private core::timer_entry
{
    using watcher_list = std::list<asio::steady_timer*>;

    idle_watcher(
        asio::any_io_executor const& executor, net::timers& timers, milliseconds grace, watcher_list& list_)
        : timer(executor, net::time_point::max())
        , list(list_)
    {
        timers.arm(*this, timers.now() + grace);
        // Last: it is taken away by a destructor, which a constructor that throws does without.
        place = list.insert(list.end(), &timer);
    }

    idle_watcher(idle_watcher const&) = delete;
    idle_watcher& operator=(idle_watcher const&) = delete;

    ~idle_watcher() override { list.erase(place); }

    void expired() override { timer.cancel(); }

    asio::steady_timer timer;
    watcher_list& list;
    watcher_list::iterator place;
};

} // namespace

bool gives_token(header const& field) noexcept
{
    return core::equal_ignoring_case(field.name, "Authorization") && !field.value.empty();
}

engine::engine(asio::any_io_executor executor, client_options options)
    : executor_(std::move(executor))
    , way_back_(std::make_shared<net::executor_gate>(executor_))
    , options_(checked(std::move(options)))
    , origin_(origin_of(options_))
    , authorization_(authorization_in(options_.headers))
    , template_(origin_, options_)
    , retry_(options_.retry, random_of(options_))
    , gate_(std::make_shared<rate_gate>(options_))
    , sudo_(options_)
    , counters_(std::make_shared<net::counters>())
    , timers_(std::make_shared<net::timers>(executor_, options_.clock))
    , events_(std::make_shared<net::events>(options_.observer, timers_))
    , pool_(std::make_shared<net::pool>(
          executor_, timers_, options_, origin_, counters_, events_, random_of(options_)))
{}

engine::~engine()
{
    way_back_->close();
    // Connections that are being made for nobody would have no limit without the timers.
    pool_->stop();
    timers_->stop();
}

asio::awaitable<result<std::size_t>> engine::warm_up(std::size_t connections, call_options options)
{
    auto const timeout = options.timeout.value_or(options_.limits.call);
    active_call call(shared_from_this(), operation::raw, true, timeout, 1);
    if (auto refused = call.refusal(options))
        co_return *std::move(refused);
    std::size_t ready = 0;
    auto const got = co_await pool_->warm_up(call.dog, connections, ready);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (got.failure && ready == 0)
        co_return call.fail(*got.failure);
    if (cancellation.cancelled() != asio::cancellation_type::none ||
        call.dog.interrupted() == interruption::cancelled)
        co_return call.fail_cancelled(phase::connect);
    if (shut_down_)
        co_return call.fail(net::failure(errc::shut_down, phase::queue, {}, "the client was shut down"));
    call.succeed(0);
    co_return ready;
}

asio::awaitable<void> engine::shutdown(milliseconds grace)
{
    shut_down_ = true;
    auto const self = shared_from_this();
    pool_->stop();
    for (auto& call : active_) {
        if (is_a_pause(call.dog.phase()))
            call.dog.interrupt(interruption::shut_down);
    }
    idle_watcher watcher(executor_, *timers_, within_range(grace), idle_watchers_);
    while (!active_.empty()) {
        boost::system::error_code ec;
        co_await watcher.timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        watcher.timer.expires_after(milliseconds(100));
        if (!active_.empty())
            cancel();
    }
    // Connections that were being made have been interrupted; their coroutines end in the next turns.
    while (pool_->connecting())
        co_await asio::post(executor_, asio::use_awaitable);
}

void engine::cancel()
{
    for (auto& call : active_)
        call.dog.interrupt(interruption::cancelled);
}

void engine::stop()
{
    shut_down_ = true;
    pool_->stop();
    cancel();
}

void engine::retire()
{
    pool_->drain();
}

void engine::context_gone()
{
    shut_down_ = true;
    has_context_ = false;
    way_back_->close();
    pool_->context_gone();
    timers_->stop();
    executor_ = {};
}

client_stats engine::stats() const
{
    client_stats now;
    auto const& from = *counters_;
    now.calls_in_flight = from.calls_in_flight.read();
    now.calls_waiting = from.calls_waiting.read();
    now.connections_idle = from.connections_idle.read();
    now.connections_in_use = from.connections_in_use.read();
    now.connections_connecting = from.connections_connecting.read();
    now.calls_started = from.calls_started.read();
    now.calls_succeeded = from.calls_succeeded.read();
    now.calls_failed = from.calls_failed.read();
    now.calls_cancelled = from.calls_cancelled.read();
    now.requests_sent = from.requests_sent.read();
    now.retries = from.retries.read();
    now.connections_opened = from.connections_opened.read();
    now.connections_reused = from.connections_reused.read();
    now.connections_closed = from.connections_closed.read();
    now.connect_failures = from.connect_failures.read();
    now.tls_handshakes = from.tls_handshakes.read();
    now.tls_handshakes_resumed = from.tls_handshakes_resumed.read();
    now.queue_full = from.queue_full.read();
    now.unexpected_bytes = from.unexpected_bytes.read();
    return now;
}

} // namespace fluxer::auth::call
