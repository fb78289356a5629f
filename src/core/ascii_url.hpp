#ifndef FLUXER_AUTH_CORE_ASCII_URL_HPP
#define FLUXER_AUTH_CORE_ASCII_URL_HPP

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// The URL with its host name in ASCII; nothing else may be international. A host that is ASCII stays as it is. On
/// failure nothing, and `problem` completes the sentence "base_url …", without repeating the URL.
std::optional<std::string> with_ascii_host(std::string_view url, std::string& problem);

} // namespace fluxer::auth::core

#endif
