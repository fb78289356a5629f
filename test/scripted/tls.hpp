#ifndef FLUXER_AUTH_TEST_SCRIPTED_TLS_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_TLS_HPP

#include "scripted/certificates.hpp"

#include <memory>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace fluxer::auth::test {

/// How a server does TLS. Versions are OpenSSL's numbers; zero and empty: OpenSSL's default.
struct tls_settings
{
    tls_settings() = default;

    enum class alpn_answer { none, choose, force, refuse };

    identity who;
    int least_version = 0;
    int most_version = 0;
    std::string ciphers;      ///< of TLS 1.2 and older
    std::string ciphersuites; ///< of TLS 1.3
    std::string groups;
    std::string signature_algorithms;
    std::optional<int> security_level;
    unsigned dh_bits = 0; ///< 512 or 1024; only with a DHE cipher
    alpn_answer alpn = alpn_answer::none;
    std::string protocol = "http/1.1"; ///< chosen if offered, or forced
    std::size_t tickets = 2;           ///< with each full handshake
    bool session_ids = true;           ///< TLS 1.2 sessions may be resumed without ticket
    bool ask_for_certificate = false;
    bool require_certificate = false;
    std::string client_authority; ///< PEM; whom client certificates must come from
};

/// What the client said in the beginning, whether or not the handshake came to an end.
struct client_hello
{
    client_hello() = default;

    std::string server_name;
    bool has_server_name = false;
    std::string protocols; ///< comma-separated
};

/// Settings made ready. One of these for several connections means that they share sessions.
class server_tls
{
public:
    explicit server_tls(tls_settings settings);
    ~server_tls();
    server_tls(server_tls const&) = delete;
    server_tls& operator=(server_tls const&) = delete;

    /// For one connection; the caller frees it. What the client says goes to `seen`, which must outlive it.
    ssl_st* make_ssl(client_hello& seen) const;

private:
    void use_identity();
    void use_versions();
    void use_sessions();
    void use_alpn();
    void use_client_certificates();
    void use_small_dh();

    tls_settings settings_;
    ssl_ctx_st* context_;
};

} // namespace fluxer::auth::test

#endif
