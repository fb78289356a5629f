#ifndef FLUXER_AUTH_TEST_SANDBOX_SOFT_PASSKEY_HPP
#define FLUXER_AUTH_TEST_SANDBOX_SOFT_PASSKEY_HPP

#include <boost/json/object.hpp>
#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox_test {

/// An authenticator with one ES256 credential.
class soft_passkey
{
public:
    soft_passkey();

    std::vector<unsigned char> spki() const;
    std::vector<unsigned char> cose() const;

    struct options
    {
        options() = default;
        std::string rp_id = "web.fluxer.test";
        std::string origin = "https://web.fluxer.test";
        unsigned char flags = 0x05; // user present and verified
        std::uint32_t counter = 1;
    };

    /// AuthenticationResponseJSON for a challenge.
    boost::json::object sign(std::string_view challenge, options const& how) const;

    static constexpr char const* credential_id = "c2FuZGJveC1jcmVkZW50aWFs";

private:
    std::shared_ptr<EVP_PKEY> key_;
};

} // namespace sandbox_test

#endif
