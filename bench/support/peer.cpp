#include "support/peer.hpp"

#include <boost/json/serialize.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace fluxer::auth::bench {

int run_peer(
    std::string_view name, int count, char const* const* arguments,
    boost::json::object (*work)(settings const& how))
try {
    std::signal(SIGPIPE, SIG_IGN);
    auto const how = read_settings(count, arguments);
    auto result = work(how);
    result["peer"] = name;
    result["mode"] = to_string(how.mode);
    result["in_flight"] = how.in_flight;
    auto const line = boost::json::serialize(result);
    std::printf("%s\n", line.c_str());
    return 0;

} catch (std::exception const& e) {
    std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(name.size()), name.data(), e.what());
    return 1;
}

void refuse(settings const& how)
{
    throw std::runtime_error("has no mode " + std::string(to_string(how.mode)));
}

} // namespace fluxer::auth::bench
