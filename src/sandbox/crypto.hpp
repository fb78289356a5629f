#ifndef FLUXER_AUTH_SANDBOX_CRYPTO_HPP
#define FLUXER_AUTH_SANDBOX_CRYPTO_HPP

#include <array>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::string_view data);

std::array<unsigned char, 32> hmac_sha256(std::string_view key, std::string_view data);

/// Salted SHA-256: this server has to be quick, and keeps nothing that outlives it.
std::string hash_password(std::string_view password);

bool password_matches(std::string_view password, std::string_view hash);

/// Takes the same time wherever the difference is.
bool equal_in_constant_time(std::string_view left, std::string_view right);

std::string base32_encode(std::string_view bytes);

} // namespace fluxer::auth::sandbox_detail

#endif
