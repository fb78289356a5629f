#include "core/origin.hpp"

#include "core/ascii_url.hpp"
#include "core/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace fluxer::auth::core {

namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_base_url = 2048;
constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;
constexpr unsigned short https_port = 443;
constexpr unsigned short http_port = 80;

unsigned short port_of_scheme(origin const& of) noexcept
{
    return of.is_plain() ? http_port : https_port;
}

bool is_label(std::string_view label) noexcept
{
    if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(), [](char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
               is_digit(character) || character == '-' || character == '_';
    });
}

/// From whichever view type this version of Boost.URL returns.
std::string_view view_of(auto const& text) noexcept
{
    return {text.data(), text.size()};
}

/// What can be said better before the URL is parsed than by the parser.
std::string problem_with_characters(std::string_view text)
{
    if (text.empty())
        return "is empty; it must be https://host[:port][/path]";
    if (text.size() > longest_base_url)
        return "is longer than " + std::to_string(longest_base_url) + " characters";
    for (auto const character : text) {
        if (static_cast<unsigned char>(character) <= 0x20 || character == 0x7F)
            return "has a blank or control character";
    }
    return {};
}

std::string take_scheme(urls::url_view url, plain_http plain, origin& into)
{
    into.scheme = "https";
    if (url.scheme_id() == urls::scheme::https)
        return {};
    if (url.scheme_id() != urls::scheme::http)
        return "does not begin with https://";
    into.scheme = "http";
    if (plain == plain_http::allowed)
        return {};
    if (plain == plain_http::not_allowed)
        return "begins with http://, which only the option allow_plain_http allows: "
               "passwords and tokens would travel readable";
    if (plain == plain_http::downgrade)
        return "begins with http://, though the document came over https://";
    return "begins with http://; only https:// is supported";
}

std::string problem_with_parts(urls::url_view url)
{
    if (!url.has_authority())
        return "has no host; it must be https://host[:port][/path]";
    if (url.has_userinfo())
        return "has a user name or password; it must not";
    if (url.has_query())
        return "has a query; it must not";
    if (url.has_fragment())
        return "has a fragment; it must not";
    // Boost 1.81 takes what is neither host nor port for a path: "1.2.3.4x" is host "1.2.3.4" and path "x".
    if (auto const path = view_of(url.encoded_path()); !path.empty() && !path.starts_with('/'))
        return "has a host or port that is not valid";
    return {};
}

std::string take_host(urls::url_view url, origin& into)
{
    switch (url.host_type()) {
    case urls::host_type::ipv4:
    case urls::host_type::ipv6:
        into.host = lower_case(url.host_address());
        into.is_address = true;
        return {};
    case urls::host_type::name:
        break;
    default:
        return "has no host name or IP address that is supported";
    }
    auto const name = view_of(url.encoded_host());
    if (name.empty())
        return "has an empty host";
    if (!is_host_name(name))
        return "has a host that is not a valid name or IP address";
    into.host = lower_case(name);
    return {};
}

std::string take_port(urls::url_view url, origin& into)
{
    into.port = port_of_scheme(into);
    auto const text = view_of(url.port());
    if (text.empty())
        return {};
    auto const* const end = text.data() + text.size();
    auto const [stop, problem] = std::from_chars(text.data(), end, into.port);
    if (problem != std::errc{} || stop != end || into.port == 0)
        return "has a port that is out of its range; it must be 1-65535";
    return {};
}

bool has_odd_segment(std::string_view path) noexcept
{
    // The server routes strictly (contract 1.1), and dots would be resolved by some hops and not by others.
    while (!path.empty()) {
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        if (segment.empty() || segment == "." || segment == "..")
            return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

std::string take_path(urls::url_view url, origin& into)
{
    auto path = view_of(url.encoded_path());
    if (path.ends_with('/'))
        path.remove_suffix(1);
    if (has_odd_segment(path))
        return "has a path with an empty, '.' or '..' segment";
    into.path_prefix = path;
    return {};
}

void make_host_header(urls::url_view url, origin& into)
{
    auto const is_ipv6 = url.host_type() == urls::host_type::ipv6;
    into.host_header = is_ipv6 ? "[" + into.host + "]" : into.host;
    if (into.port != port_of_scheme(into))
        into.host_header += ":" + std::to_string(into.port);
}

} // namespace

bool is_host_name(std::string_view text) noexcept
{
    if (text.size() > longest_name)
        return false;
    for (;;) {
        auto const dot = text.find('.');
        auto const label = text.substr(0, dot);
        if (!is_label(label))
            return false;
        // The system's resolver takes "127.1" and "256.1.1.1" for addresses, and certificates do not.
        if (dot == std::string_view::npos)
            return !std::all_of(label.begin(), label.end(), is_digit);
        text.remove_prefix(dot + 1);
    }
}

std::string to_string(origin const& of)
{
    return of.scheme + "://" + of.host_header;
}

std::optional<origin> parse_origin(std::string_view base_url, std::string& problem, plain_http plain)
{
    problem = problem_with_characters(base_url);
    if (!problem.empty())
        return std::nullopt;
    auto const ascii = with_ascii_host(base_url, problem);
    if (!ascii)
        return std::nullopt;
    auto const url = urls::parse_uri(*ascii);
    if (!url) {
        auto const has_scheme = base_url.find("://") != std::string_view::npos;
        problem = has_scheme ? "is not a valid URL" : "does not begin with https://";
        return std::nullopt;
    }
    origin parsed;
    problem = take_scheme(*url, plain, parsed);
    if (problem.empty())
        problem = problem_with_parts(*url);
    if (problem.empty())
        problem = take_host(*url, parsed);
    if (problem.empty())
        problem = take_port(*url, parsed);
    if (problem.empty())
        problem = take_path(*url, parsed);
    if (!problem.empty())
        return std::nullopt;
    make_host_header(*url, parsed);
    return parsed;
}

} // namespace fluxer::auth::core
