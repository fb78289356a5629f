#ifndef FLUXER_AUTH_SANDBOX_CERTIFICATES_HPP
#define FLUXER_AUTH_SANDBOX_CERTIFICATES_HPP

#include <string>

namespace fluxer::auth::sandbox_detail {

/// PEM texts of a server's identity.
struct tls_identity
{
    std::string ca_certificate;
    std::string certificate;
    std::string private_key;
};

/// A new certificate authority, and a certificate by it for localhost, 127.0.0.1 and ::1. Both P-256.
/// @throws std::runtime_error if OpenSSL fails
tls_identity make_tls_identity();

} // namespace fluxer::auth::sandbox_detail

#endif
