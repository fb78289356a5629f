#ifndef FLUXER_AUTH_WIRE_ALTCHA_HPP
#define FLUXER_AUTH_WIRE_ALTCHA_HPP

#include <fluxer/auth/altcha_challenge.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::wire {

/// altcha_challenge::parse.
std::optional<altcha_challenge> decode_altcha(std::string_view json);

/// The JSON that the server wants back, as ALTCHA's own widget makes it, before it becomes base64.
std::string encode_altcha_solution(altcha_challenge const& challenge, std::uint64_t number);

} // namespace fluxer::auth::wire

#endif
