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
};

/// Writes one request and reads its answer. The caller has begun the watchdog's attempt; whatever interrupts it ends
/// this with phase and limit. The connection is not closed here.
///
/// @param scratch for reading; cleansed before this returns
/// @param crowded many others run on this executor: once they have had their turns the answer may be there, and need not
///     be waited for at the cost of two more system calls
boost::asio::awaitable<void> exchange(
    net::connection& connection, std::string_view request, limit_options const& limits,
    reader_limits const& reader, net::watchdog& dog, std::span<char> scratch, bool crowded,
    exchange_listener& listener, exchange_outcome& outcome);

} // namespace fluxer::auth::http

#endif
