#include "scripted/tls.hpp"

#include "net/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace fluxer::auth::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, net::openssl_deleter<EVP_PKEY_free>>;

// Nobody makes such parameters any more, so they are kept here.
constexpr std::string_view dh_512 = R"(-----BEGIN DH PARAMETERS-----
MEYCQQCMxZlVnNScLz0m87nNRAAY+jwwEWbOOh2RU0ni8gTOqKuowuR56SmuDNdv
E1ilyqZeGWsJTge+dB+H1XK40N6HAgEC
-----END DH PARAMETERS-----
)";
constexpr std::string_view dh_1024 = R"(-----BEGIN DH PARAMETERS-----
MIGHAoGBAKRRzWVDp8glMwSzzP3bM3jiyB1K1AxF9vATzPEDR59xhm3ekALmSMro
9E6GRa6V1hsvA1xjx3UzVUvu32AeSUH+Q72xxvORswLKEowvY2F8tzMCgrKzYlNc
zoYnxI3MVBlg/OYG0lpKJURjOpgXyaFItHRHczKK02H9OuI36AHHAgEC
-----END DH PARAMETERS-----
)";

void require(bool good, std::string const& what)
{
    if (good)
        return;
    auto const* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    throw std::runtime_error(
        "the test server cannot use " + what + (reason == nullptr ? "" : std::string(": ") + reason));
}

net::bio_ptr bio_of(std::string_view text)
{
    return net::bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int hello_index()
{
    static int const index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

/// The entries of a list whose own length stands in front, each with a length of `width` bytes.
std::string names_in(unsigned char const* data, std::size_t size, std::size_t skip, std::size_t width)
{
    std::string names;
    for (auto at = skip; at + width <= size;) {
        std::size_t length = 0;
        for (std::size_t index = 0; index < width; ++index)
            length = length * 256 + data[at + index];
        at += width;
        if (at + length > size)
            break;
        names += (names.empty() ? "" : ",") + std::string(reinterpret_cast<char const*>(data) + at, length);
        at += length;
        if (width == 2) // of server names only the first counts
            break;
    }
    return names;
}

int on_hello(SSL* ssl, int*, void*)
{
    auto* const seen = static_cast<client_hello*>(SSL_get_ex_data(ssl, hello_index()));
    unsigned char const* data = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) == 1) {
        seen->has_server_name = true;
        seen->server_name = names_in(data, size, 3, 2);
    }
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &data, &size) == 1)
        seen->protocols = names_in(data, size, 2, 1);
    return SSL_CLIENT_HELLO_SUCCESS;
}

int on_alpn(
    SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const* offered,
    unsigned offered_size, void* argument)
{
    auto const& settings = *static_cast<tls_settings const*>(argument);
    if (settings.alpn == tls_settings::alpn_answer::refuse)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    std::string_view const list(reinterpret_cast<char const*>(offered), offered_size);
    auto const entry = static_cast<char>(settings.protocol.size()) + settings.protocol;
    if (settings.alpn == tls_settings::alpn_answer::choose && list.find(entry) == std::string_view::npos)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = reinterpret_cast<unsigned char const*>(settings.protocol.data());
    *size = static_cast<unsigned char>(settings.protocol.size());
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

server_tls::server_tls(tls_settings settings)
    : settings_(std::move(settings))
    , context_(SSL_CTX_new(TLS_server_method()))
{
    net::ssl_ctx_ptr owner(context_);
    ERR_clear_error();
    if (settings_.security_level)
        SSL_CTX_set_security_level(context_, *settings_.security_level);
    use_versions();
    use_identity();
    use_sessions();
    use_alpn();
    use_client_certificates();
    if (settings_.dh_bits != 0)
        use_small_dh();
    SSL_CTX_set_client_hello_cb(context_, on_hello, nullptr);
    static_cast<void>(owner.release());
}

server_tls::~server_tls()
{
    SSL_CTX_free(context_);
}

ssl_st* server_tls::make_ssl(client_hello& seen) const
{
    auto* const ssl = SSL_new(context_);
    require(ssl != nullptr, "its settings");
    SSL_set_ex_data(ssl, hello_index(), &seen);
    return ssl;
}

void server_tls::use_identity()
{
    auto const chain = bio_of(settings_.who.chain);
    auto const key_text = bio_of(settings_.who.key);
    net::x509_ptr const leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
    key_ptr const key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    require(leaf && SSL_CTX_use_certificate(context_, leaf.get()) == 1, "the certificate");
    require(key && SSL_CTX_use_PrivateKey(context_, key.get()) == 1, "the key");
    while (net::x509_ptr const next{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)})
        require(SSL_CTX_add1_chain_cert(context_, next.get()) == 1, "the chain");
    // As it is: OpenSSL would complete it from what it trusts.
    SSL_CTX_set_mode(context_, SSL_MODE_NO_AUTO_CHAIN);
    ERR_clear_error();
}

void server_tls::use_versions()
{
    SSL_CTX_set_min_proto_version(context_, settings_.least_version);
    SSL_CTX_set_max_proto_version(context_, settings_.most_version);
    if (!settings_.ciphers.empty())
        require(SSL_CTX_set_cipher_list(context_, settings_.ciphers.c_str()) == 1, "the ciphers");
    if (!settings_.ciphersuites.empty())
        require(SSL_CTX_set_ciphersuites(context_, settings_.ciphersuites.c_str()) == 1, "the cipher suites");
    if (!settings_.groups.empty())
        require(SSL_CTX_set1_groups_list(context_, settings_.groups.c_str()) == 1, "the groups");
    if (!settings_.signature_algorithms.empty())
        require(
            SSL_CTX_set1_sigalgs_list(context_, settings_.signature_algorithms.c_str()) == 1,
            "the signature algorithms");
}

void server_tls::use_sessions()
{
    static constexpr std::array<unsigned char, 6> session_context{'f', 'l', 'u', 'x', 'e', 'r'};
    SSL_CTX_set_session_id_context(context_, session_context.data(), session_context.size());
    SSL_CTX_set_num_tickets(context_, settings_.tickets);
    if (settings_.tickets == 0)
        SSL_CTX_set_options(context_, SSL_OP_NO_TICKET);
    if (!settings_.session_ids)
        SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
}

void server_tls::use_alpn()
{
    if (settings_.alpn != tls_settings::alpn_answer::none)
        SSL_CTX_set_alpn_select_cb(context_, on_alpn, &settings_);
}

void server_tls::use_client_certificates()
{
    if (!settings_.ask_for_certificate && !settings_.require_certificate)
        return;
    auto const text = bio_of(settings_.client_authority);
    net::x509_ptr const issuer(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    require(
        issuer && X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), issuer.get()) == 1,
        "the authority of client certificates");
    auto const required = settings_.require_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | required, nullptr);
}

void server_tls::use_small_dh()
{
    // OpenSSL refuses to be so weak, whatever its level.
    SSL_CTX_set_security_callback(
        context_, [](SSL const*, SSL_CTX const*, int, int, int, void*, void*) { return 1; });
    auto const text = bio_of(settings_.dh_bits == 512 ? dh_512 : dh_1024);
    key_ptr parameters(PEM_read_bio_Parameters(text.get(), nullptr));
    require(
        parameters && SSL_CTX_set0_tmp_dh_pkey(context_, parameters.get()) == 1,
        "Diffie-Hellman with " + std::to_string(settings_.dh_bits) + " bits");
    static_cast<void>(parameters.release());
}

} // namespace fluxer::auth::test
