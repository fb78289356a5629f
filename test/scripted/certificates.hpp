#ifndef FLUXER_AUTH_TEST_SCRIPTED_CERTIFICATES_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_CERTIFICATES_HPP

#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::test {

/// What a certificate says. Times are seconds from now.
struct certificate_options
{
    certificate_options() = default;

    std::string common_name = "localhost";
    std::vector<std::string> names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    long not_before = -3600;
    long not_after = 86'400;
};

/// A private key and the chain that goes with it, both PEM.
struct identity
{
    std::string key;
    std::string chain;
};

/// A certificate authority made for a test.
class authority
{
public:
    authority();
    ~authority();
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    std::string pem() const;
    identity issue(certificate_options const& options = {}) const;

    /// One that nobody vouches for.
    static identity self_signed(certificate_options const& options = {});

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace fluxer::auth::test

#endif
