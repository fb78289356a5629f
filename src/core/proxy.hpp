#ifndef FLUXER_AUTH_CORE_PROXY_HPP
#define FLUXER_AUTH_CORE_PROXY_HPP

#include <fluxer/auth/options.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// Where a proxy listens.
struct proxy_address
{
    std::string host; ///< IPv6 addresses without brackets
    unsigned short port = 0;
};

/// Understands `http://host:port`, with `http://` and a final '/' optional. On failure nothing, and `problem`
/// completes the sentence "proxy.url …".
std::optional<proxy_address> parse_proxy(std::string_view url, std::string& problem);

/// Whether NO_PROXY's list names this host: "*", a host, a domain (with or without a dot in front, its subdomains
/// included), an address, each maybe with `:port`; commas and blanks between.
bool bypasses_proxy(std::string_view no_proxy, std::string_view host, unsigned short port);

/// What the usual variables say about HTTPS: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; no_proxy, NO_PROXY.
/// `read` looks one up; empty if it is not set.
proxy_options proxy_from(std::string (*read)(char const* name));

} // namespace fluxer::auth::core

#endif
