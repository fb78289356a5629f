#include "cli/soak_report.hpp"

#include "cli/format.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

namespace fluxer::auth::cli {

namespace {

using clock = std::chrono::steady_clock;

std::string percent(std::uint64_t part, std::uint64_t whole)
{
    return with_decimals(100 * ratio(part, whole), 1) + " %";
}

std::string per_minute(std::uint64_t count, std::chrono::duration<double> took)
{
    auto const rate = took.count() > 0 ? 60 * static_cast<double>(count) / took.count() : 0.0;
    return with_separators(static_cast<std::uint64_t>(rate));
}

/// E.g. "1:05"; the minutes go on beyond 59.
std::string minutes_text(clock::duration duration)
{
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    char text[32];
    auto const size = std::snprintf(
        text, sizeof text, "%lld:%02lld", static_cast<long long>(seconds / 60),
        static_cast<long long>(seconds % 60));
    return {text, static_cast<std::size_t>(size)};
}

table calls_table(soak_ledger const& ledger)
{
    table rows({align::left, align::right, align::right, align::right, align::right, align::right});
    rows.add_row({"calls", "begun", "succeeded", "refused", "failed", "cancelled"});
    auto const add = [&rows](std::string name, soak_ledger::counts const& count) {
        rows.add_row(
            {std::move(name), with_separators(count.started), with_separators(count.succeeded),
             with_separators(count.refused), with_separators(count.failed),
             with_separators(count.cancelled)});
    };
    for (std::size_t i = 0; i < soak_calls; ++i) {
        auto const what = static_cast<soak_call>(i);
        add(std::string(traits_of(what).name), ledger.of(what));
    }
    add("all", ledger.total());
    return rows;
}

table failures_table(soak_ledger const& ledger)
{
    table rows({align::left, align::right, align::right});
    rows.add_row({"failed calls", "", "of all"});
    for (auto const& [code, count] : ledger.failures())
        rows.add_row(
            {make_error_code(code).message(), with_separators(count),
             percent(count, ledger.total().started)});
    return rows;
}

table faults_table(soak_outcome const& outcome)
{
    table rows({align::left, align::right, align::right});
    rows.add_row({"faults of the network", "", "a minute"});
    for (std::size_t i = 0; i < chaos_kinds; ++i) {
        auto const kind = static_cast<chaos_kind>(i);
        auto const count = outcome.chaos.of(kind);
        rows.add_row({std::string(to_string(kind)), with_separators(count), per_minute(count, outcome.took)});
    }
    return rows;
}

table connections_table(soak_outcome const& outcome)
{
    auto const& stats = outcome.stats;
    table rows({align::left, align::right, align::left});
    rows.add_row({"connections", with_separators(outcome.chaos.accepted), "accepted by the proxy"});
    rows.add_row({"", with_separators(stats.connections_opened), "opened by the client, handshake done"});
    rows.add_row({"", with_separators(stats.tls_handshakes_resumed), "of them resumed a TLS session"});
    rows.add_row({"", with_separators(stats.connections_closed), "closed"});
    rows.add_row({"", with_separators(stats.connect_failures), "could not be made"});
    rows.add_row({"requests", with_separators(stats.requests_sent), "sent by the client, at least partly"});
    rows.add_row({"", with_separators(outcome.server.requests), "received by the sandbox"});
    rows.add_row({"", with_separators(stats.retries), "of them repetitions"});
    return rows;
}

table latency_table(duration_histogram const& latency)
{
    table rows({align::left, align::right, align::right, align::right, align::right, align::right});
    rows.add_row({"latency", "p50", "p90", "p99", "p99.9", "max"});
    rows.add_row(
        {"answered calls", duration_text(latency.percentile(50)), duration_text(latency.percentile(90)),
         duration_text(latency.percentile(99)), duration_text(latency.percentile(99.9)),
         duration_text(latency.largest())});
    return rows;
}

table resources_table(soak_outcome const& outcome, std::uint64_t connections)
{
    auto const& log = outcome.log;
    table rows({align::left, align::right, align::right, align::right, align::left});
    rows.add_row({"resources", "first", "last", "largest"});
    if (!log.has_samples())
        return rows;
    auto const add = [&](std::string name, std::uint64_t resources::*what, std::string rule) {
        rows.add_row(
            {std::move(name), with_separators(log.first().*what), with_separators(log.last().*what),
             with_separators(log.largest().*what), std::move(rule)});
    };
    add("descriptors", &resources::descriptors,
        "before and after the client: " + with_separators(outcome.descriptors_before) + ", " +
            with_separators(outcome.descriptors_after));
    add("the client's", &resources::client_descriptors,
        "at most " + with_separators(most_client_descriptors(connections)));
    rows.add_row(
        {"memory", mebibytes_text(log.first().rss), mebibytes_text(log.last().rss),
         mebibytes_text(log.largest().rss),
         "at most " + mebibytes_text(log.first().rss + rss_tolerance(log.first().rss)) + " at the end"});
    return rows;
}

void append(std::vector<std::string>& to, std::vector<std::string> more)
{
    std::ranges::move(more, std::back_inserter(to));
}

std::vector<std::string> chaos_complaints(soak_outcome const& outcome)
{
    // So many that each kind is due a dozen times and more.
    constexpr std::uint64_t many_calls = 20'000;
    bool const had_its_chances = outcome.ledger.total().started >= many_calls;
    std::vector<std::string> complaints;
    for (std::size_t i = 0; i < chaos_kinds; ++i) {
        auto const kind = static_cast<chaos_kind>(i);
        if (had_its_chances && outcome.chaos.of(kind) == 0)
            complaints.push_back("the network never did this: " + std::string(to_string(kind)));
    }
    if (outcome.chaos.open != 0)
        complaints.push_back(with_separators(outcome.chaos.open) + " connections were not closed");
    return complaints;
}

} // namespace

std::string soak_progress(clock::duration since_start, clock::duration whole, soak_ledger const& so_far)
{
    auto const all = so_far.total();
    auto const ended = all.succeeded + all.refused + all.failed + all.cancelled;
    return minutes_text(since_start) + " of " + minutes_text(whole) + ", " + with_separators(ended) +
           " calls, " + percent(all.failed, ended) + " failed";
}

std::string soak_tables(soak_outcome const& outcome, std::uint64_t connections, std::size_t indent)
{
    std::string text;
    for (auto const& each :
         {calls_table(outcome.ledger), failures_table(outcome.ledger), faults_table(outcome),
          connections_table(outcome), latency_table(outcome.ledger.latency()),
          resources_table(outcome, connections)})
        text += (text.empty() ? "" : "\n") + each.to_string(indent);
    return text;
}

std::vector<std::string> soak_complaints(soak_outcome const& outcome, std::uint64_t connections, bool memory)
{
    std::vector<std::string> complaints;
    if (outcome.stuck)
        complaints.emplace_back("calls had not ended when all their limits had run out");
    append(complaints, outcome.ledger.complaints());
    append(complaints, outcome.event_complaints);
    append(complaints, stats_complaints(outcome.ledger, outcome.stats));
    append(
        complaints, server_complaints(outcome.ledger, outcome.stats, outcome.server.requests_by_operation));
    append(complaints, chaos_complaints(outcome));
    append(complaints, resource_complaints(outcome.log, connections, memory));
    if (outcome.descriptors_after != outcome.descriptors_before)
        complaints.push_back(
            "without the client there were " + with_separators(outcome.descriptors_before) +
            " descriptors before and " + with_separators(outcome.descriptors_after) + " after");
    return complaints;
}

} // namespace fluxer::auth::cli
