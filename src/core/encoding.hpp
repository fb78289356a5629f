#ifndef FLUXER_AUTH_CORE_ENCODING_HPP
#define FLUXER_AUTH_CORE_ENCODING_HPP

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// base64url without padding (RFC 4648 §5), as WebAuthn and the session-id hash use it.
std::string base64url_encode(std::span<unsigned char const> bytes);

/// With padding (RFC 4648 §4), as HTTP and key pins use it.
std::string base64_encode(std::span<unsigned char const> bytes);

/// Accepts no padding, no blanks, and no stray bits in the last character.
std::optional<std::string> base64url_decode(std::string_view text);

/// Upper or lower case, blanks and padding ignored, as people copy TOTP keys (RFC 4648 §6).
std::optional<std::string> base32_decode(std::string_view text);

std::array<unsigned char, 32> sha256(std::string_view bytes);

} // namespace fluxer::auth::core

#endif
