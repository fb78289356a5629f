#include "sandbox/user_agent.hpp"

#include <array>
#include <span>

namespace fluxer::auth::sandbox_detail {

namespace {

struct mark
{
    std::string_view part;
    std::string_view name;
};

// The order matters: Edge and Opera also name Chrome, Chrome also names Safari, iPhones also name Mac OS X.
constexpr std::array browsers = {
    mark{"Edg/", "Edge"}, mark{"OPR/", "Opera"}, mark{"Firefox/", "Firefox"}, mark{"Chrome/", "Chrome"},
    mark{"Safari/", "Safari"}};
constexpr std::array systems = {
    mark{"Windows", "Windows"}, mark{"iPhone", "iOS"},     mark{"iPad", "iOS"},   mark{"Android", "Android"},
    mark{"CrOS", "Chrome OS"},  mark{"Mac OS X", "macOS"}, mark{"Linux", "Linux"}};

std::string_view first_match(std::span<mark const> marks, std::string_view user_agent)
{
    for (auto const& entry : marks)
        if (user_agent.find(entry.part) != std::string_view::npos)
            return entry.name;
    return "Unknown";
}

bool is_browser_like(std::string_view user_agent)
{
    return user_agent.starts_with("Mozilla/");
}

} // namespace

std::string_view browser_of(std::string_view user_agent)
{
    return is_browser_like(user_agent) ? first_match(browsers, user_agent) : "Unknown";
}

std::string_view system_of(std::string_view user_agent)
{
    return is_browser_like(user_agent) ? first_match(systems, user_agent) : "Unknown";
}

} // namespace fluxer::auth::sandbox_detail
