#ifndef FLUXER_AUTH_NET_TUNNEL_HPP
#define FLUXER_AUTH_NET_TUNNEL_HPP

#include "core/origin.hpp"
#include "core/secret_buffer.hpp"
#include "net/asio.hpp"
#include "net/failure.hpp"
#include "net/watchdog.hpp"

#include <fluxer/auth/options.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string_view>

namespace fluxer::auth::net {

/// What asks a proxy for a way to the origin (RFC 9110 §9.3.6).
core::secret_buffer connect_request(proxy_options const& options, core::origin const& origin);

/// Sends it and reads the answer, not a byte beyond it. Nothing: the socket leads to the origin now. Otherwise it is of
/// no further use. Whatever interrupts the watchdog ends this.
asio::awaitable<std::optional<failure>> open_tunnel(
    asio::ip::tcp::socket& socket, std::string_view request, watchdog& dog, milliseconds limit);

} // namespace fluxer::auth::net

#endif
