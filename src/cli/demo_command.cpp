#include "cli/commands.hpp"
#include "cli/demo.hpp"
#include "cli/format.hpp"
#include "cli/interruptible.hpp"
#include "cli/sandbox_process.hpp"

#include <array>
#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

namespace {

constexpr std::array options{
    option_spec{"flows", "N", "login flows of the last step, all at once, 1-100000 (default 2000)"},
    option_spec{"connections", "N", "connections that they may share, 1-400 (default 64)"},
    option_spec{"verbose", "", "print every event of the clients to standard error"},
};

demo_options options_of(arguments const& given)
{
    demo_options wanted;
    wanted.flows = given.number("flows", 1, 100'000).value_or(wanted.flows);
    wanted.connections = given.number("connections", 1, 400).value_or(wanted.connections);
    wanted.verbose = given.has("verbose");
    wanted.shows = standard_output();
    return wanted;
}

/// @param server set here, and ended by the caller when the clients have let go of it
asio::awaitable<void> tour(std::optional<sandbox_process>& server, report& out, demo_options wanted)
{
    out.heading("A tour of fluxer-auth against its sandbox");
    auto const begin = std::chrono::steady_clock::now();
    server.emplace();
    out.ok(
        "sandbox: process " + std::to_string(server->id()) + ", " + server->base_url(),
        std::chrono::steady_clock::now() - begin);
    out.note("over TLS, verified against the sandbox's own CA");
    wanted.base_url = server->base_url();
    wanted.ca_pem = server->ca_pem();
    auto const executor = co_await asio::this_coro::executor;
    demo guide(executor, out, std::move(wanted));
    co_await guide.run();
}

int run(arguments const& given)
{
    auto wanted = options_of(given);
    // Output that nobody reads any more must not leave the sandbox's end to chance.
    std::signal(SIGPIPE, SIG_IGN);
    auto const begin = std::chrono::steady_clock::now();
    report out(std::cout, wanted.shows);
    std::optional<sandbox_process> server;
    asio::io_context io(1);
    bool ran = false;
    try {
        ran = run_interruptible(io, tour(server, out, std::move(wanted)));
    } catch (std::exception const& e) {
        out.failed(e.what());
        return 1;
    }
    if (!ran) {
        std::cerr << "interrupted\n";
        return 1;
    }
    out.heading("Result");
    if (!server->stop()) {
        out.failed("the sandbox did not end properly");
        return 1;
    }
    auto const took = std::chrono::steady_clock::now() - begin;
    out.ok("everything worked, and the sandbox has ended", took);
    return std::cout ? 0 : 1;
}

} // namespace

command const demo_command{{"demo", "a tour of the library against a sandbox of its own", options}, run};

} // namespace fluxer::auth::cli
