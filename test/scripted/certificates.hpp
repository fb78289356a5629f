#ifndef FLUXER_AUTH_TEST_SCRIPTED_CERTIFICATES_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_CERTIFICATES_HPP

#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::test {

enum class key_kind { p256, p384, rsa1024, rsa2048, ed25519 };

/// What a certificate says. Times are seconds from now.
struct certificate_options
{
    certificate_options() = default;

    std::string common_name = "localhost";
    /// "DNS:", "IP:", "URI:" or "email:" and the name, which may hold any byte.
    std::vector<std::string> names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    long not_before = -3600;
    long not_after = 86'400;
    key_kind key = key_kind::p256;
    std::string digest = "sha256";
    bool is_authority = false;
    std::string key_usage;          ///< as in OpenSSL's configuration; empty: not said
    std::string extended_key_usage; ///< the same
};

/// A private key and the chain that goes with it, both PEM.
struct identity
{
    std::string key;
    std::string chain;
};

/// What a list of revoked certificates says. Times are seconds from now.
struct revocations
{
    revocations() = default;

    std::vector<std::string> certificates; ///< PEM; of a chain the first counts
    long updated = -3600;
    long expires = 86'400;
};

/// `sha256/` and the base64 of the SHA-256 of the first certificate's public key.
std::string pin_of(std::string const& chain);

/// A certificate authority made for a test.
class authority
{
public:
    authority();
    explicit authority(certificate_options const& options);
    ~authority();
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    std::string pem() const;
    identity issue(certificate_options const& options = {}) const;

    /// What this one has revoked, PEM.
    std::string revoke(revocations const& what) const;

    /// One that this one vouches for, even if the options do not call it an authority.
    std::unique_ptr<authority> issue_authority(certificate_options const& options) const;

    /// One that nobody vouches for.
    static identity self_signed(certificate_options const& options = {});

private:
    struct parts;
    explicit authority(std::unique_ptr<parts> made);

    std::unique_ptr<parts> parts_;
};

} // namespace fluxer::auth::test

#endif
