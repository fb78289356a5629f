#ifndef FLUXER_AUTH_CORE_OPTIONS_CHECK_HPP
#define FLUXER_AUTH_CORE_OPTIONS_CHECK_HPP

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/options.hpp>

#include <optional>
#include <vector>

namespace fluxer::auth::core {

/// errc::invalid_option for the first member that breaks its documented range, or nothing. The message names the
/// member, its value and the range; values of headers and secrets are never repeated.
std::optional<error_info> check(client_options const& options);

/// The same for one call, with the member as a field too. A timeout of 0 or less is no error here: such a call times out
/// without I/O.
std::optional<error_info> check(call_options const& options);

/// For the headers of a raw_request.
std::optional<error_info> check(std::vector<header> const& headers);

} // namespace fluxer::auth::core

#endif
