#include "cli/load_report.hpp"

#include "cli/format.hpp"
#include "cli/table.hpp"

#include <algorithm>

namespace fluxer::auth::cli {

namespace {

std::uint64_t per_second(std::uint64_t count, std::chrono::duration<double> took)
{
    return took.count() > 0 ? static_cast<std::uint64_t>(static_cast<double>(count) / took.count()) : 0;
}

std::string counted_by_server(std::uint64_t count)
{
    return "the sandbox counted " + with_separators(count);
}

table counts_table(load_outcome const& outcome, load_counts const& server)
{
    using std::chrono::duration_cast;
    auto const& stats = outcome.stats;
    auto const requests = stats.requests_sent;
    table rows({align::left, align::right, align::left});
    rows.add_row({"flows", with_separators(outcome.flows), "each: login, list sessions, logout"});
    rows.add_row({"failures", with_separators(outcome.failures)});
    rows.add_row({"requests", with_separators(requests), counted_by_server(server.requests)});
    rows.add_row(
        {"connections opened", with_separators(stats.connections_opened),
         counted_by_server(server.connections)});
    rows.add_row(
        {"reuse", with_decimals(100 * ratio(stats.connections_reused, requests), 1) + " %",
         "of the requests went over a connection that had served before"});
    rows.add_row({"time", duration_text(duration_cast<std::chrono::microseconds>(outcome.took))});
    rows.add_row({"throughput", with_separators(per_second(requests, outcome.took)) + " /s", "requests"});
    rows.add_row({"", with_separators(per_second(outcome.flows, outcome.took)) + " /s", "flows"});
    return rows;
}

table latency_table(load_outcome const& outcome)
{
    table rows({align::left, align::right, align::right});
    rows.add_row({"latency", "p50", "p99"});
    auto const add = [&rows](char const* name, duration_samples const& samples) {
        rows.add_row({name, duration_text(samples.percentile(50)), duration_text(samples.percentile(99))});
    };
    add("flow", outcome.flow_times);
    add("request, with its wait for a connection", outcome.request_times);
    add("request, on its connection", outcome.exchange_times);
    return rows;
}

} // namespace

std::string load_tables(load_outcome const& outcome, load_counts const& server, std::size_t indent)
{
    return counts_table(outcome, server).to_string(indent) + "\n" + latency_table(outcome).to_string(indent);
}

std::string load_complaint(
    load_outcome const& outcome, load_counts const& server, std::size_t flows, std::size_t max_connections)
{
    auto const requests = flows * requests_per_flow;
    auto const opened = std::max(outcome.stats.connections_opened, server.connections);
    if (outcome.failures != 0)
        return with_separators(outcome.failures) + " flows failed, the first: " + outcome.first_failure;
    if (outcome.flows != flows)
        return "only " + with_separators(outcome.flows) + " flows ended";
    if (outcome.stats.requests_sent != requests || server.requests != requests)
        return "requests should be " + with_separators(requests) + ", the client sent " +
               with_separators(outcome.stats.requests_sent) + ", the sandbox got " +
               with_separators(server.requests);
    if (opened > max_connections)
        return with_separators(opened) + " connections were opened, more than " +
               with_separators(max_connections);
    if (outcome.stats.connections_opened != server.connections)
        return "the client opened " + with_separators(outcome.stats.connections_opened) +
               " connections, the sandbox accepted " + with_separators(server.connections);
    return {};
}

} // namespace fluxer::auth::cli
