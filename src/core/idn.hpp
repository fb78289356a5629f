#ifndef FLUXER_AUTH_CORE_IDN_HPP
#define FLUXER_AUTH_CORE_IDN_HPP

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// Whether this build converts international host names (libidn2); without it none is converted.
bool converts_host_names() noexcept;

/// The ASCII form of a host name in valid UTF-8: UTS #46 and IDNA 2008, nontransitional; what that refuses is tried in
/// the transitional way once more, as curl does. On failure nothing, and `problem` completes the sentence "base_url …".
///
/// The result is lower case, but may be no host name: a full-width slash becomes a slash.
std::optional<std::string> to_ascii_host(std::string_view host, std::string& problem);

} // namespace fluxer::auth::core

#endif
