#ifndef FLUXER_AUTH_TEST_SCRIPTED_PEER_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_PEER_HPP

#include "scripted/tls.hpp"

#include <chrono>
#include <cstddef>
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
    /// How the client's side of the connection ended, as far as was read.
    enum class ending { open, closed, reset };

    /// Which connection this is, from 0.
    std::size_t index() const noexcept { return index_; }

    /// The server's address that the client connected to.
    std::string const& address() const noexcept;

    /// Everything that is sent from now on leaves in pieces of so many bytes with a pause behind each.
    void set_pace(std::size_t bytes, std::chrono::milliseconds pause);

    /// TLS. False: it failed. What is read and sent before it is plain.
    bool handshake();

    /// Takes part in the handshake until the server's first words are due, of which only `bytes` are sent; with
    /// `records` instead so many whole records. False: the client has gone.
    bool partial_handshake(std::size_t bytes, std::size_t records);

    bool secured() const noexcept;
    bool resumed() const;

    client_hello const& hello() const noexcept;

    /// The next whole request, header and body; empty: the client has gone or the server stops.
    std::string read_request();

    /// Waits until so many bytes are there that no request has used. False: they don't come.
    bool read_bytes(std::size_t count);

    /// Bytes that came and belong to no request read so far.
    std::string const& unread() const noexcept;

    /// Raw bytes, through TLS after a handshake. False: the client has gone.
    bool send(std::string_view bytes);

    /// Raw bytes below TLS.
    bool send_plain(std::string_view bytes);

    /// Header, length and body of an answer.
    bool respond(int status, std::string_view body, std::string_view extra_headers = {});

    /// Asks for a new handshake (TLS 1.2) or for new keys (TLS 1.3).
    bool renegotiate();
    bool update_keys();
    bool send_tickets(std::size_t count);

    void close_notify();
    void half_close();
    /// The socket is closed with RST.
    void reset();
    /// The socket is closed with FIN, or with RST if the client's bytes were not read.
    void close();

    /// Waits until the client closes its end, and counts what it still sends. False: the server stops, or the limit
    /// ran out.
    bool wait_for_close(std::chrono::milliseconds limit = std::chrono::seconds(60));

    /// Does nothing until the server stops, or for the given time. False: the server stops.
    bool stall(std::chrono::milliseconds limit = std::chrono::hours(1));

    std::size_t requests() const noexcept;
    /// Of what the client said; bytes of an application, not of TLS.
    std::size_t bytes_after_close() const noexcept;
    ending ended() const noexcept;
    bool said_close_notify() const noexcept;

    ~peer();

private:
    friend class scripted_server;

    struct parts;
    peer(scripted_server& server, int descriptor, std::size_t index, std::string address);

    bool fill(std::chrono::steady_clock::time_point end);
    bool flush();
    bool send_all(std::string_view bytes);
    bool read_more(std::chrono::steady_clock::time_point end);
    bool take_decrypted();
    void count_requests();
    int stop_descriptor() const noexcept;

    scripted_server& server_;
    std::size_t index_;
    std::unique_ptr<parts> parts_;
};

} // namespace fluxer::auth::test

#endif
