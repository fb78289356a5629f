#ifndef FLUXER_AUTH_TEST_SCRIPTED_SERVER_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_SERVER_HPP

#include "scripted/certificates.hpp"
#include "scripted/peer.hpp"
#include "scripted/tls.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::test {

/// A TLS server on loopback that does exactly what its script says, to each connection in turn. Stops and joins in its
/// destructor.
class scripted_server
{
public:
    using script = std::function<void(peer&)>;
    using tls_choice = std::function<std::shared_ptr<server_tls const>(peer const&)>;

    enum class tls_versions { modern, up_to_1_1 };

    /// @param steps run once for each connection, each on a thread of its own
    scripted_server(identity const& who, script steps, tls_versions versions = tls_versions::modern);

    /// @param addresses of loopback; all get the same port
    /// @param tls asked once for each connection, before its steps; null: the connection stays plain
    scripted_server(std::vector<std::string> const& addresses, tls_choice tls, script steps);

    ~scripted_server();
    scripted_server(scripted_server const&) = delete;
    scripted_server& operator=(scripted_server const&) = delete;

    unsigned short port() const noexcept;
    /// `https://localhost:PORT/v1`
    std::string base_url(std::string_view host = "localhost") const;

    /// Connections are refused until they are listened for again; the port stays ours. Not while it runs with threads
    /// that do the same.
    void refuse_connections();
    void listen_again();

    std::size_t connections() const noexcept { return connections_; }

    std::size_t handshakes() const noexcept { return handshakes_; }

    std::size_t requests() const noexcept { return requests_; }

    /// Whatever waits ends now; no further connection is accepted.
    void stop();

private:
    friend class peer;

    struct parts;
    void listen(std::vector<std::string> const& addresses);
    void accept_all();
    void accept_one(int listener, std::string const& address);

    script script_;
    tls_choice tls_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> handshakes_{0};
    std::atomic<std::size_t> requests_{0};
    std::unique_ptr<parts> parts_;
};

} // namespace fluxer::auth::test

#endif
