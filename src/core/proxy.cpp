#include "core/proxy.hpp"

#include "core/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace fluxer::auth::core {

namespace {

/// Without brackets, and without the port behind it.
std::string_view split_port(std::string_view entry, std::string_view& port)
{
    if (entry.starts_with('[')) {
        auto const end = entry.find(']');
        if (end == std::string_view::npos)
            return entry;
        if (entry.substr(end + 1).starts_with(':'))
            port = entry.substr(end + 2);
        return entry.substr(1, end - 1);
    }
    auto const colon = entry.find(':');
    if (colon == std::string_view::npos || entry.find(':', colon + 1) != std::string_view::npos)
        return entry; // none, or an IPv6 address
    port = entry.substr(colon + 1);
    return entry.substr(0, colon);
}

bool covers(std::string_view entry, std::string_view host, std::string_view port)
{
    if (entry == "*")
        return true;
    std::string_view wanted_port;
    auto name = split_port(entry, wanted_port);
    if (!wanted_port.empty() && wanted_port != port)
        return false;
    if (name.starts_with('.'))
        name.remove_prefix(1);
    if (name.empty())
        return false;
    if (host == name)
        return true;
    // An address has no domain above it.
    if (host.find_first_not_of("0123456789.") == std::string_view::npos)
        return false;
    return host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.';
}

int hex_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    auto const small = static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// What is no proper escape stays as it is.
std::string decode_percent(std::string_view text)
{
    std::string decoded;
    for (std::size_t index = 0; index < text.size(); ++index) {
        auto const escape = text[index] == '%' && index + 2 < text.size();
        auto const high = escape ? hex_digit(text[index + 1]) : -1;
        auto const low = escape ? hex_digit(text[index + 2]) : -1;
        if (high < 0 || low < 0) {
            decoded += text[index];
            continue;
        }
        decoded += static_cast<char>(high * 16 + low);
        index += 2;
    }
    return decoded;
}

/// Boost.URL takes a number beyond 65535 for what is left of it in 16 bits.
bool is_port(std::string_view text)
{
    unsigned short port = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, port);
    return read.ec == std::errc() && read.ptr == end && port != 0;
}

std::string first_of(std::string (*read)(char const*), std::initializer_list<char const*> names)
{
    for (auto const* name : names) {
        if (auto value = read(name); !value.empty())
            return value;
    }
    return {};
}

} // namespace

std::optional<proxy_address> parse_proxy(std::string_view url, std::string& problem)
{
    auto text = std::string(url);
    if (text.find("://") == std::string::npos)
        text.insert(0, "http://");
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed) {
        problem = "is not a URL like http://proxy.example:3128";
        return std::nullopt;
    }
    if (parsed->scheme_id() != boost::urls::scheme::http)
        problem = "must begin with http://: the way to the proxy is plain, TLS goes through it";
    else if (parsed->has_userinfo())
        problem = "holds a user or password; they belong into proxy.username and proxy.password";
    else if (parsed->encoded_host().empty() || !is_port(parsed->port()))
        problem = "needs a host and a port, like http://proxy.example:3128";
    else if (
        (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") || parsed->has_query() ||
        parsed->has_fragment())
        problem = "must not have a path, query or fragment";
    if (!problem.empty())
        return std::nullopt;
    proxy_address address;
    address.host = parsed->host_address();
    address.port = parsed->port_number();
    return address;
}

bool bypasses_proxy(std::string_view no_proxy, std::string_view host, unsigned short port)
{
    auto const list = lower_case(no_proxy);
    auto const name = lower_case(host);
    auto const number = std::to_string(port);
    constexpr std::string_view between = ", \t";
    std::string_view rest(list);
    while (!rest.empty()) {
        auto const end = std::min(rest.find_first_of(between), rest.size());
        if (covers(rest.substr(0, end), name, number))
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

proxy_options proxy_from(std::string (*read)(char const* name))
{
    proxy_options options;
    options.no_proxy = first_of(read, {"no_proxy", "NO_PROXY"});
    auto url = first_of(read, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    auto const scheme = url.find("://");
    auto const start = scheme == std::string::npos ? 0 : scheme + 3;
    auto const at = url.rfind('@');
    if (at != std::string::npos && at > start) {
        auto const user = std::string_view(url).substr(start, at - start);
        auto const colon = std::min(user.find(':'), user.size());
        options.username = decode_percent(user.substr(0, colon));
        if (colon < user.size())
            options.password = secret(decode_percent(user.substr(colon + 1)));
        url.erase(start, at + 1 - start);
    }
    options.url = std::move(url);
    return options;
}

} // namespace fluxer::auth::core

namespace fluxer::auth {

proxy_options proxy_options::from_environment()
{
    return core::proxy_from([](char const* name) {
        auto const* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): reads only
        return std::string(value != nullptr ? value : "");
    });
}

} // namespace fluxer::auth
