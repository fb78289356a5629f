#ifndef FLUXER_AUTH_WIRE_API_CODES_HPP
#define FLUXER_AUTH_WIRE_API_CODES_HPP

#include <fluxer/auth/error.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace fluxer::auth::wire {

/// One code of contract 6.5.
struct api_code_row
{
    std::string_view text;
    auth::api_code code = auth::api_code::unknown;
    std::optional<errc> group; ///< nothing: the status decides
};

/// All codes that api_code has a name for.
std::span<api_code_row const> api_codes() noexcept;

/// nullptr for a code that this library does not know.
api_code_row const* find_api_code(std::string_view text) noexcept;

/// What an error with an API body means as far as its status tells.
errc group_of_status(int status) noexcept;

} // namespace fluxer::auth::wire

#endif
