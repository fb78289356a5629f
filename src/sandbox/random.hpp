#ifndef FLUXER_AUTH_SANDBOX_RANDOM_HPP
#define FLUXER_AUTH_SANDBOX_RANDOM_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// `length` characters drawn evenly from `alphabet` (2 to 256 characters).
std::string random_text(std::string_view alphabet, std::size_t length);

/// Base-62, the form of all tokens and tickets (contract 2.3).
std::string random_base62(std::size_t length);

std::string random_hex(std::size_t length);

std::string random_digits(std::size_t length);

std::string random_bytes(std::size_t length);

/// Version 4, as in X-Request-ID.
std::string random_uuid();

} // namespace fluxer::auth::sandbox_detail

#endif
