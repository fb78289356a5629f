#ifndef FLUXER_AUTH_HTTP_EXCHANGE_HPP
#define FLUXER_AUTH_HTTP_EXCHANGE_HPP

#include "http/response_reader.hpp"
#include "net/connection.hpp"
#include "net/failure.hpp"

#include <fluxer/auth/options.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace fluxer::auth::http {

/// Told of an attempt's milestones.
class exchange_listener
{
public:
    virtual void request_sent() = 0;
    virtual void first_byte() = 0;

protected:
    ~exchange_listener() = default;
};

/// One attempt: what happened on one connection.
struct exchange_outcome
{
    std::optional<net::failure> failure; ///< none: `answer` is complete
    wire::answer answer;
    bool sent_any = false;
    bool received_any = false;
    bool lost =
        false; ///< the failure is a connection that ended, not a limit, a cancellation or a bad answer
    bool reusable = false;
    bool surplus = false;
    std::optional<std::chrono::seconds> keep_alive;
    std::optional<unsigned> requests_left;
};

/// Writes one request and reads its answer. The caller has begun the watchdog's attempt; whatever interrupts it ends
/// this with phase and limit. The connection is not closed here. A state machine that somebody else's coroutine steps:
/// a coroutine of its own would cost a hundredth of a call.
class exchange
{
public:
    /// @param scratch for reading; cleansed before each step ends
    /// @param lean the connection's buffers are given back whenever they are empty
    exchange(
        net::connection& connection, std::string_view request, limit_options const& limits,
        reader_limits const& reader, net::watchdog& dog, std::span<char> scratch, bool lean,
        exchange_listener& listener, exchange_outcome& outcome);

    /// Goes as far as it can without waiting. What to wait for, or `done`: it is over.
    net::tls_step advance();

    /// After want_read: nothing is to be waited for but the turns of everybody else on this executor.
    bool gives_way() const noexcept { return gives_way_; }

    /// After want_write: an answer may come as well, and ends the wait.
    bool listens() const noexcept { return listens_; }

    /// What a wait came to. A limit or cancellation that came together with the socket's readiness is an error too: it
    /// will not come again. False: it is over.
    bool waited(boost::system::error_code ec, bool cancelled);

private:
    net::tls_step write();
    net::tls_step listen();
    net::tls_step read();
    void over();

    /// Until something is read or the request sent, the limit of the present phase counts.
    void watch();

    /// Takes in what one read came to; true if that was the end.
    bool finished(net::tls_step step, std::size_t size);
    void complete();
    void explain(net::tls_step step);
    auth::phase current_phase() const;
    net::failure lost(auth::phase where) const;

    /// What a wait that failed means: a limit, a cancellation, or a socket that somebody closed.
    void give_up(auth::phase where, boost::system::error_code const& ec);

    net::connection& connection_;
    std::string_view request_; ///< what is still to be sent
    limit_options const& limits_;
    response_reader reader_;
    net::watchdog& dog_;
    std::span<char> scratch_;
    bool lean_;
    exchange_listener& listener_;
    exchange_outcome& outcome_;
    std::optional<net::failure> write_failure_;
    bool write_waits_ = false;
    bool listens_ = false;
    bool gives_way_ = false;
    bool sent_ = false; ///< the request, or as much of it as the server took
};

} // namespace fluxer::auth::http

#endif
