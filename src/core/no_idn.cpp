// In the place of idn.cpp where the library is built without libidn2.
#include "core/idn.hpp"

namespace fluxer::auth::core {

bool converts_host_names() noexcept
{
    return false;
}

std::optional<std::string> to_ascii_host(std::string_view, std::string& problem)
{
    problem = "has a character that is not ASCII; write an international host name in its xn-- form";
    return std::nullopt;
}

} // namespace fluxer::auth::core
