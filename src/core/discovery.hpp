#ifndef FLUXER_AUTH_CORE_DISCOVERY_HPP
#define FLUXER_AUTH_CORE_DISCOVERY_HPP

#include "core/origin.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::core {

inline constexpr std::string_view discovery_document = "/.well-known/fluxer"; ///< contract 1.2

/// Where to look for a discovery document.
struct discovery_places
{
    std::string base_url;             ///< `https://host[:port]`, or `http://` where that is allowed
    bool is_plain = false;            ///< it is `http://`
    std::vector<std::string> targets; ///< in order, e.g. "/.well-known/fluxer"
};

/// From what a person typed: a host, with or without a port, or a URL. Only a URL that says `http://` is taken for one. On
/// failure nothing, and `problem` says why, as parse_origin does.
std::optional<discovery_places> find_discovery_places(
    std::string_view typed, std::string& problem, plain_http plain = plain_http::refused);

/// The base URL of an API as an instance names it, with `/v1` behind it unless its path ends in a version (contract
/// 1.2). On failure nothing, and `problem` says why.
std::optional<std::string> versioned_api_base(
    std::string_view url, std::string& problem, plain_http plain = plain_http::refused);

/// `https://host[:port]` of a URL. On failure nothing, and `problem` says why.
std::optional<std::string> origin_of(
    std::string_view url, std::string& problem, plain_http plain = plain_http::refused);

/// The `Origin` that an API insists on, or nothing: only the official web hosts do (contract 1.3).
std::optional<std::string> required_origin(std::string_view api_base);

} // namespace fluxer::auth::core

#endif
