#include "cli/check.hpp"
#include "cli/commands.hpp"
#include "cli/event_printer.hpp"
#include "cli/interruptible.hpp"

#include <array>
#include <iostream>
#include <utility>

namespace fluxer::auth::cli {

namespace {

constexpr std::array options{
    option_spec{"base-url", "URL", "the server, e.g. https://api.fluxer.app/v1 or https://HOST/api/v1"},
    option_spec{"ca", "FILE", "PEM file of the CAs to trust instead of the system's"},
    option_spec{
        "allow-plain-http", "", "take a base URL that says http://; passwords and tokens travel readable"},
    option_spec{"forwarded-for", "IP", "send X-Forwarded-For, for a server without its reverse proxy"},
    option_spec{"timeout", "SECONDS", "longest time for each call, 1-600 (default 15)"},
    option_spec{"verbose", "", "print every event of the client to standard error"},
};

client_options options_of(arguments const& given)
{
    client_options wanted(given.required("base-url"));
    wanted.tls.ca_file = given.text("ca").value_or("");
    wanted.allow_plain_http = given.has("allow-plain-http");
    if (auto const address = given.text("forwarded-for"))
        wanted.headers.emplace_back("X-Forwarded-For", *address);
    wanted.limits.call = std::chrono::seconds(given.number("timeout", 1, 600).value_or(15));
    wanted.observer = printer_if(given.has("verbose"), "check");
    return wanted;
}

int run(arguments const& given)
{
    auto wanted = options_of(given);
    report out(std::cout, standard_output());
    boost::asio::io_context io(1);
    bool healthy = false;
    try {
        if (!run_interruptible(io, check_server(std::move(wanted), out, healthy))) {
            std::cerr << "interrupted\n";
            return 1;
        }
    } catch (std::exception const& e) {
        out.failed(e.what());
        return 1;
    }
    return healthy ? 0 : 1;
}

} // namespace

command const check_command{{"check", "look whether a server is there and well", options}, run};

} // namespace fluxer::auth::cli
