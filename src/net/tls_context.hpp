#ifndef FLUXER_AUTH_NET_TLS_CONTEXT_HPP
#define FLUXER_AUTH_NET_TLS_CONTEXT_HPP

#include "net/openssl.hpp"
#include "net/session_cache.hpp"

#include <fluxer/auth/options.hpp>

#include <string>
#include <vector>

namespace fluxer::auth::net {

/// What all connections of a client share: trust, client certificate, protocol versions. Not changed once made,
/// because OpenSSL lets many threads read it but none write it.
class tls_context
{
public:
    /// @param host the base URL's host, for SNI and verification unless the options name another
    /// @param sessions how many TLS sessions to keep for later connections
    /// Throws exception with errc::invalid_option for files that cannot be used.
    tls_context(tls_options const& options, std::string const& host, std::size_t sessions);
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;

    /// A connection's state, set up for the handshake, which resumes a session where there is one.
    ssl_ptr make_ssl();

    /// Whether the server's key, or one of its verified chain, is among the pins; true if there are none.
    bool accepts_key_of(SSL const* ssl);

    /// A server that ends handshakes because of what they offer does so with each session that it gave: none that is kept
    /// is offered any more.
    void handshake_failed() noexcept;

private:
    bool is_pinned(X509* certificate) const;
    void load_trust(tls_options const& options);
    void load_revocations(std::string const& file);
    void load_client_certificate(tls_options const& options);
    void keep_sessions();

    session_cache sessions_;
    ssl_ctx_ptr context_;
    std::vector<std::string> pins_;
    std::string server_name_;
    bool server_name_is_address_ = false;
    bool verify_ = true;
};

} // namespace fluxer::auth::net

#endif
