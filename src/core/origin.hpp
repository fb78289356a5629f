#ifndef FLUXER_AUTH_CORE_ORIGIN_HPP
#define FLUXER_AUTH_CORE_ORIGIN_HPP

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// What becomes of an `http://` URL.
enum class plain_http {
    refused,     ///< whatever the options say
    downgrade,   ///< the same, since what named it came over HTTPS
    not_allowed, ///< refused, with the option's name
    allowed,
};

/// That an option says so.
constexpr plain_http allowed_if(bool option) noexcept
{
    return option ? plain_http::allowed : plain_http::not_allowed;
}

/// The parts of a base URL that matter to connections and requests.
struct origin
{
    std::string scheme;        ///< "https", or "http" where that is allowed
    std::string host;          ///< lower case and ASCII; IPv6 addresses without brackets
    unsigned short port = 443; ///< of `http`: 80 unless given
    bool is_address = false;   ///< host is an IP address: no SNI, and no lookup
    std::string host_header; ///< "host", or "host:port" if it is not the scheme's; IPv6 addresses in brackets
    std::string path_prefix; ///< empty or "/api/v1": never ends in '/'

    bool is_plain() const noexcept { return scheme == "http"; }

    friend bool operator==(origin const&, origin const&) = default;
};

/// `https://host[:port]`
std::string to_string(origin const& of);

/// Understands `https://host[:port][/path]`, and `http://` where that is allowed, in UTF-8 whatever the locale: an
/// international host name is taken in its ASCII form (to_ascii_host), and nothing behind this knows another. On failure
/// nothing, and `problem` completes the sentence "base_url …". It never repeats the URL, which may hold a password.
std::optional<origin> parse_origin(
    std::string_view base_url, std::string& problem, plain_http plain = plain_http::refused);

/// A DNS name of letters, digits, '-' and '_' within the lengths of RFC 1035 §2.3.4, without a dot at the end.
bool is_host_name(std::string_view text) noexcept;

} // namespace fluxer::auth::core

#endif
