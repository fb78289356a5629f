#include "sandbox/totp.hpp"

#include "sandbox/crypto.hpp"

#include <cstdint>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::seconds step{30};

} // namespace

std::string totp_code(std::string_view key, time_point at)
{
    auto counter = static_cast<std::uint64_t>(at.time_since_epoch() / step);
    std::string message(8, '\0');
    for (std::size_t i = 8; i-- > 0; counter >>= 8)
        message[i] = static_cast<char>(counter & 0xFFU);
    auto const mac = hmac_sha1(key, message);

    // Dynamic truncation, RFC 4226 section 5.3.
    std::size_t const offset = mac[19] & 0x0FU;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = (value << 8) | mac[offset + i];
    auto const digits = std::to_string((value & 0x7FFFFFFFU) % 1000000U);
    return std::string(6 - digits.size(), '0') + digits;
}

bool totp_matches(std::string_view key, std::string_view code, time_point now)
{
    for (auto const skew : {-step, std::chrono::seconds{0}, step})
        if (equal_in_constant_time(totp_code(key, now + skew), code))
            return true;
    return false;
}

} // namespace fluxer::auth::sandbox_detail
