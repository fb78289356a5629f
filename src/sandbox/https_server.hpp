#ifndef FLUXER_AUTH_SANDBOX_HTTPS_SERVER_HPP
#define FLUXER_AUTH_SANDBOX_HTTPS_SERVER_HPP

#include "sandbox/certificates.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace fluxer::auth::sandbox_detail {

class engine;

struct server_options
{
    std::string address;
    unsigned short port;
    unsigned threads;
    std::chrono::milliseconds idle_timeout;
    bool plain_http;
};

/// HTTP/1.1, over TLS unless the options say plain HTTP, in front of an engine, with threads of its own. All of Beast and
/// Asio is behind this.
class https_server
{
public:
    /// Listens at once, serves from `start` on.
    /// @throws std::system_error if the address cannot be listened on
    https_server(engine& target, tls_identity const& identity, server_options const& options);

    /// Drops all connections and joins the threads.
    ~https_server();

    https_server(https_server const&) = delete;
    https_server& operator=(https_server const&) = delete;

    void start();
    unsigned short port() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace fluxer::auth::sandbox_detail

#endif
