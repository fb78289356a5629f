// Step 7 of the demo.
#include "cli/demo.hpp"
#include "cli/demo_people.hpp"
#include "cli/event_printer.hpp"
#include "cli/format.hpp"
#include "cli/load_report.hpp"
#include "cli/progress_line.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_accounts = 200;
constexpr char const* load_password = "many hands make light work";

/// All flows start at once, so that the last one waits for nearly the whole run.
client_options patient(client_options options, std::size_t flows, std::size_t connections)
{
    options.pool.max_connections = connections;
    options.pool.max_waiting = flows;
    options.limits.pool_wait = 10min;
    options.limits.call = 10min;
    // The sandbox counts nothing now, but other steps of the demo may have shown it to have limits.
    options.rate.mode = rate_mode::off;
    return options;
}

load_counts difference(server_counts const& before, server_counts const& after)
{
    load_counts counts;
    counts.connections = after.connections - before.connections;
    counts.requests = after.requests - before.requests;
    return counts;
}

/// What the server counted of each of the flow's operations.
bool is_one_each(server_counts const& before, server_counts const& after, std::size_t flows)
{
    return after.logins - before.logins == flows && after.lists - before.lists == flows &&
           after.logouts - before.logouts == flows;
}

} // namespace

asio::awaitable<std::vector<std::string>> demo::make_accounts(std::size_t count)
{
    std::vector<std::string> emails;
    for (std::size_t i = 0; i < count; ++i) {
        emails.push_back("user" + std::to_string(i) + "@example.com");
        co_await control_.create_account(emails.back(), load_password);
    }
    co_return emails;
}

asio::awaitable<void> demo::expect_no_sessions(std::vector<std::string> emails)
{
    std::uint64_t left = 0;
    for (auto const& email : emails) {
        auto const count = co_await control_.session_count(email);
        left += count;
    }
    expect(left == 0, std::to_string(left) + " sessions were not logged out");
}

asio::awaitable<void> demo::run_many_flows()
{
    stopwatch const setup_watch;
    auto const emails = co_await make_accounts(std::min(options_.flows, most_accounts));
    out_.ok(std::to_string(emails.size()) + " accounts made", setup_watch.time());
    out_.note("one thread here and one in the sandbox, on this machine; rate limits are off");

    load_plan plan;
    plan.options = patient(device("load", "fluxer-auth demo"), options_.flows, options_.connections);
    plan.flows = options_.flows;
    plan.emails = emails;
    plan.password = load_password;
    auto const line =
        std::make_shared<progress_line>(std::cout, options_.shows.interactive, out_.indent(), plan.flows);
    plan.on_progress = [line, total = plan.flows](std::size_t flows, std::size_t requests) {
        auto const now = std::chrono::steady_clock::now();
        if (!line->is_due(now))
            return;
        auto const text = with_separators(flows) + " of " + with_separators(total) + " flows, " +
                          with_separators(requests) + " requests";
        line->update(flows, text, now);
    };

    auto const before = co_await control_.counts();
    auto const outcome = co_await run_load(std::move(plan));
    line->clear();
    auto const after = co_await control_.counts();
    auto const server = difference(before, after);
    out_.block(load_tables(outcome, server, out_.indent()));
    auto const complaint = load_complaint(outcome, server, options_.flows, options_.connections);
    expect(complaint.empty(), complaint);
    expect(
        is_one_each(before, after, options_.flows), "the sandbox did not count one of each request per flow");
    co_await expect_no_sessions(emails);
    out_.ok("no flow failed, no session is left, the sandbox counted the same");
}

} // namespace fluxer::auth::cli
