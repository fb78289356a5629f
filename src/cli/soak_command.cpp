#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/interruptible.hpp"
#include "cli/progress_line.hpp"
#include "cli/report.hpp"
#include "cli/soak_report.hpp"

#include <array>
#include <csignal>
#include <iostream>
#include <random>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::array options{
    option_spec{"minutes", "N", "how long, 0.05-10080, decimals allowed (default 2)"},
    option_spec{"callers", "N", "callers at the same time, 1-10000 (default 256)"},
    option_spec{"connections", "N", "connections that they may share, 1-150 (default 32)"},
    option_spec{"seed", "N", "decides faults and calls, 0-4294967295; default: any, which is printed"},
};

soak_options options_of(arguments const& given)
{
    constexpr std::uint64_t most_seed = 4'294'967'295;
    soak_options wanted;
    if (auto const minutes = given.decimal("minutes", 0.05, 10'080))
        wanted.duration = std::chrono::duration_cast<clock::duration>(
            std::chrono::duration<double, std::ratio<60>>(*minutes));
    wanted.callers = given.number("callers", 1, 10'000).value_or(wanted.callers);
    // Four ends each, and those about to be closed, have to be fewer than the usual 1024 descriptors.
    wanted.connections = given.number("connections", 1, 150).value_or(wanted.connections);
    auto const seed = given.number("seed", 0, most_seed);
    wanted.seed = seed ? *seed : std::random_device{}();
    return wanted;
}

void announce(report& out, soak_options const& wanted)
{
    using std::chrono::duration_cast;
    out.heading("A soak of fluxer-auth: its sandbox behind a network that misbehaves");
    out.note(
        with_separators(wanted.callers) + " callers over " + with_separators(wanted.connections) +
        " connections for " + duration_text(duration_cast<std::chrono::microseconds>(wanted.duration)));
    out.note("to have the same calls and faults again: --seed " + std::to_string(wanted.seed));
}

/// @returns the exit status
int conclude(report& out, soak_outcome const& outcome, soak_options const& wanted)
{
    bool const memory = !is_memory_instrumented();
    out.heading("Result");
    out.block(soak_tables(outcome, wanted.connections, out.indent()));
    out.block("\n");
    if (!memory)
        out.note("memory is not judged: this build has a sanitizer, which keeps what was freed");
    auto const complaints = soak_complaints(outcome, wanted.connections, memory);
    for (auto const& each : complaints)
        out.note(each);
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(outcome.took);
    if (!complaints.empty()) {
        out.failed("the soak failed: " + complaints.front());
        return 1;
    }
    if (outcome.interrupted) {
        out.failed("interrupted after " + duration_text(took) + ", nothing was wrong until then");
        return 1;
    }
    out.ok("the soak passed: each call ended once, each answer was its caller's, nothing was sent twice or "
           "left behind");
    return std::cout ? 0 : 1;
}

int run(arguments const& given)
{
    auto wanted = options_of(given);
    std::signal(SIGPIPE, SIG_IGN);
    auto const shows = standard_output();
    report out(std::cout, shows);
    announce(out, wanted);

    sandbox server;
    chaos_proxy proxy(server.port(), chaos_rates{}, wanted.seed);
    soak_outcome outcome(wanted.duration);
    {
        auto const total = static_cast<std::uint64_t>(wanted.duration.count());
        progress_line line(std::cout, shows.interactive, out.indent(), total);
        wanted.on_second = [&line,
                            whole = wanted.duration](clock::duration since_start, soak_ledger const& so_far) {
            auto const text = soak_progress(since_start, whole, so_far);
            line.update(static_cast<std::uint64_t>(since_start.count()), text, clock::now());
        };
        asio::io_context io(1);
        run_interruptible(io, run_soak({server, proxy}, wanted, outcome));
    }
    return conclude(out, outcome, wanted);
}

} // namespace

command const soak_command{
    {"soak", "many calls through a network that misbehaves, for minutes or days", options}, run};

} // namespace fluxer::auth::cli
