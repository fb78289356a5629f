#include "cli/soak_ledger.hpp"

#include "cli/format.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::cli {

namespace {

constexpr std::size_t most_notes = 5;

constexpr std::array all_traits{
    soak_call_traits{"login", "login_user", false},
    soak_call_traits{"login, wrong password", "login_user", false},
    soak_call_traits{"list sessions", "list_auth_sessions", true},
    soak_call_traits{"logout", "logout_user", true},
    soak_call_traits{"logout of all", "logout_all_sessions", true},
    soak_call_traits{"username suggestions", "get_username_suggestions", true},
    soak_call_traits{"SSO status (raw)", "get_sso_status", false},
    soak_call_traits{"forgotten password (raw)", "forgot_password", false},
};
static_assert(all_traits.size() == soak_calls);

/// What a failure has to be for the call to have gone as it should.
bool is_refusal(soak_call what, errc code) noexcept
{
    return what == soak_call::wrong_password && code == errc::rejected_input;
}

void add(soak_ledger::counts& sum, soak_ledger::counts const& part) noexcept
{
    sum.started += part.started;
    sum.succeeded += part.succeeded;
    sum.refused += part.refused;
    sum.failed += part.failed;
    sum.cancelled += part.cancelled;
    sum.answered += part.answered;
    sum.uncertain += part.uncertain;
}

void compare(
    std::vector<std::string>& complaints, std::string_view what, std::uint64_t client, std::uint64_t callers)
{
    if (client != callers)
        complaints.push_back(
            "the client counts " + with_separators(client) + " " + std::string(what) + ", its callers " +
            with_separators(callers));
}

void expect_none(std::vector<std::string>& complaints, std::uint64_t count, std::string_view what)
{
    if (count != 0)
        complaints.push_back(with_separators(count) + " " + std::string(what));
}

} // namespace

soak_call_traits const& traits_of(soak_call what) noexcept
{
    return all_traits[static_cast<std::size_t>(what)];
}

bool is_network_failure(errc code) noexcept
{
    return code == errc::timed_out || code == errc::connect_failed || code == errc::tls_failed ||
           code == errc::connection_lost;
}

soak_end soak_end::success()
{
    soak_end end;
    end.succeeded = true;
    end.answered = true;
    end.was_sent = true;
    return end;
}

soak_end soak_end::failure(error const& why)
{
    soak_end end;
    end.code = why.info().code;
    end.answered = why.http_status() != 0;
    end.was_sent = why.request_was_sent();
    end.text = why.to_string();
    return end;
}

soak_ledger::ticket soak_ledger::start(soak_call what, clock::time_point now)
{
    ++counts_[static_cast<std::size_t>(what)].started;
    open_.emplace(++last_, open_call{what, now});
    return last_;
}

std::optional<soak_ledger::open_call> soak_ledger::take(ticket call)
{
    auto const found = open_.find(call);
    if (found == open_.end()) {
        ++ended_again_;
        return std::nullopt;
    }
    auto const taken = found->second;
    open_.erase(found);
    return taken;
}

void soak_ledger::end(ticket call, soak_end const& how, clock::time_point now)
{
    auto const ended = take(call);
    if (!ended)
        return;
    auto& count = counts_[static_cast<std::size_t>(ended->what)];
    if (how.answered) {
        ++count.answered;
        latency_.add(now - ended->begin);
    } else if (how.was_sent) {
        ++count.uncertain;
    }
    if (how.succeeded) {
        ++count.succeeded;
        if (ended->what == soak_call::wrong_password)
            unexpected("a wrong password was accepted");
    } else if (how.code == errc::cancelled) {
        ++count.cancelled;
    } else if (is_refusal(ended->what, how.code)) {
        ++count.refused;
    } else {
        ++count.failed;
        ++failures_[how.code];
        if (!is_network_failure(how.code))
            unexpected(how.text);
    }
}

void soak_ledger::unexpected(std::string what)
{
    ++unexpected_;
    note(std::move(what));
}

void soak_ledger::end_by_exception(ticket call, std::string what)
{
    auto const ended = take(call);
    if (ended)
        ++counts_[static_cast<std::size_t>(ended->what)].failed;
    ++exceptions_;
    note(std::move(what));
}

void soak_ledger::foreign_answer(std::string what)
{
    ++foreign_;
    note(std::move(what));
}

void soak_ledger::note(std::string what)
{
    if (notes_.size() < most_notes)
        notes_.push_back(std::move(what));
}

soak_ledger::counts soak_ledger::total() const noexcept
{
    counts sum;
    for (auto const& part : counts_)
        add(sum, part);
    return sum;
}

std::vector<std::string> soak_ledger::complaints() const
{
    std::vector<std::string> complaints;
    expect_none(complaints, open_.size(), "calls never ended");
    expect_none(complaints, ended_again_, "calls ended more than once");
    expect_none(complaints, foreign_, "answers belonged to another call");
    expect_none(complaints, exceptions_, "calls ended by an exception");
    expect_none(complaints, unexpected_, "calls ended in a way that no network explains");
    auto const all = total();
    auto const ended = all.succeeded + all.refused + all.failed + all.cancelled;
    if (ended + open_.size() != all.started)
        complaints.push_back(
            with_separators(all.started) + " calls were begun, " + with_separators(ended) + " ended");
    if (all.succeeded + all.refused <= all.failed)
        complaints.push_back("more calls failed than went as they should");
    complaints.insert(complaints.end(), notes_.begin(), notes_.end());
    return complaints;
}

std::vector<std::string> stats_complaints(soak_ledger const& ledger, client_stats const& stats)
{
    std::vector<std::string> complaints;
    auto const all = ledger.total();
    compare(complaints, "calls", stats.calls_started, all.started);
    compare(complaints, "successes", stats.calls_succeeded, all.succeeded);
    compare(complaints, "failures", stats.calls_failed, all.failed + all.refused);
    compare(complaints, "cancelled calls", stats.calls_cancelled, all.cancelled);
    expect_none(complaints, stats.calls_in_flight, "calls are in flight in the client's view");
    expect_none(complaints, stats.calls_waiting, "calls wait in the client's view");
    expect_none(
        complaints, stats.connections_idle + stats.connections_in_use + stats.connections_connecting,
        "connections are there in the client's view");
    expect_none(complaints, stats.unexpected_bytes, "connections brought more than an answer");
    if (stats.connections_opened != stats.connections_closed)
        complaints.push_back(
            "the client opened " + with_separators(stats.connections_opened) + " connections and closed " +
            with_separators(stats.connections_closed));
    return complaints;
}

std::vector<std::string> server_complaints(
    soak_ledger const& ledger, client_stats const& stats,
    std::map<std::string, std::uint64_t> const& by_operation)
{
    struct expectation
    {
        std::uint64_t answered = 0;
        std::uint64_t sent = 0;
        bool repeatable = false;
    };

    std::map<std::string, expectation> expected;
    for (std::size_t i = 0; i < soak_calls; ++i) {
        auto const what = static_cast<soak_call>(i);
        auto const& count = ledger.of(what);
        auto& entry = expected[std::string(traits_of(what).operation)];
        entry.answered += count.answered;
        entry.sent += count.answered + count.uncertain;
        entry.repeatable = traits_of(what).repeatable;
    }
    std::vector<std::string> complaints;
    std::uint64_t received_in_all = 0;
    for (auto const& [operation, entry] : expected) {
        auto const found = by_operation.find(operation);
        auto const received = found == by_operation.end() ? 0 : found->second;
        received_in_all += received;
        if (received < entry.answered)
            complaints.push_back(
                operation + ": " + with_separators(entry.answered) + " were answered, but the sandbox got " +
                with_separators(received));
        if (!entry.repeatable && received > entry.sent)
            complaints.push_back(
                operation + ": " + with_separators(entry.sent) + " calls were sent, but the sandbox got " +
                with_separators(received) + " requests");
    }
    if (received_in_all > stats.requests_sent)
        complaints.push_back(
            "the client counts " + with_separators(stats.requests_sent) +
            " requests sent, but the sandbox got " + with_separators(received_in_all));
    return complaints;
}

} // namespace fluxer::auth::cli
