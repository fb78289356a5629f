#ifndef FLUXER_AUTH_SANDBOX_PASSKEY_HPP
#define FLUXER_AUTH_SANDBOX_PASSKEY_HPP

#include <boost/json/object.hpp>
#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

using public_key = std::shared_ptr<EVP_PKEY>;

/// A P-256 key from SubjectPublicKeyInfo DER or from a COSE_Key (RFC 9053, kty EC2, alg ES256); null for
/// anything else.
public_key parse_public_key(std::span<unsigned char const> bytes);

/// ECDSA with SHA-256, signature in DER.
bool verify_es256(public_key const& key, std::string_view message, std::string_view signature);

struct passkey
{
    std::string credential_id; // base64url
    std::string user_handle;   // base64url; empty: any
    public_key key;
    std::uint32_t counter = 0;
};

struct relying_party
{
    std::string id;
    std::string origin;
};

/// The members of an AuthenticationResponseJSON that the signature covers, decoded.
struct assertion
{
    std::string client_data;
    std::string authenticator_data;
    std::string signature;
    std::string user_handle; // still base64url
};

/// Empty if a member is missing or not base64url.
std::optional<assertion> parse_assertion(boost::json::object const& response);

enum class assertion_verdict { accepted, rejected, counter_not_increased };

/// Checks type, challenge, origin, relying party, user presence and verification, signature and counter
/// (WebAuthn section 7.2); moves the counter of `credential` on when accepted.
assertion_verdict verify_assertion(
    assertion const& proof, passkey& credential, relying_party const& party, std::string_view challenge);

} // namespace fluxer::auth::sandbox_detail

#endif
