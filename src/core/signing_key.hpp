#ifndef FLUXER_AUTH_CORE_SIGNING_KEY_HPP
#define FLUXER_AUTH_CORE_SIGNING_KEY_HPP

#include <fluxer/auth/secret.hpp>

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// A key pair of P-256 for ES256. OpenSSL cleanses it when the last copy is gone.
class signing_key
{
public:
    /// A fresh one. Throws std::runtime_error if OpenSSL cannot make it.
    signing_key();

    /// From what `exported` gave; nothing if it is anything else.
    static std::optional<signing_key> imported(std::string_view der);

    /// The private key in DER.
    secret exported() const;

    /// The COSE_Key (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
    std::string public_cose() const;

    /// ECDSA with SHA-256, in DER. Throws std::runtime_error if OpenSSL cannot.
    std::string sign(std::string_view message) const;

private:
    explicit signing_key(std::shared_ptr<EVP_PKEY> pair);

    std::shared_ptr<EVP_PKEY> pair_;
};

} // namespace fluxer::auth::core

#endif
