#ifndef FLUXER_AUTH_TEST_SCRIPTED_SERVER_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_SERVER_HPP

#include "scripted/certificates.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fluxer::auth::test {

class scripted_server;

/// The server's end of one connection, driven step by step by a script on a thread of its own. Every step blocks
/// until it is done, the client is gone or the server stops; none throws for a client that misbehaves.
class peer
{
public:
    /// Which connection this is, from 0.
    std::size_t index() const noexcept { return index_; }

    /// TLS. False: it failed.
    bool handshake();

    bool resumed() const;

    /// The next whole request, header and body; empty: the client has gone or the server stops.
    std::string read_request();

    /// Raw bytes through TLS. False: the client has gone.
    bool send(std::string_view bytes);

    /// Raw bytes below TLS.
    bool send_plain(std::string_view bytes);

    /// Header, length and body of an answer.
    bool respond(int status, std::string_view body, std::string_view extra_headers = {});

    void close_notify();
    void half_close();
    /// The socket is closed with RST.
    void reset();

    /// Waits until the client closes its end. False: the server stops, or the limit ran out.
    bool wait_for_close(std::chrono::milliseconds limit = std::chrono::seconds(60));

    /// Does nothing until the server stops, or for the given time.
    void stall(std::chrono::milliseconds limit = std::chrono::hours(1));

    ~peer();

private:
    friend class scripted_server;

    struct parts;
    peer(scripted_server& server, int descriptor, std::size_t index);

    scripted_server& server_;
    std::size_t index_;
    std::unique_ptr<parts> parts_;
};

/// A TLS server on loopback that does exactly what its script says, to each connection in turn. Stops and joins in its
/// destructor.
class scripted_server
{
public:
    using script = std::function<void(peer&)>;

    enum class tls_versions { modern, up_to_1_1 };

    /// @param steps run once for each connection, each on a thread of its own
    scripted_server(identity const& who, script steps, tls_versions versions = tls_versions::modern);
    ~scripted_server();
    scripted_server(scripted_server const&) = delete;
    scripted_server& operator=(scripted_server const&) = delete;

    unsigned short port() const noexcept;
    /// `https://localhost:PORT/v1`
    std::string base_url(std::string_view host = "localhost") const;

    std::size_t connections() const noexcept { return connections_; }

    std::size_t handshakes() const noexcept { return handshakes_; }

    std::size_t requests() const noexcept { return requests_; }

private:
    friend class peer;

    struct parts;
    void accept_all();

    script script_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> handshakes_{0};
    std::atomic<std::size_t> requests_{0};
    std::unique_ptr<parts> parts_;
};

} // namespace fluxer::auth::test

#endif
