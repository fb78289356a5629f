#ifndef FLUXER_AUTH_TEST_SUPPORT_PASSKEY_HPP
#define FLUXER_AUTH_TEST_SUPPORT_PASSKEY_HPP

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::test {

/// What an assertion says of itself; each member can be made wrong.
struct assertion_values
{
    assertion_values() = default;

    std::string origin = "https://web.fluxer.test";
    std::string rp_id = "web.fluxer.test";
    std::string user_handle;
    std::uint32_t counter = 0;
    bool user_verified = true;
    bool break_signature = false;
};

/// An authenticator with one ES256 credential.
class passkey
{
public:
    passkey();
    ~passkey();
    passkey(passkey const&) = delete;
    passkey& operator=(passkey const&) = delete;

    /// base64url without padding
    std::string const& credential_id() const { return credential_id_; }

    /// SubjectPublicKeyInfo, DER
    std::vector<unsigned char> public_key() const;

    /// AuthenticationResponseJSON for a challenge.
    boost::json::value sign(std::string_view challenge, assertion_values const& values = {}) const;

private:
    struct key;

    std::string signature_of(std::string_view message) const;

    std::unique_ptr<key> key_;
    std::string credential_id_;
};

} // namespace fluxer::auth::test

#endif
