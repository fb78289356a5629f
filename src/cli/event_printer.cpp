#include "cli/event_printer.hpp"

#include "cli/format.hpp"

#include <iostream>
#include <utility>

namespace fluxer::auth::cli {

namespace {

using clock = std::chrono::steady_clock;

// One zero for all clients of the process, so that their lines can be put side by side.
clock::time_point const process_start = clock::now();

void add(std::string& line, std::string_view word, std::size_t width = 0)
{
    line.append(line.empty() ? "" : "  ").append(word);
    line.append(word.size() < width ? width - word.size() : 0, ' ');
}

} // namespace

std::string event_line(std::string_view who, event const& what, clock::time_point since)
{
    constexpr std::size_t name_width = 7;
    constexpr std::size_t time_width = 8;
    constexpr std::size_t kind_width = 17; // connection_reused
    std::string line;
    add(line, who, name_width);
    add(line, duration_text(std::chrono::duration_cast<std::chrono::microseconds>(what.when - since)),
        time_width);
    add(line, to_string(what.kind), kind_width);
    if (what.call != 0)
        add(line, "call " + std::to_string(what.call) + " " + std::string(to_string(what.operation)));
    if (what.attempt > 1)
        add(line, "attempt " + std::to_string(what.attempt));
    if (what.connection != 0)
        add(line, "connection " + std::to_string(what.connection));
    if (what.duration.count() != 0)
        add(line, "took " + duration_text(what.duration));
    if (what.status != 0)
        add(line, "status " + std::to_string(what.status));
    if (what.code)
        add(line, what.code.message());
    if (!what.detail.empty())
        add(line, printable(what.detail));
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

event_printer::event_printer(std::ostream& out, std::string who)
    : out_(out)
    , who_(std::move(who))
{}

void event_printer::on_event(event const& what)
{
    out_ << event_line(who_, what, process_start) + "\n";
}

std::shared_ptr<observer> printer_if(bool verbose, std::string who)
{
    if (!verbose)
        return nullptr;
    return std::make_shared<event_printer>(std::cerr, std::move(who));
}

} // namespace fluxer::auth::cli
