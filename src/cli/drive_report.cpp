#include "cli/drive_report.hpp"

#include "cli/format.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::cli {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using seconds_as_double = std::chrono::duration<double>;

constexpr std::size_t most_reasons_in_line = 2;
constexpr std::size_t first_operation = 0;
constexpr auto last_operation = static_cast<std::size_t>(operation::raw);

double rate_of(std::uint64_t count, seconds_as_double took)
{
    return took.count() > 0 ? static_cast<double>(count) / took.count() : 0.0;
}

std::string rate_text(double per_second)
{
    return per_second < 100 ? with_decimals(per_second, 1)
                            : with_separators(static_cast<std::uint64_t>(per_second));
}

std::string reason_text(flow_failure const& why)
{
    return why.operation + ": " + why.reason;
}

/// The most frequent reasons in a few words.
std::string reasons_in_line(drive_ledger const& ledger)
{
    std::map<std::string, std::uint64_t> by_reason;
    for (auto const& [key, count] : ledger.failures())
        by_reason[reason_text(key.why)] += count;
    std::vector<std::pair<std::uint64_t, std::string>> sorted;
    sorted.reserve(by_reason.size());
    for (auto const& [reason, count] : by_reason)
        sorted.emplace_back(count, reason);
    std::ranges::sort(sorted, std::greater<>());
    std::string text;
    for (std::size_t i = 0; i < sorted.size() && i < most_reasons_in_line; ++i)
        text += (text.empty() ? "" : "; ") + with_separators(sorted[i].first) + " " + sorted[i].second;
    if (sorted.size() > most_reasons_in_line)
        text += "; ...";
    return text;
}

table time_table(std::string title)
{
    table rows(
        {align::left, align::right, align::right, align::right, align::right, align::right, align::right});
    rows.add_row({std::move(title), "", "p50", "p90", "p99", "p99.9", "max"});
    return rows;
}

void add_times(table& rows, std::string name, duration_histogram const& times)
{
    if (times.size() == 0)
        return;
    rows.add_row(
        {std::move(name), with_separators(times.size()), duration_text(times.percentile(50)),
         duration_text(times.percentile(90)), duration_text(times.percentile(99)),
         duration_text(times.percentile(99.9)), duration_text(times.largest())});
}

table counts_table(drive_ledger const& ledger)
{
    table rows({align::left, align::right, align::right, align::right, align::right});
    rows.add_row({"flows", "begun", "completed", "failed", "cancelled"});
    auto const add = [&rows](std::string name, drive_ledger::counts const& count) {
        rows.add_row(
            {std::move(name), with_separators(count.started), with_separators(count.completed),
             with_separators(count.failed), with_separators(count.cancelled)});
    };
    for (auto const kind : all_flow_kinds)
        if (ledger.of(kind).started != 0)
            add(std::string(to_string(kind)), ledger.of(kind));
    add("all", ledger.total());
    return rows;
}

table summary_table(drive_outcome const& outcome, drive_settings const& settings)
{
    auto const& stats = outcome.stats;
    auto const& operations = *outcome.operations;
    table rows({align::left, align::right, align::left});
    rows.add_row({"time", duration_text(duration_cast<microseconds>(outcome.took))});
    auto const done = outcome.ledger.total().completed;
    rows.add_row({"throughput", rate_text(rate_of(done, outcome.took)) + " /s", "flows"});
    rows.add_row({"", rate_text(rate_of(stats.requests_sent, outcome.took)) + " /s", "requests"});
    rows.add_row(
        {"requests", with_separators(stats.requests_sent),
         settings.requests_at_server ? "the sandbox counted " + with_separators(*settings.requests_at_server)
                                     : std::string()});
    rows.add_row({"repetitions", with_separators(stats.retries)});
    rows.add_row({"connections opened", with_separators(stats.connections_opened)});
    rows.add_row(
        {"calls throttled", with_separators(operations.throttled()), "they waited for the rate governor"});
    rows.add_row(
        {"answers 429", with_separators(operations.answers_429()),
         with_separators(operations.late_answers_429()) + " of them after the first minute"});
    return rows;
}

std::string flow_time_tables(drive_outcome const& outcome, drive_settings const& settings, std::size_t indent)
{
    auto const& ledger = outcome.ledger;
    std::string text;
    if (settings.rate) {
        auto latencies = time_table("time since its user came");
        for (auto const kind : all_flow_kinds)
            add_times(latencies, std::string(to_string(kind)), ledger.latencies(kind));
        add_times(latencies, "of that, waiting to begin", ledger.start_delays());
        text += latencies.to_string(indent) + "\n";
    }
    auto services = time_table("time since it began");
    for (auto const kind : all_flow_kinds)
        add_times(services, std::string(to_string(kind)), ledger.service_times(kind));
    return text + services.to_string(indent);
}

table operations_table(operation_recorder const& operations)
{
    auto rows = time_table("calls");
    for (auto i = first_operation; i <= last_operation; ++i) {
        auto const which = static_cast<operation>(i);
        add_times(rows, std::string(auth::to_string(which)), operations.of(which).call_times);
    }
    return rows;
}

table failures_table(drive_ledger const& ledger)
{
    table rows({align::left, align::right, align::left, align::left, align::left});
    rows.add_row({"failures", "", "operation", "reason", "phase"});
    for (auto const& [key, count] : ledger.failures())
        rows.add_row(
            {std::string(to_string(key.kind)), with_separators(count), key.why.operation,
             printable(key.why.reason), key.why.phase});
    return rows;
}

/// One error of each reason in full.
std::string examples(drive_ledger const& ledger, std::size_t indent)
{
    std::string text;
    for (auto const& [key, count] : ledger.failures())
        if (!key.why.example.empty())
            text += std::string(indent, ' ') + "e.g. " + printable(key.why.example) + "\n";
    return text;
}

boost::json::object json_of(drive_ledger::counts const& count)
{
    boost::json::object all;
    all["begun"] = count.started;
    all["completed"] = count.completed;
    all["failed"] = count.failed;
    all["cancelled"] = count.cancelled;
    return all;
}

boost::json::object json_of(duration_histogram const& times)
{
    boost::json::object all;
    all["count"] = times.size();
    all["p50_us"] = times.percentile(50).count();
    all["p90_us"] = times.percentile(90).count();
    all["p99_us"] = times.percentile(99).count();
    all["p99.9_us"] = times.percentile(99.9).count();
    all["max_us"] = times.largest().count();
    return all;
}

boost::json::object json_of(operation_record const& record)
{
    boost::json::object all;
    all["calls"] = record.calls;
    all["errors"] = record.errors;
    all["requests"] = record.requests;
    all["throttled"] = record.throttled;
    all["answers_429"] = record.answers_429;
    all["call_time"] = json_of(record.call_times);
    all["exchange_time"] = json_of(record.exchange_times);
    return all;
}

boost::json::object json_of(drive_settings const& settings)
{
    boost::json::object all;
    all["base_url"] = settings.base_url;
    if (!settings.generation.empty()) {
        all["generation"] = settings.generation;
        all["limits"] = settings.limits;
    }
    all["flows"] = settings.flows;
    all["concurrency"] = settings.concurrency;
    all["connections"] = settings.connections;
    all["mix"] = settings.mix;
    all["loop"] = settings.rate ? "open" : "closed";
    if (settings.rate) {
        all["rate"] = *settings.rate;
        all["arrivals"] = to_string(settings.how);
    }
    all["seed"] = settings.seed;
    all["governor"] = to_string(settings.governor);
    return all;
}

boost::json::array failures_json(drive_ledger const& ledger)
{
    boost::json::array all;
    for (auto const& [key, count] : ledger.failures()) {
        boost::json::object one;
        one["flow"] = to_string(key.kind);
        one["operation"] = key.why.operation;
        one["reason"] = key.why.reason;
        one["phase"] = key.why.phase;
        one["count"] = count;
        one["example"] = key.why.example;
        all.push_back(std::move(one));
    }
    return all;
}

boost::json::object kinds_json(drive_outcome const& outcome, drive_settings const& settings)
{
    boost::json::object all;
    for (auto const kind : all_flow_kinds) {
        auto one = json_of(outcome.ledger.of(kind));
        one["service_time"] = json_of(outcome.ledger.service_times(kind));
        if (settings.rate)
            one["latency"] = json_of(outcome.ledger.latencies(kind));
        all[to_string(kind)] = std::move(one);
    }
    return all;
}

boost::json::object operations_json(operation_recorder const& operations)
{
    boost::json::object all;
    for (auto i = first_operation; i <= last_operation; ++i) {
        auto const which = static_cast<operation>(i);
        if (operations.of(which).calls != 0)
            all[auth::to_string(which)] = json_of(operations.of(which));
    }
    return all;
}

} // namespace

std::string_view to_string(arrivals how) noexcept
{
    return how == arrivals::fixed ? "fixed" : "poisson";
}

std::string_view to_string(rate_mode mode) noexcept
{
    switch (mode) {
    case rate_mode::wait:
        return "wait";
    case rate_mode::fail_fast:
        return "fail-fast";
    case rate_mode::off:
        return "off";
    }
    return "unknown";
}

std::string drive_text(drive_progress const& now)
{
    auto const all = now.ledger->total();
    auto text = with_separators(all.ended()) + " of " + with_separators(now.flows) + ", " +
                rate_text(now.recent_rate) + "/s, " + with_separators(now.in_flight) + " in flight, ";
    if (now.recent_rate > 0 && all.ended() < now.flows) {
        seconds_as_double const left(static_cast<double>(now.flows - all.ended()) / now.recent_rate);
        text += duration_text(duration_cast<microseconds>(left)) + " left, ";
    }
    // Last, since the line may be cut off.
    text += with_separators(all.failed) + " failed";
    if (all.failed != 0)
        text += " (" + printable(reasons_in_line(*now.ledger)) + ")";
    return text;
}

std::string drive_tables(drive_outcome const& outcome, drive_settings const& settings, std::size_t indent)
{
    auto text = counts_table(outcome.ledger).to_string(indent) + "\n" +
                summary_table(outcome, settings).to_string(indent) + "\n" +
                flow_time_tables(outcome, settings, indent) + "\n" +
                operations_table(*outcome.operations).to_string(indent);
    if (!outcome.ledger.failures().empty())
        text += "\n" + failures_table(outcome.ledger).to_string(indent) + examples(outcome.ledger, indent);
    return text;
}

std::vector<std::string> drive_complaints(drive_outcome const& outcome, drive_settings const& settings)
{
    std::vector<std::string> complaints;
    auto const all = outcome.ledger.total();
    auto const late = outcome.operations->late_answers_429();
    if (all.failed != 0)
        complaints.push_back(
            with_separators(all.failed) + " of " + with_separators(all.started) + " flows failed");
    if (outcome.stuck)
        complaints.emplace_back("flows had not ended long after they were cancelled");
    if (all.ended() != all.started && !outcome.stuck)
        complaints.emplace_back("some flows ended in no way that was counted");
    if (settings.governor == rate_mode::wait && late != 0)
        complaints.push_back(
            with_separators(late) + " answers 429 after the first minute, in spite of the governor");
    if (settings.requests_at_server && !outcome.interrupted &&
        *settings.requests_at_server != outcome.stats.requests_sent)
        complaints.push_back(
            with_separators(outcome.stats.requests_sent) + " requests were sent, the sandbox counted " +
            with_separators(*settings.requests_at_server));
    return complaints;
}

boost::json::object drive_json(drive_outcome const& outcome, drive_settings const& settings)
{
    boost::json::object all;
    all["version"] = 1;
    all["settings"] = json_of(settings);
    all["interrupted"] = outcome.interrupted;
    all["seconds"] = seconds_as_double(outcome.took).count();
    all["flows"] = json_of(outcome.ledger.total());
    all["flows_per_second"] = rate_of(outcome.ledger.total().completed, outcome.took);
    all["by_kind"] = kinds_json(outcome, settings);
    if (settings.rate)
        all["start_delay"] = json_of(outcome.ledger.start_delays());
    all["by_operation"] = operations_json(*outcome.operations);
    all["failures"] = failures_json(outcome.ledger);
    all["throttled"] = outcome.operations->throttled();
    all["answers_429"] = outcome.operations->answers_429();
    all["answers_429_after_first_minute"] = outcome.operations->late_answers_429();
    all["requests"] = outcome.stats.requests_sent;
    all["repetitions"] = outcome.stats.retries;
    all["connections_opened"] = outcome.stats.connections_opened;
    boost::json::array complaints;
    for (auto const& each : drive_complaints(outcome, settings))
        complaints.emplace_back(each);
    all["complaints"] = std::move(complaints);
    return all;
}

} // namespace fluxer::auth::cli
