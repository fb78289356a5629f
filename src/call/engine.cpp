#include "call/engine.hpp"

#include "call/active_call.hpp"
#include "call/ask_governor.hpp"
#include "call/pause.hpp"
#include "call/transport_call.hpp"
#include "core/leaky_buckets.hpp"
#include "core/options_check.hpp"
#include "core/random.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
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

core::backoff::random_function random_of(client_options const& options)
{
    return options.random ? options.random : core::backoff::random_function(core::random_source());
}

/// So many calls at once that one's answer is likely to come while the others have their turns.
constexpr std::size_t crowd = 16;

/// Nothing is on its way while a call is in one of these.
bool is_a_pause(phase where) noexcept
{
    return where == phase::rate_limit || where == phase::queue || where == phase::retry_wait;
}

/// Woken when the last call has ended, or the time of grace.
struct idle_watcher : private core::timer_entry
{
    using watcher_list = std::list<asio::steady_timer*>;

    idle_watcher(
        asio::any_io_executor const& executor, net::timers& timers, milliseconds grace, watcher_list& list_)
        : timer(executor, net::time_point::max())
        , list(list_)
        , place(list.insert(list.end(), &timer))
    {
        timers.arm(*this, timers.now() + grace);
    }

    idle_watcher(idle_watcher const&) = delete;
    idle_watcher& operator=(idle_watcher const&) = delete;

    ~idle_watcher() { list.erase(place); }

    void expired() override { timer.cancel(); }

    asio::steady_timer timer;
    watcher_list& list;
    watcher_list::iterator place;
};

} // namespace

engine::engine(asio::any_io_executor executor, client_options options)
    : executor_(std::move(executor))
    , options_(checked(std::move(options)))
    , origin_(origin_of(options_))
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
    // Connections that are being made for nobody would have no limit without the timers.
    pool_->stop();
    timers_->stop();
}

asio::awaitable<outcome> engine::execute(wire::request const& request, call_options& options)
{
    auto const timeout = options.timeout.value_or(options_.limits.call);
    auto const max_attempts = options.max_attempts.value_or(options_.retry.max_attempts);
    active_call call(shared_from_this(), request.operation, request.repeatable, timeout, max_attempts);
    if (auto bad = core::check(options)) {
        auto info = call.describe();
        info.code = errc::invalid_request;
        info.message = std::move(bad->message);
        co_return call.fail(std::move(info));
    }
    if (shut_down_)
        co_return call.fail(net::failure(errc::shut_down, phase::validation, {}, "the client was shut down"));
    if (call.dog.over()) {
        net::failure late(errc::timed_out, phase::validation, {}, "the time was over before the call began");
        late.limit = call.dog.limit();
        co_return call.fail(late);
    }

    retry_.call_started();
    if (auto remembered = sudo_.token_for(request, options, timers_->now()))
        options.sudo_token = std::move(remembered);
    auto const bytes = template_.write(request, options);
    sending const what{request, options, bytes.view()};
    outcome result;
    auto fresh = false;
    for (;;) {
        auto const next = co_await try_once(call, what, fresh, result);
        if (next == next_step::done)
            break;
        fresh = next == next_step::fresh_connection;
        if (next == next_step::pause) {
            call.permit = {};
            co_await pause(executor_, *timers_, call.dog, phase::retry_wait, call.pause);
            if (auto ended = co_await ended_meanwhile(call, phase::retry_wait)) {
                result.error = std::move(ended);
                break;
            }
        }
    }
    co_return result;
}

asio::awaitable<std::optional<error>> engine::ended_meanwhile(active_call& call, phase where)
{
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    auto why = call.dog.interrupted();
    if (why == interruption::none && cancellation.cancelled() != asio::cancellation_type::none)
        why = interruption::cancelled;
    if (why == interruption::none && shut_down_ && where != phase::queue)
        why = interruption::shut_down;
    switch (why) {
    case interruption::none:
        break;
    case interruption::timed_out: {
        auto late = pool_->explain_timeout(call.dog);
        if (where != phase::queue)
            late = net::failure(errc::timed_out, where, {}, {});
        late.limit = call.dog.limit();
        co_return call.fail(late);
    }
    case interruption::shut_down:
        co_return call.fail(net::failure(errc::shut_down, where, {}, "the client was shut down"));
    case interruption::cancelled:
        co_return call.fail_cancelled(where);
    }
    co_return std::nullopt;
}

asio::awaitable<engine::next_step> engine::try_once(
    active_call& call, sending what, bool fresh, outcome& result)
{
    net::lease lease;
    if (!is_ready(call, what, fresh, lease)) {
        if (auto ended = co_await make_ready(call, what, fresh, lease, result))
            co_return *ended;
    }
    core::attempt_facts facts;
    facts.repeatable = call.repeatable;
    facts.retried = call.repeated_fresh;
    facts.reused = lease && lease->reused();
    http::exchange_outcome got;
    if (lease)
        announce(call, *lease);
    begin_attempt(call);
    call.dog.begin_attempt(options_.limits.attempt);
    std::exception_ptr thrown;
    try {
        if (lease)
            co_await http::exchange(
                *lease, what.bytes, options_.limits, reader_limits(what), call.dog, scratch_,
                counters_->calls_in_flight.read() >= crowd, call, got);
        else
            co_await call::exchange(
                executor_, options_.transport, what.bytes, options_.limits, call.dog, got);
    } catch (...) {
        thrown = std::current_exception();
    }
    call.dog.leave();
    call.dog.end_attempt();
    end_attempt(call, what, got);
    if (lease)
        settle(lease, got, thrown != nullptr);
    if (thrown)
        std::rethrow_exception(thrown);
    co_return conclude(call, facts, got, result);
}

bool engine::is_ready(active_call& call, sending const& what, bool fresh, net::lease& lease)
{
    call.permit = gate_->permit_for(what.request, what.options);
    if (call.permit.is_wanted())
        return false;
    if (options_.transport)
        return true;
    if (!fresh)
        lease = pool_->checkout();
    return static_cast<bool>(lease);
}

asio::awaitable<std::optional<engine::next_step>> engine::make_ready(
    active_call& call, sending what, bool fresh, net::lease& lease, outcome& result)
{
    for (;;) {
        if (call.permit.is_wanted()) {
            if (auto failed = co_await wait_for_permit(call, gate_->mode(what.options))) {
                result.error = std::move(failed);
                co_return next_step::done;
            }
        }
        if (options_.transport)
            co_return std::nullopt;
        if (!fresh)
            lease = pool_->checkout();
        if (!lease) {
            if (auto ended = co_await wait_for_connection(call, fresh, lease, result))
                co_return ended;
        }
        // The governor may have learnt of limits while the call had none to ask about.
        if (call.permit.request().keys.empty())
            call.permit = gate_->permit_for(what.request, what.options);
        if (call.permit.is_stale(timers_->now()))
            call.permit.renew();
        if (call.permit.is_wanted()) {
            // With the connection in hand: given on, it would go round all that wait, whose permits are as old.
            auto const again = co_await ask_governor(executor_, call.permit, call.dog);
            if (again && again->granted)
                call.permit.granted(timers_->now());
        }
        // The connection may have come in the same moment as a limit's end, which is not to be taken back.
        if (auto ended = co_await ended_meanwhile(call, phase::queue)) {
            if (lease)
                lease.give_back();
            result.error = std::move(ended);
            co_return next_step::done;
        }
        if (!call.permit.is_wanted())
            co_return std::nullopt;
        lease.give_back();
    }
}

asio::awaitable<std::optional<error>> engine::wait_for_permit(active_call& call, rate_mode mode)
{
    for (auto told = false;;) {
        auto const answered = co_await ask_governor(executor_, call.permit, call.dog);
        if (auto ended = co_await ended_meanwhile(call, phase::rate_limit))
            co_return ended;
        if (answered.has_error()) {
            auto const& info = answered.error().info();
            co_return call.fail(net::failure(info.code, phase::rate_limit, info.cause, info.message));
        }
        if (answered->granted) {
            call.permit.granted(timers_->now());
            co_return std::nullopt;
        }
        if (mode == rate_mode::fail_fast || answered->wait > call.dog.time_left())
            co_return refuse(call, *answered);
        if (!std::exchange(told, true)) {
            event what;
            what.duration = answered->wait;
            what.detail = answered->bucket;
            call.emit(event_kind::throttled, what);
        }
        co_await pause(
            executor_, *timers_, call.dog, phase::rate_limit,
            std::min(answered->wait, core::leaky_buckets::longest_wait));
        if (auto ended = co_await ended_meanwhile(call, phase::rate_limit))
            co_return ended;
    }
}

error engine::refuse(active_call& call, rate_verdict const& verdict)
{
    auto info = call.describe();
    info.code = errc::rate_limited;
    info.phase = phase::rate_limit;
    info.message = "the limit of " + verdict.bucket + " is used up; nothing was sent";
    info.retry_after = verdict.wait;
    info.rate_limit.emplace();
    info.rate_limit->retry_after = verdict.wait;
    info.rate_limit->global = verdict.bucket == "global";
    return call.fail(std::move(info));
}

asio::awaitable<std::optional<engine::next_step>> engine::wait_for_connection(
    active_call& call, bool fresh, net::lease& lease, outcome& result)
{
    call.emit(event_kind::queue_start);
    auto const queued_at = timers_->now();
    auto waited = co_await pool_->wait(call.dog, fresh);
    event what;
    what.duration = events_->since(queued_at);
    if (waited.failure)
        what.code = make_error_code(waited.failure->code);
    else if (!waited.lease)
        what.code = make_error_code(errc::cancelled);
    call.emit(event_kind::queue_end, what);
    if (waited.failure)
        co_return fail_or_pause(call, call.describe(*waited.failure), result);
    lease = std::move(waited.lease);
    co_return std::nullopt;
}

void engine::begin_attempt(active_call& call)
{
    ++call.attempts;
    call.attempt_start = timers_->now();
    event start;
    start.detail = call.remote;
    call.emit(event_kind::attempt_start, start);
}

void engine::end_attempt(active_call& call, sending const& what, http::exchange_outcome const& got)
{
    if (got.sent_any) {
        ++counters_->requests_sent;
        call.permit.used();
    }
    call.request_was_sent = call.request_was_sent || got.sent_any;
    call.answer_began = call.answer_began || got.received_any;
    auto const took = events_->since(call.attempt_start);
    if (!got.failure) {
        gate_->learn(
            call.permit, what.request, what.options, got.answer, std::chrono::ceil<milliseconds>(took));
        sudo_.learn(what.request, what.options, got.answer, call.attempt_start);
    }
    event end;
    end.duration = took;
    end.status = got.answer.status;
    if (got.failure)
        end.code = make_error_code(got.failure->code);
    call.emit(event_kind::attempt_end, end);
}

void engine::announce(active_call& call, net::connection const& used)
{
    call.connection = used.number;
    call.remote = used.remote;
    if (used.reused()) {
        event start;
        start.detail = call.remote;
        call.emit(event_kind::connection_reused, start);
    }
}

http::reader_limits engine::reader_limits(sending const& what) const
{
    http::reader_limits limits;
    limits.max_header_bytes = options_.max_header_bytes;
    limits.max_body_bytes = options_.max_body_bytes;
    limits.answers_head = what.bytes.starts_with("HEAD ");
    return limits;
}

void engine::settle(net::lease& lease, http::exchange_outcome const& got, bool thrown)
{
    if (got.surplus)
        ++counters_->unexpected_bytes;
    if (got.keep_alive)
        lease->keep_alive = milliseconds(*got.keep_alive) - std::chrono::seconds(1);
    if (got.reusable && !thrown)
        lease.give_back();
    else
        lease.drop(got.surplus ? core::close_reason::unexpected_bytes : core::close_reason::not_reusable);
}

engine::next_step engine::conclude(
    active_call& call, core::attempt_facts facts, http::exchange_outcome& got, outcome& result)
{
    if (!got.failure)
        return conclude_answer(call, std::move(got.answer), result);
    facts.lost = got.lost;
    facts.sent_any = got.sent_any;
    facts.received_any = got.received_any;
    // A client that was shut down makes no connection any more.
    if (!shut_down_ && core::retry_on_fresh_connection(facts)) {
        call.repeated_fresh = true;
        ++counters_->retries;
        event why;
        why.detail = "the server had closed the pooled connection";
        call.emit(event_kind::retry, why);
        return next_step::fresh_connection;
    }
    return fail_or_pause(call, call.describe(*got.failure), result);
}

engine::next_step engine::conclude_answer(active_call& call, wire::answer answer, outcome& result)
{
    auto const good = answer.status >= 200 && answer.status < 300;
    auto const raw = call.what() == operation::raw;
    if (!good && (!raw || core::passes_by_itself(answer.status))) {
        auto failed = call.describe();
        failed.http_status = answer.status;
        failed.phase = phase::done;
        wire::decode_error(answer, failed);
        if (!raw)
            return fail_or_pause(call, std::move(failed), result);
        if (pause_before_next(call, failed))
            return next_step::pause;
    }
    result.answer = std::move(answer);
    result.call = call.answered();
    call.succeed(result.answer.status);
    return next_step::done;
}

engine::next_step engine::fail_or_pause(active_call& call, error_info info, outcome& result)
{
    if (pause_before_next(call, info))
        return next_step::pause;
    result.error = call.fail(std::move(info));
    return next_step::done;
}

bool engine::pause_before_next(active_call& call, error_info const& failed)
{
    if (shut_down_)
        return false;
    ++call.failures;
    core::failed_attempt facts;
    facts.passing = core::passes_by_itself(failed);
    facts.repeatable = call.repeatable;
    facts.failures = call.failures;
    facts.max_attempts = call.max_attempts;
    facts.retry_after = failed.retry_after;
    facts.time_left = call.dog.time_left();
    auto const verdict = retry_.decide(facts);
    event what;
    what.code = make_error_code(failed.code);
    what.status = failed.http_status;
    what.duration = verdict.pause;
    what.detail = verdict.reason;
    if (verdict.again) {
        ++counters_->retries;
        call.pause = verdict.pause;
        call.emit(event_kind::retry, what);
    } else if (verdict.worth_telling) {
        call.emit(event_kind::retry_refused, what);
    }
    return verdict.again;
}

asio::awaitable<result<std::size_t>> engine::warm_up(std::size_t connections, call_options options)
{
    auto const timeout = options.timeout.value_or(options_.limits.call);
    active_call call(shared_from_this(), operation::raw, true, timeout, 1);
    if (shut_down_)
        co_return call.fail(net::failure(errc::shut_down, phase::validation, {}, "the client was shut down"));
    std::size_t ready = 0;
    auto const got = co_await pool_->warm_up(call.dog, connections, ready);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (got.failure && ready == 0)
        co_return call.fail(*got.failure);
    if (cancellation.cancelled() != asio::cancellation_type::none ||
        call.dog.interrupted() == interruption::cancelled)
        co_return call.fail_cancelled(phase::connect);
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
    idle_watcher watcher(executor_, *timers_, grace, idle_watchers_);
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

void engine::retire()
{
    pool_->drain();
}

void engine::context_gone()
{
    shut_down_ = true;
    has_context_ = false;
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
