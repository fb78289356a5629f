#include "http/exchange.hpp"

#include "core/recycled_memory.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace fluxer::auth::http {

namespace asio = boost::asio;
using boost::system::error_code;
using net::interruption;
using net::tls_step;

namespace {

/// Bytes of an answer, for which there may be no memory where they are to go.
class cleansed
{
public:
    explicit cleansed(std::span<char> bytes)
        : bytes_(bytes)
    {}

    cleansed(cleansed const&) = delete;
    cleansed& operator=(cleansed const&) = delete;

    ~cleansed() { core::cleanse(bytes_.data(), bytes_.size()); }

    std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

private:
    std::span<char> bytes_;
};

} // namespace

exchange::exchange(
    net::connection& connection, std::string_view request, limit_options const& limits,
    reader_limits const& reader, net::watchdog& dog, std::span<char> scratch, bool lean,
    exchange_listener& listener, exchange_outcome& outcome)
    : connection_(connection)
    , request_(request)
    , limits_(limits)
    , reader_(reader)
    , dog_(dog)
    , scratch_(scratch)
    , lean_(lean)
    , listener_(listener)
    , outcome_(outcome)
{}

tls_step exchange::advance()
{
    listens_ = false;
    gives_way_ = false;
    if (!sent_) {
        auto const wanted = write();
        if (wanted == tls_step::want_write)
            return listen();
        if (wanted != tls_step::done || !sent_)
            return wanted;
        if (lean_)
            connection_.stream.rest();
        watch();
        // The answer has not come yet, most likely: the first look at the socket would be in vain.
        if (!write_failure_ && !connection_.stream.has_unread())
            return tls_step::want_read;
    }
    return read();
}

bool exchange::waited(error_code ec, bool cancelled)
{
    if (dog_.interrupted() != interruption::none || cancelled)
        ec = asio::error::operation_aborted;
    if (!ec)
        return true;
    give_up(current_phase(), ec);
    over();
    return false;
}

tls_step exchange::write()
{
    while ((!request_.empty() || connection_.stream.has_unsent()) &&
           dog_.interrupted() == interruption::none) {
        std::size_t size = 0;
        auto const step = connection_.stream.write(request_, size);
        if (step == tls_step::done) {
            outcome_.sent_any = true;
            request_.remove_prefix(size);
            continue;
        }
        if (step == tls_step::failed || step == tls_step::closed) {
            outcome_.sent_any = outcome_.sent_any || connection_.stream.has_sent();
            // The server may have answered, with 401 or 413, before it closed: the answer tells more than the
            // failed write (trap T30). A TLS failure has no answer behind it.
            write_failure_ = lost(phase::send);
            dog_.leave();
            sent_ = connection_.stream.failure().code == errc::connection_lost;
            if (!sent_) {
                outcome_.failure = std::exchange(write_failure_, std::nullopt);
                over();
            }
            return tls_step::done;
        }
        // TLS takes whole records or none: once a write waits for room, part of it may have left.
        outcome_.sent_any = outcome_.sent_any || step == tls_step::want_write;
        // Most requests never wait, and need no timer.
        if (!std::exchange(write_waits_, true))
            watch();
        return step;
    }
    dog_.leave();
    if (dog_.interrupted() != interruption::none) {
        give_up(current_phase(), asio::error::operation_aborted);
        over();
        return tls_step::done;
    }
    sent_ = true;
    listener_.request_sent();
    return tls_step::done;
}

// A server may answer while it does not take the request: with 413, and never more of it; with 100 or the beginning of a
// 200, and all of it a moment later. So both go on until the answer is whole.
tls_step exchange::listen()
{
    auto const wanted = read();
    listens_ = wanted == tls_step::want_read && !gives_way_;
    return listens_ ? tls_step::want_write : wanted;
}

tls_step exchange::read()
{
    // Bytes may come for as long as anybody looks: limits, cancellation and other calls need their turns.
    constexpr int reads_in_a_turn = 32;
    for (auto left = reads_in_a_turn; left > 0; --left) {
        std::size_t size = 0;
        auto const step = connection_.stream.read(scratch_, size);
        if (step == tls_step::want_read || step == tls_step::want_write)
            return step;
        if (finished(step, size)) {
            over();
            return tls_step::done;
        }
        watch();
    }
    gives_way_ = true;
    return tls_step::want_read;
}

void exchange::watch()
{
    auto const where = current_phase();
    auto limit = limits_.read_idle;
    if (where == phase::send)
        limit = limits_.send;
    else if (where == phase::first_byte)
        limit = limits_.first_byte;
    dog_.enter(where, limit, connection_);
}

void exchange::over()
{
    dog_.leave();
    if (lean_)
        connection_.stream.rest();
    outcome_.received_any = reader_.started();
}

bool exchange::finished(tls_step step, std::size_t size)
{
    auto state = reader_state::need_more;
    if (step == tls_step::done) {
        auto const first = !reader_.started();
        cleansed const bytes(scratch_.first(size));
        state = reader_.feed(bytes.view());
        if (first)
            listener_.first_byte();
    } else if (step == tls_step::failed && connection_.stream.failure().code != errc::connection_lost) {
        outcome_.failure = lost(current_phase());
        return true;
    } else {
        state = reader_.end_of_stream(step == tls_step::closed);
    }
    if (state == reader_state::need_more)
        return false;
    if (state == reader_state::done)
        complete();
    else
        explain(step);
    return true;
}

void exchange::complete()
{
    outcome_.reusable = reader_.reusable() && sent_ && !write_failure_;
    outcome_.surplus = reader_.surplus();
    outcome_.keep_alive = reader_.keep_alive();
    outcome_.requests_left = reader_.requests_left();
    outcome_.answer = std::move(reader_.answer());
}

void exchange::explain(tls_step step)
{
    if (reader_.problem() == errc::connection_lost) {
        if (write_failure_ && !reader_.started()) {
            outcome_.failure = std::move(write_failure_);
        } else {
            outcome_.failure = lost(current_phase());
            if (step == tls_step::closed || outcome_.failure->message.empty())
                outcome_.failure->message = reader_.message();
            else
                outcome_.failure->message = reader_.message() + " (" + outcome_.failure->message + ")";
        }
        outcome_.lost = true;
        return;
    }
    outcome_.failure.emplace(reader_.problem(), current_phase(), error_code{}, reader_.message());
    outcome_.failure->remote = *connection_.remote;
}

auth::phase exchange::current_phase() const
{
    if (reader_.in_body())
        return phase::body;
    // Behind an interim answer a request is as unsent as before.
    if (!sent_ && !reader_.in_header())
        return phase::send;
    return reader_.started() ? phase::header : phase::first_byte;
}

net::failure exchange::lost(auth::phase where) const
{
    auto const& cause = connection_.stream.failure();
    net::failure why(cause.code, where, cause.cause, cause.message);
    why.remote = *connection_.remote;
    return why;
}

void exchange::give_up(auth::phase where, error_code const& ec)
{
    dog_.leave();
    net::failure why(errc::cancelled, where, ec, "cancelled");
    if (dog_.interrupted() == interruption::timed_out) {
        why.code = errc::timed_out;
        why.cause = {};
        why.message.clear();
        why.limit = dog_.limit();
    } else if (dog_.interrupted() == interruption::shut_down) {
        why.code = errc::shut_down;
        why.message = "the client was shut down";
    }
    why.remote = *connection_.remote;
    outcome_.failure = std::move(why);
}

} // namespace fluxer::auth::http
