#include "core/ascii_url.hpp"

#include "core/idn.hpp"
#include "core/origin.hpp"
#include "core/utf8.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

bool is_ascii(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char character) {
        return static_cast<unsigned char>(character) < 0x80;
    });
}

constexpr std::string_view scheme_end = "://";

/// What stands behind "://" and a user name, before a port, path, query or fragment. Of an IPv6 address only a part.
std::string_view host_in(std::string_view url) noexcept
{
    auto authority = url.substr(url.find(scheme_end) + scheme_end.size());
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (auto const at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    return authority.substr(0, authority.find(':'));
}

} // namespace

std::optional<std::string> with_ascii_host(std::string_view url, std::string& problem)
{
    problem.clear();
    // Without a scheme there is no host to look for; the parser says so.
    if (is_ascii(url) || url.find(scheme_end) == std::string_view::npos)
        return std::string(url);
    auto const host = host_in(url);
    auto const before = url.substr(0, static_cast<std::size_t>(host.data() - url.data()));
    auto const behind = url.substr(before.size() + host.size());
    if (!is_valid_utf8(url))
        problem = "is not UTF-8";
    else if (!is_ascii(before) || !is_ascii(behind))
        problem = "has a character that is not ASCII beside its host name";
    if (!problem.empty())
        return std::nullopt;
    auto const converted = to_ascii_host(host, problem);
    if (!converted)
        return std::nullopt;
    // What looks like '/', '@' or ':' may have become it, and would make another URL of this one.
    if (!is_host_name(*converted)) {
        problem = "has a host that is not a valid name or IP address";
        return std::nullopt;
    }
    return std::string(before) + *converted + std::string(behind);
}

} // namespace fluxer::auth::core
