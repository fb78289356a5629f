#include "net/tls_context.hpp"

#include "core/encoding.hpp"

#include <fluxer/auth/error.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <new>

namespace fluxer::auth::net {

namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view problem)
{
    std::string reason;
    if (auto const code = ERR_peek_last_error(); code != 0) {
        if (auto const* text = ERR_reason_error_string(code))
            reason = std::string(": ") + text;
    }
    ERR_clear_error();
    error_info info;
    info.code = errc::invalid_option;
    info.phase = phase::validation;
    info.message = std::string(option) + ": " + std::string(problem) + reason;
    throw exception(error(std::move(info)));
}

bool is_address(std::string const& host)
{
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

/// Name and address are what is verified: a connection that did not take them would take anybody's certificate.
void require(int result)
{
    if (result != 1)
        throw std::bad_alloc();
}

int add_certificates(X509_STORE* store, std::string const& pem)
{
    bio_ptr const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio)
        throw std::bad_alloc();
    int count = 0;
    while (x509_ptr const certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(store, certificate.get()) != 1)
            return 0;
        ++count;
    }
    // The end of the text shows as "no start line", which is no error here.
    ERR_clear_error();
    return count;
}

} // namespace

tls_context::tls_context(tls_options const& options, std::string const& host, std::size_t sessions)
    : sessions_(sessions)
    , context_(SSL_CTX_new(TLS_client_method()))
    , pins_(options.pins)
    , server_name_(options.server_name.empty() ? host : options.server_name)
    , server_name_is_address_(is_address(server_name_))
    , verify_(!options.danger_accept_any_certificate)
{
    if (!context_)
        throw std::bad_alloc();
    auto* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Decrypted answers hold tokens; OpenSSL would give them back to the heap as they are.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CLEANSE_PLAINTEXT);
    // Moving buffers: the request's buffer may grow between two tries of the same write. Buffers are released when a
    // connection rests, and not after each record, which would cleanse 16 KiB each time.
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // A record's header and body by one system call.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_verify(context, verify_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    static constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context, http_1_1.data(), static_cast<unsigned>(http_1_1.size()));
    ERR_clear_error();
    keep_sessions();
    if (verify_)
        load_trust(options);
    load_client_certificate(options);
}

ssl_ptr tls_context::make_ssl()
{
    ssl_ptr ssl(SSL_new(context_.get()));
    if (!ssl)
        throw std::bad_alloc();
    SSL_set_connect_state(ssl.get());
    auto* const parameters = SSL_get0_param(ssl.get());
    // A common name is no host's name, whether there are others or not (RFC 9110 §4.3.4).
    X509_VERIFY_PARAM_set_hostflags(
        parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (server_name_is_address_) {
        require(X509_VERIFY_PARAM_set1_ip_asc(parameters, server_name_.c_str()));
    } else {
        // RFC 6066 §3: the server name extension holds names only, never addresses.
        require(static_cast<int>(SSL_set_tlsext_host_name(ssl.get(), server_name_.c_str())));
        require(SSL_set1_host(ssl.get(), server_name_.c_str()));
    }
    if (auto const session = sessions_.take())
        SSL_set_session(ssl.get(), session.get());
    return ssl;
}

void tls_context::keep_sessions()
{
    // Asio's own TLS keeps its callbacks in app_data, so that must not be used (trap T11).
    static int const index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    SSL_CTX_set_ex_data(context_.get(), index, &sessions_);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context_.get(), [](SSL* ssl, SSL_SESSION* session) {
        auto* const cache = static_cast<session_cache*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index));
        cache->put(ssl_session_ptr(session));
        return 1; // the reference is the cache's now
    });
}

void tls_context::load_trust(tls_options const& options)
{
    auto* const store = SSL_CTX_get_cert_store(context_.get());
    if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context_.get(), options.ca_file.c_str()) != 1)
        refuse("tls.ca_file", "cannot use '" + options.ca_file + "' as a PEM file of certificates");
    if (!options.ca_pem.empty() && add_certificates(store, options.ca_pem) == 0)
        refuse("tls.ca_pem", "holds no PEM certificate");
    if (options.ca_file.empty() && options.ca_pem.empty() &&
        SSL_CTX_set_default_verify_paths(context_.get()) != 1)
        refuse("tls.ca_file", "the system's certificates cannot be used; name a file");
    if (!options.crl_file.empty())
        load_revocations(options.crl_file);
}

void tls_context::load_revocations(std::string const& file)
{
    auto* const store = SSL_CTX_get_cert_store(context_.get());
    auto* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == nullptr)
        throw std::bad_alloc();
    if (X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) < 1)
        refuse("tls.crl_file", "cannot use '" + file + "' as a PEM file of revocation lists");
    // The server's own certificate only: lists of the CAs' CAs are seldom at hand.
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

bool tls_context::accepts_key_of(SSL const* ssl)
{
    // A session was only kept because its first connection had been accepted.
    if (pins_.empty() || SSL_session_reused(ssl) == 1)
        return true;
    if (auto const* const chain = verify_ ? SSL_get0_verified_chain(ssl) : nullptr; chain != nullptr) {
        for (int index = 0; index < sk_X509_num(chain); ++index) {
            if (is_pinned(sk_X509_value(chain, index)))
                return true;
        }
    } else if (auto* const own = SSL_get0_peer_certificate(ssl); own != nullptr && is_pinned(own)) {
        return true;
    }
    sessions_.clear(); // TLS 1.2 has one before this is decided
    return false;
}

void tls_context::handshake_failed() noexcept
{
    sessions_.clear();
}

bool tls_context::is_pinned(X509* certificate) const
{
    unsigned char* encoded = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
    if (size <= 0)
        return false;
    std::string const key(encoded, encoded + size);
    OPENSSL_free(encoded);
    auto const pin = "sha256/" + core::base64_encode(core::sha256(key));
    return std::find(pins_.begin(), pins_.end(), pin) != pins_.end();
}

void tls_context::load_client_certificate(tls_options const& options)
{
    if (options.client_certificate_file.empty() && options.client_key_file.empty())
        return;
    if (options.client_certificate_file.empty() || options.client_key_file.empty())
        refuse("tls.client_certificate_file", "certificate and key go together");
    // Without this, OpenSSL asks for an encrypted key's passphrase on the terminal.
    SSL_CTX_set_default_passwd_cb(context_.get(), [](char*, int, int, void*) { return 0; });
    if (SSL_CTX_use_certificate_chain_file(context_.get(), options.client_certificate_file.c_str()) != 1)
        refuse("tls.client_certificate_file", "cannot use '" + options.client_certificate_file + "'");
    if (SSL_CTX_use_PrivateKey_file(context_.get(), options.client_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        refuse("tls.client_key_file", "cannot use '" + options.client_key_file + "'");
    if (SSL_CTX_check_private_key(context_.get()) != 1)
        refuse("tls.client_key_file", "is not the key of the certificate");
}

} // namespace fluxer::auth::net
