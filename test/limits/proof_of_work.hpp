#ifndef FLUXER_AUTH_TEST_LIMITS_PROOF_OF_WORK_HPP
#define FLUXER_AUTH_TEST_LIMITS_PROOF_OF_WORK_HPP

#include "core/encoding.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::test {

/// In hexadecimal, as ALTCHA has it.
inline std::string sha256_of(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hash;
    for (auto const byte : core::sha256(text)) {
        hash.push_back(digits[byte >> 4]);
        hash.push_back(digits[byte & 15]);
    }
    return hash;
}

/// CAPTCHA_REQUIRED with a proof of work whose number is at most 10.
inline std::string proof_wanted(std::string const& salt, std::string const& hash)
{
    return R"({"code":"CAPTCHA_REQUIRED","message":"m","captcha_provider":"altcha","altcha_challenge":)"
           R"({"algorithm":"SHA-256","maxnumber":10,"signature":"signed","salt":")" +
           salt + R"(","challenge":")" + hash + "\"}}";
}

} // namespace fluxer::auth::test

#endif
