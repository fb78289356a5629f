#include "support/settings.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::bench {

namespace {

constexpr std::array<std::pair<std::string_view, mode>, 8> mode_names{{
    {"keep-alive", mode::keep_alive},
    {"new-resumed", mode::new_resumed},
    {"new-full", mode::new_full},
    {"idle", mode::idle},
    {"poll", mode::poll},
    {"wait", mode::wait},
    {"shared-client", mode::shared_client},
    {"client-per-thread", mode::client_per_thread},
}};

mode read_mode(std::string_view name)
{
    for (auto const& [known, value] : mode_names) {
        if (known == name)
            return value;
    }
    throw std::runtime_error("no such mode: " + std::string(name));
}

void read_option(settings& into, std::string_view name, std::string const& value)
{
    if (name == "--port")
        into.port = static_cast<unsigned short>(std::stoul(value));
    else if (name == "--ca")
        into.ca_file = value;
    else if (name == "--mode")
        into.mode = read_mode(value);
    else if (name == "--in-flight")
        into.in_flight = std::stoul(value);
    else if (name == "--pollers")
        into.pollers = std::stoul(value);
    else if (name == "--interval")
        into.interval = std::stod(value);
    else if (name == "--warm-up")
        into.warm_up = std::stod(value);
    else if (name == "--seconds")
        into.seconds = std::stod(value);
    else
        throw std::runtime_error("no such option: " + std::string(name));
}

} // namespace

settings read_settings(int count, char const* const* arguments)
{
    settings read;
    for (int index = 1; index < count; index += 2) {
        if (index + 1 == count)
            throw std::runtime_error(std::string(arguments[index]) + " needs a value");
        read_option(read, arguments[index], arguments[index + 1]);
    }
    if (read.port == 0 || read.ca_file.empty() || read.in_flight == 0)
        throw std::runtime_error("--port, --ca and --in-flight are needed, and not zero");
    return read;
}

std::string_view to_string(mode value)
{
    for (auto const& [name, known] : mode_names) {
        if (known == value)
            return name;
    }
    return "?";
}

} // namespace fluxer::auth::bench
