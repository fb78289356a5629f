#ifndef FLUXER_AUTH_NET_CONNECTOR_HPP
#define FLUXER_AUTH_NET_CONNECTOR_HPP

#include "net/asio.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace fluxer::auth::net {

struct connected
{
    std::optional<asio::ip::tcp::socket> socket;
    asio::ip::tcp::endpoint remote; ///< of the socket; it may not know any more, if it was reset meanwhile
    error_code ec;                  ///< the last address's failure, if no socket
};

/// Alternates address families, keeping the order within each (RFC 8305 §4).
std::vector<asio::ip::tcp::endpoint> interleave(std::vector<asio::ip::tcp::endpoint> const& endpoints);

/// Connects to the first of the endpoints that answers, in their order: each gets a head start of 250 ms over the next
/// (RFC 8305 §5), so that one black-holed address does not eat the whole limit (trap T16).
asio::awaitable<connected> connect(
    asio::any_io_executor executor, std::shared_ptr<timers> timers,
    std::vector<asio::ip::tcp::endpoint> endpoints, watchdog& dog, milliseconds limit);

} // namespace fluxer::auth::net

#endif
