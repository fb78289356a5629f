#ifndef FLUXER_AUTH_CORE_ORIGIN_HPP
#define FLUXER_AUTH_CORE_ORIGIN_HPP

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// The parts of a base URL that matter to connections and requests.
struct origin
{
    std::string scheme; ///< always "https"
    std::string host;   ///< lower case and ASCII; IPv6 addresses without brackets
    unsigned short port = 443;
    bool is_address = false; ///< host is an IP address: no SNI, and no lookup
    std::string host_header; ///< "host", or "host:port" if it is not 443; IPv6 addresses in brackets
    std::string path_prefix; ///< empty or "/api/v1": never ends in '/'

    friend bool operator==(origin const&, origin const&) = default;
};

/// Understands `https://host[:port][/path]`, in UTF-8 whatever the locale: an international host name is taken in its ASCII
/// form (to_ascii_host), and nothing behind this knows another. On failure nothing, and `problem` completes the sentence
/// "base_url …". It never repeats the URL, which may hold a password.
std::optional<origin> parse_origin(std::string_view base_url, std::string& problem);

/// A DNS name of letters, digits, '-' and '_' within the lengths of RFC 1035 §2.3.4, without a dot at the end.
bool is_host_name(std::string_view text) noexcept;

} // namespace fluxer::auth::core

#endif
