#ifndef FLUXER_AUTH_NET_SUSPECT_ADDRESSES_HPP
#define FLUXER_AUTH_NET_SUSPECT_ADDRESSES_HPP

#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace fluxer::auth::net {

/// Addresses that take connections of which nothing comes, as those of a hung process do: who connects first wins every
/// race, so that others would never be tried. Coming last is a delay: where all others take longer than that, they win
/// again.
class suspect_addresses
{
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    /// It was connected to, and its proxy or TLS handshake failed.
    void failed(endpoint const& which);

    void worked(endpoint const& which) noexcept;

    /// Puts them behind all others, the one that failed last at the end.
    void move_back(std::vector<endpoint>& endpoints) const;

private:
    std::vector<endpoint> suspects_; ///< in the order in which they failed
};

} // namespace fluxer::auth::net

#endif
