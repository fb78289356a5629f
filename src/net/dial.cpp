#include "net/dial.hpp"

#include "net/connector.hpp"
#include "net/tunnel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <new>
#include <utility>

namespace fluxer::auth::net {

namespace {

std::string text_of(asio::ip::tcp::endpoint const& endpoint)
{
    auto const address = endpoint.address().to_string();
    auto const port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

/// The failure of a dial that was ended from outside, or none.
std::optional<failure> interrupted(watchdog const& dog)
{
    if (dog.interrupted() == interruption::none)
        return std::nullopt;
    if (dog.interrupted() == interruption::timed_out) {
        failure why(errc::timed_out, dog.phase(), {}, {});
        why.limit = dog.limit();
        return why;
    }
    return failure(errc::shut_down, dog.phase(), {}, "the client was shut down");
}

} // namespace

pool::dial_place::dial_place(std::shared_ptr<pool> of)
    : of_(std::move(of))
{}

pool::dial_place::~dial_place()
{
    if (!of_)
        return;
    of_->state_.dial_abandoned();
    // Who warms up looks again, unless that went down with the context.
    if (!of_->stopped_)
        of_->wake_growth_watchers();
    of_->publish();
}

pool::dial::dial(pool& of, dial_place& place_of)
    : dog(of.timers_, of.timers_->now(),
          of.limits_.resolve + of.limits_.connect + of.limits_.proxy + of.limits_.tls)
    , number(++of.last_number_)
    , place(place_of)
    , of_(of)
    , place_(of.dials_.insert(of.dials_.end(), this))
{}

pool::dial::~dial()
{
    of_.dials_.erase(place_);
}

pool::dial_step::dial_step(pool const& of, dial& current, event_kind start, event_kind end)
    : of_(of)
    , current_(current)
    , end_(end)
{
    current.phase_start = of.timers_->now();
    of.emit(start, current);
}

pool::dial_step::~dial_step()
{
    if (!ended_)
        of_.emit(end_, current_, failure(errc::cancelled, phase::connect, error_code{}, {}));
}

void pool::dial_step::end(std::optional<failure> const& why)
{
    ended_ = true;
    of_.emit(end_, current_, why);
}

void pool::start_dial()
{
    // Nobody else does if it is the end of a pause that starts it.
    publish();
    try {
        asio::co_spawn(executor_, run_dial(dial_place(shared_from_this())), [](std::exception_ptr) {});
    } catch (...) {
        ++counters_->connect_failures;
        last_failure_ = out_of_memory_;
        throw;
    }
}

asio::awaitable<void> pool::run_dial(dial_place place)
{
    auto const self = shared_from_this();
    std::optional<failure> why;
    try {
        dial current(*this, place);
        if (stopped_)
            why.emplace(errc::shut_down, phase::connect, error_code{}, "the client was shut down");
        else
            why = co_await open(current);
    } catch (std::bad_alloc const&) {
        why = *out_of_memory_;
    } catch (std::exception const& e) {
        why.emplace(errc::connect_failed, phase::connect, error_code{}, e.what());
    }
    if (why && place.hand_over())
        dial_ended(*std::move(why));
}

asio::awaitable<std::optional<failure>> pool::open(dial& current)
{
    dial_step resolving(*this, current, event_kind::resolve_start, event_kind::resolve_end);
    auto found = co_await resolver_.resolve(current.dog, limits_.resolve);
    auto why = interrupted(current.dog);
    if (!why && found.ec)
        why.emplace(errc::resolve_failed, phase::resolve, found.ec, found.message);
    resolving.end(why);
    if (why)
        co_return why;

    found.endpoints = interleave(found.endpoints);
    suspects_.move_back(found.endpoints);
    current.remote = text_of(found.endpoints.front());
    dial_step connecting(*this, current, event_kind::connect_start, event_kind::connect_end);
    auto established =
        co_await connect(executor_, timers_, std::move(found.endpoints), current.dog, limits_.connect);
    why = interrupted(current.dog);
    if (!why && !established.socket)
        why.emplace(errc::connect_failed, phase::connect, established.ec, established.ec.message());
    if (!why) {
        error_code ignored;
        current.remote = text_of(established.remote);
        established.socket->set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    connecting.end(why);
    if (why) {
        why->remote = current.remote;
        co_return why;
    }

    if (proxy_)
        why = co_await tunnel(current, *established.socket);
    if (why) {
        suspects_.failed(established.remote);
        why->remote = current.remote;
        co_return why;
    }

    if (!tls_) {
        suspects_.worked(established.remote);
        add_connection(tls_stream(*std::move(established.socket)), current);
        co_return std::nullopt;
    }
    tls_stream stream(std::move(*established.socket), tls_->make_ssl());
    why = co_await handshake(current, stream);
    if (why) {
        suspects_.failed(established.remote);
        why->remote = current.remote;
        co_return why;
    }
    suspects_.worked(established.remote);
    add_connection(std::move(stream), current);
    co_return std::nullopt;
}

asio::awaitable<std::optional<failure>> pool::tunnel(dial& current, asio::ip::tcp::socket& socket)
{
    dial_step tunnelling(*this, current, event_kind::proxy_start, event_kind::proxy_end);
    auto why = co_await open_tunnel(socket, connect_request_.view(), current.dog, limits_.proxy);
    if (auto ended = interrupted(current.dog); ended)
        why = std::move(ended);
    tunnelling.end(why);
    co_return why;
}

asio::awaitable<std::optional<failure>> pool::handshake(dial& current, tls_stream& stream)
{
    struct closer final : public abortable
    {
        explicit closer(tls_stream& of)
            : stream(of)
        {}

        void abort() noexcept override { stream.close(false); }

        tls_stream& stream;
    } on_abort(stream);

    dial_step shaking_hands(*this, current, event_kind::handshake_start, event_kind::handshake_end);
    current.dog.enter(phase::tls, limits_.tls, on_abort);
    std::optional<failure> why;
    for (;;) {
        if (why = interrupted(current.dog); why)
            break;
        auto const step = stream.handshake();
        if (step == tls_step::done) {
            if (!tls_->accepts_key_of(stream.native()))
                why.emplace(
                    errc::tls_untrusted, phase::tls, error_code{},
                    "none of the certificates' keys is among tls.pins");
            break;
        }
        if (step == tls_step::failed) {
            auto const& cause = stream.failure();
            why.emplace(
                cause.code == errc::connection_lost ? errc::tls_failed : cause.code, phase::tls, cause.cause,
                cause.code == errc::connection_lost
                    ? "the connection ended in the TLS handshake: " + cause.message
                    : cause.message);
            break;
        }
        if (step == tls_step::closed) {
            why.emplace(errc::tls_failed, phase::tls, error_code{}, "the server ended the TLS handshake");
            break;
        }
        error_code ec;
        co_await stream.ready(step, ec);
    }
    current.dog.leave();
    if (why)
        tls_->handshake_failed();
    shaking_hands.end(why);
    co_return why;
}

void pool::remember(failure why) noexcept
{
    try {
        last_failure_ = std::make_shared<failure const>(std::move(why));
    } catch (...) {
        last_failure_ = out_of_memory_;
    }
}

void pool::dial_ended(failure why)
{
    ++counters_->connect_failures;
    remember(std::move(why));
    state_.dial_failed();
    wake_growth_watchers();
    publish();
}

void pool::add_connection(tls_stream stream, dial& current)
{
    auto const retire_at = timers_->now() + random_age();
    auto const secured = !stream.is_plain();
    auto const resumed = stream.resumed();
    auto const place =
        connections_.emplace(connections_.end(), std::move(stream), current.number, current.remote);
    // From here on nothing throws: the connection is somebody's.
    current.place.hand_over();
    ++counters_->connections_opened;
    if (secured)
        ++counters_->tls_handshakes;
    if (resumed)
        ++counters_->tls_handshakes_resumed;
    auto& added = *place;
    added.place = place;
    added.retire_at = retire_at;
    emit(event_kind::connection_open, current);
    last_failure_.reset();
    // Before it is anybody's: it may be gone afterwards. At once, so that the next one gets the same memory, unless a call
    // that waits has use for the buffers.
    if (state_.waiting() == 0)
        added.stream.rest();
    state_.dial_succeeded(added, timers_->now());
    wake_growth_watchers();
    publish();
}

void pool::wake_growth_watchers() noexcept
{
    for (auto* const timer : growth_watchers_)
        timer->cancel();
}

milliseconds pool::random_age()
{
    auto const age = options_.max_age.count();
    auto const spread = age * options_.max_age_jitter_percent / 100;
    auto const range = static_cast<std::uint64_t>(2 * spread + 1);
    return milliseconds(age - spread + static_cast<std::int64_t>(random_() % range));
}

void pool::emit(event_kind kind, dial const& current, std::optional<failure> const& why) const
{
    event what;
    what.kind = kind;
    what.connection = current.number;
    what.duration = events_->since(current.phase_start);
    what.detail = current.remote;
    if (why) {
        what.code = why->cause ? why->cause : make_error_code(why->code);
        what.detail = why->message;
    }
    events_->emit(what);
}

} // namespace fluxer::auth::net
