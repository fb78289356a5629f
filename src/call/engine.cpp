#include "call/engine.hpp"

#include "call/active_call.hpp"
#include "core/options_check.hpp"
#include "core/retry.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

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
    auto origin = core::parse_origin(options.base_url, problem);
    if (!origin)
        throw std::logic_error("an unchecked base_url");
    return *std::move(origin);
}

/// Woken when the last call has ended.
struct idle_watcher
{
    using watcher_list = std::list<asio::steady_timer*>;

    idle_watcher(asio::any_io_executor const& executor, watcher_list& list_)
        : timer(executor)
        , list(list_)
        , place(list.insert(list.end(), &timer))
    {}

    idle_watcher(idle_watcher const&) = delete;
    idle_watcher& operator=(idle_watcher const&) = delete;

    ~idle_watcher() { list.erase(place); }

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
    , counters_(std::make_shared<net::counters>())
    , events_(std::make_shared<net::events>(options_.observer))
    , timers_(std::make_shared<net::timers>(executor_))
    , pool_(std::make_shared<net::pool>(executor_, timers_, options_, origin_, counters_, events_))
{}

engine::~engine()
{
    // Connections that are being made for nobody would have no limit without the timers.
    pool_->stop();
    timers_->stop();
}

asio::awaitable<outcome> engine::execute(wire::request request, call_options options)
{
    auto const timeout = options.timeout.value_or(options_.limits.call);
    active_call call(shared_from_this(), request.operation, request.repeatable, timeout);
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

    auto const bytes = template_.write(request, options);
    outcome result;
    bool again = false;
    do {
        net::lease lease;
        if (!again)
            lease = pool_->checkout();
        if (!lease) {
            call.emit(event_kind::queue_start);
            auto const queued_at = std::chrono::steady_clock::now();
            auto got = co_await pool_->wait(call.dog, again);
            event what;
            what.duration = net::since(queued_at);
            if (got.failure)
                what.code = make_error_code(got.failure->code);
            else if (!got.lease)
                what.code = make_error_code(errc::cancelled);
            call.emit(event_kind::queue_end, what);
            if (got.failure)
                co_return call.fail(*got.failure);
            lease = std::move(got.lease);
        }
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        auto const cancelled = cancellation.cancelled() != asio::cancellation_type::none;
        if (cancelled || call.dog.interrupted() != interruption::none) {
            if (lease)
                lease.give_back();
            if (call.dog.interrupted() == interruption::shut_down)
                co_return call.fail(
                    net::failure(errc::shut_down, phase::queue, {}, "the client was shut down"));
            // The connection came in the same moment as the limit's end, which is not to be taken back.
            if (call.dog.interrupted() == interruption::timed_out)
                co_return call.fail(pool_->explain_timeout(call.dog));
            co_return call.fail_cancelled(phase::queue);
        }
        co_await attempt(call, lease, bytes.view(), result, again);
    } while (again);
    co_return result;
}

asio::awaitable<void> engine::attempt(
    active_call& call, net::lease& lease, std::string_view bytes, outcome& result, bool& again)
{
    core::attempt_facts facts;
    facts.reused = lease->reused();
    facts.repeatable = call.repeatable;
    facts.retried = again;
    again = false;

    ++call.attempts;
    call.attempt_start = std::chrono::steady_clock::now();
    call.connection = lease->number;
    call.remote = lease->remote;
    event start;
    start.detail = call.remote;
    if (facts.reused)
        call.emit(event_kind::connection_reused, start);
    call.emit(event_kind::attempt_start, start);

    http::exchange_outcome got;
    http::reader_limits reader;
    reader.max_header_bytes = options_.max_header_bytes;
    reader.max_body_bytes = options_.max_body_bytes;
    reader.answers_head = bytes.starts_with("HEAD ");
    call.dog.begin_attempt(options_.limits.attempt);
    std::exception_ptr thrown;
    try {
        co_await http::exchange(*lease, bytes, options_.limits, reader, call.dog, scratch_, call, got);
    } catch (...) {
        thrown = std::current_exception();
    }
    call.dog.leave();
    call.dog.end_attempt();
    if (got.sent_any)
        ++counters_->requests_sent;
    if (got.surplus)
        ++counters_->unexpected_bytes;
    lease->keep_alive = got.keep_alive
                            ? std::optional<milliseconds>(*got.keep_alive - std::chrono::seconds(1))
                            : lease->keep_alive;
    call.request_was_sent = call.request_was_sent || got.sent_any;
    call.answer_began = call.answer_began || got.received_any;
    event end;
    end.duration = net::since(call.attempt_start);
    end.status = got.answer.status;
    if (got.failure)
        end.code = make_error_code(got.failure->code);
    call.emit(event_kind::attempt_end, end);

    if (got.reusable && !thrown)
        lease.give_back();
    else
        lease.drop(got.surplus ? core::close_reason::unexpected_bytes : core::close_reason::not_reusable);
    if (thrown)
        std::rethrow_exception(thrown);

    if (got.failure) {
        facts.lost = got.lost;
        facts.sent_any = got.sent_any;
        facts.received_any = got.received_any;
        // A client that was shut down makes no connection any more.
        if (!shut_down_ && core::retry_on_fresh_connection(facts)) {
            again = true;
            ++counters_->retries;
            event why;
            why.detail = "the server had closed the pooled connection";
            call.emit(event_kind::retry, why);
            co_return;
        }
        result.error = call.fail(*got.failure);
        co_return;
    }
    auto info = call.describe();
    info.http_status = got.answer.status;
    info.phase = phase::done;
    auto const good = got.answer.status >= 200 && got.answer.status < 300;
    if (!good && info.operation != operation::raw) {
        wire::decode_error(got.answer, info);
        result.error = call.fail(std::move(info));
        co_return;
    }
    info.request_id = got.answer.headers.find("X-Request-ID");
    result.answer = std::move(got.answer);
    result.context = std::make_shared<error_info>(std::move(info));
    call.succeed(result.answer.status);
}

asio::awaitable<result<std::size_t>> engine::warm_up(std::size_t connections, call_options options)
{
    auto const timeout = options.timeout.value_or(options_.limits.call);
    active_call call(shared_from_this(), operation::raw, true, timeout);
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
        if (call.dog.phase() == phase::queue)
            call.dog.interrupt(interruption::shut_down);
    }
    idle_watcher watcher(executor_, idle_watchers_);
    watcher.timer.expires_after(grace);
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
