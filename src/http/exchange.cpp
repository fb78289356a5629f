#include "http/exchange.hpp"

#include <boost/asio/post.hpp>

#include <openssl/crypto.h>

#include <utility>

namespace fluxer::auth::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using net::interruption;
using net::tls_step;

/// The state of one exchange, so that its steps need not pass it around.
class exchange_run
{
public:
    exchange_run(
        net::connection& connection, limit_options const& limits, reader_limits const& reader,
        net::watchdog& dog, std::span<char> scratch, exchange_listener& listener, exchange_outcome& outcome)
        : connection_(connection)
        , limits_(limits)
        , reader_(reader)
        , dog_(dog)
        , scratch_(scratch)
        , listener_(listener)
        , outcome_(outcome)
    {}

    /// Goes as far as it can without waiting. What to wait for, or `done`: it is over.
    tls_step advance(std::string_view& request)
    {
        if (!sent_) {
            if (auto const wanted = write(request); wanted != tls_step::done)
                return wanted;
            if (!sent_)
                return tls_step::done;
            dog_.enter(phase::first_byte, limits_.first_byte, connection_);
            // The answer has not come yet, most likely: the first look at the socket would be in vain.
            if (!write_failure_ && !connection_.stream.has_unread())
                return tls_step::want_read;
        }
        return read();
    }

    /// What a wait came to. A limit or cancellation that came together with the socket's readiness is an error too: it
    /// will not come again. False: it is over.
    bool waited(error_code ec, asio::cancellation_state const& cancellation)
    {
        if (dog_.interrupted() != interruption::none ||
            cancellation.cancelled() != asio::cancellation_type::none)
            ec = asio::error::operation_aborted;
        if (!ec)
            return true;
        give_up(sent_ ? current_phase() : phase::send, ec);
        over();
        return false;
    }

private:
    tls_step write(std::string_view& request)
    {
        while (!request.empty() && dog_.interrupted() == interruption::none) {
            std::size_t size = 0;
            auto const step = connection_.stream.write(request, size);
            if (step == tls_step::done) {
                outcome_.sent_any = true;
                request.remove_prefix(size);
                continue;
            }
            if (step == tls_step::failed || step == tls_step::closed) {
                // The server may have answered, with 401 or 413, before it closed: the answer tells more than the
                // failed write (trap T30). A TLS failure has no answer behind it.
                write_failure_ = lost(phase::send);
                dog_.leave();
                sent_ = connection_.stream.failure().code == errc::connection_lost;
                if (!sent_)
                    outcome_.failure = std::exchange(write_failure_, std::nullopt);
                return tls_step::done;
            }
            // TLS takes whole records or none: once a write waits for room, part of it may have left.
            outcome_.sent_any = outcome_.sent_any || step == tls_step::want_write;
            // Most requests never wait, and need no timer.
            if (!std::exchange(write_waits_, true))
                dog_.enter(phase::send, limits_.send, connection_);
            return step;
        }
        dog_.leave();
        if (dog_.interrupted() != interruption::none) {
            give_up(phase::send, asio::error::operation_aborted);
            return tls_step::done;
        }
        sent_ = true;
        listener_.request_sent();
        return tls_step::done;
    }

    tls_step read()
    {
        for (;;) {
            std::size_t size = 0;
            auto const step = connection_.stream.read(scratch_, size);
            if (step == tls_step::want_read || step == tls_step::want_write)
                return step;
            if (finished(step, size))
                break;
            dog_.enter(current_phase(), limits_.read_idle, connection_);
        }
        over();
        return tls_step::done;
    }

    void over()
    {
        dog_.leave();
        outcome_.received_any = reader_.started();
    }

    /// Takes in what one read came to; true if that was the end.
    bool finished(tls_step step, std::size_t size)
    {
        auto state = reader_state::need_more;
        if (step == tls_step::done) {
            auto const first = !reader_.started();
            auto const bytes = scratch_.first(size);
            state = reader_.feed({bytes.data(), bytes.size()});
            OPENSSL_cleanse(bytes.data(), bytes.size());
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

    void complete()
    {
        outcome_.reusable = reader_.reusable() && !write_failure_;
        outcome_.surplus = reader_.surplus();
        outcome_.keep_alive = reader_.keep_alive();
        outcome_.answer = std::move(reader_.answer());
    }

    void explain(tls_step step)
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
        outcome_.failure->remote = connection_.remote;
    }

    auth::phase current_phase() const
    {
        if (!reader_.started())
            return phase::first_byte;
        return reader_.in_body() ? phase::body : phase::header;
    }

    net::failure lost(auth::phase where) const
    {
        auto const& cause = connection_.stream.failure();
        net::failure why(cause.code, where, cause.cause, cause.message);
        why.remote = connection_.remote;
        return why;
    }

    /// What a wait that failed means: a limit, a cancellation, or a socket that somebody closed.
    void give_up(auth::phase where, error_code const& ec)
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
        why.remote = connection_.remote;
        outcome_.failure = std::move(why);
    }

    net::connection& connection_;
    limit_options const& limits_;
    response_reader reader_;
    net::watchdog& dog_;
    std::span<char> scratch_;
    exchange_listener& listener_;
    exchange_outcome& outcome_;
    std::optional<net::failure> write_failure_;
    bool write_waits_ = false;
    bool sent_ = false; ///< the request, or as much of it as the server took
};

} // namespace

asio::awaitable<void> exchange(
    net::connection& connection, std::string_view request, limit_options const& limits,
    reader_limits const& reader, net::watchdog& dog, std::span<char> scratch, bool crowded,
    exchange_listener& listener, exchange_outcome& outcome)
{
    // One coroutine for all of it: each further one costs a hundredth of a call.
    exchange_run run(connection, limits, reader, dog, scratch, listener, outcome);
    for (auto step = run.advance(request); step != tls_step::done; step = run.advance(request)) {
        error_code ec;
        if (std::exchange(crowded, false) && step == tls_step::want_read)
            co_await asio::post(asio::deferred);
        else
            co_await connection.stream.ready(step, ec);
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (!run.waited(ec, cancellation))
            break;
    }
}

} // namespace fluxer::auth::http
