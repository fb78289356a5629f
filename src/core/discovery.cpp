#include "core/discovery.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

std::string_view without_blanks_around(std::string_view text) noexcept
{
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// How long the last segment is with its slash, if it is `/v<digits>`; else 0.
std::size_t length_of_version(std::string_view path) noexcept
{
    auto const slash = path.rfind('/');
    if (slash == std::string_view::npos)
        return 0;
    auto const segment = path.substr(slash + 1);
    auto const is_version =
        segment.size() > 1 && segment[0] == 'v' &&
        std::all_of(segment.begin() + 1, segment.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_version ? segment.size() + 1 : 0;
}

void add(std::vector<std::string>& targets, std::string_view prefix)
{
    auto target = std::string(prefix).append(discovery_document);
    if (std::find(targets.begin(), targets.end(), target) == targets.end())
        targets.push_back(std::move(target));
}

std::vector<std::string> targets_below(std::string_view path)
{
    // The document's own address is what some people copy.
    if (path.ends_with(discovery_document))
        path.remove_suffix(discovery_document.size());
    std::vector<std::string> targets;
    add(targets, path);
    add(targets, path.substr(0, path.size() - length_of_version(path)));
    add(targets, "");
    if (path.empty())
        add(targets, "/api");
    return targets;
}

} // namespace

std::optional<discovery_places> find_discovery_places(
    std::string_view typed, std::string& problem, plain_http plain)
{
    std::string url(without_blanks_around(typed));
    if (!url.empty() && url.find("://") == std::string::npos)
        url.insert(0, "https://");
    auto const parsed = parse_origin(url, problem, plain);
    if (!parsed)
        return std::nullopt;
    return discovery_places{to_string(*parsed), parsed->is_plain(), targets_below(parsed->path_prefix)};
}

std::optional<std::string> versioned_api_base(std::string_view url, std::string& problem, plain_http plain)
{
    auto const parsed = parse_origin(url, problem, plain);
    if (!parsed)
        return std::nullopt;
    auto base = to_string(*parsed) + parsed->path_prefix;
    if (length_of_version(parsed->path_prefix) == 0)
        base += "/v1";
    return base;
}

std::optional<std::string> origin_of(std::string_view url, std::string& problem, plain_http plain)
{
    auto const parsed = parse_origin(url, problem, plain);
    return parsed ? std::optional(to_string(*parsed)) : std::nullopt;
}

std::optional<std::string> required_origin(std::string_view api_base)
{
    std::string ignored;
    auto const parsed = parse_origin(api_base, ignored);
    if (!parsed || (parsed->host != "web.fluxer.app" && parsed->host != "web.canary.fluxer.app"))
        return std::nullopt;
    return "https://" + parsed->host;
}

} // namespace fluxer::auth::core
