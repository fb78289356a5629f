#ifndef FLUXER_AUTH_NET_OPENSSL_HPP
#define FLUXER_AUTH_NET_OPENSSL_HPP

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace fluxer::auth::net {

template <auto Free>
struct openssl_deleter
{
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

using ssl_ptr = std::unique_ptr<SSL, openssl_deleter<SSL_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, openssl_deleter<SSL_CTX_free>>;
using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;

} // namespace fluxer::auth::net

#endif
