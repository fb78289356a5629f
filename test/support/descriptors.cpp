#include "support/descriptors.hpp"

#include <boost/test/unit_test.hpp>

#include <charconv>
#include <filesystem>

namespace fluxer::auth::test {

std::map<int, std::string> open_descriptors()
{
    std::map<int, std::string> found;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        auto const target = std::filesystem::read_symlink(entry.path(), gone);
        auto const name = entry.path().filename().string();
        int number = -1;
        std::from_chars(name.data(), name.data() + name.size(), number);
        // The iteration's own descriptor is among them.
        if (!gone && target.string().find("/fd") == std::string::npos)
            found.emplace(number, target.string());
    }
    return found;
}

descriptor_check::descriptor_check()
    : before_(open_descriptors())
{}

descriptor_check::~descriptor_check()
{
    std::string left;
    for (auto const& [number, target] : open_descriptors())
        if (!before_.contains(number))
            left += " " + std::to_string(number) + "=" + target;
    BOOST_CHECK_MESSAGE(left.empty(), "file descriptors left open:" << left);
}

} // namespace fluxer::auth::test
