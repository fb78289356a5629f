#include "cli/soak_report.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

soak_outcome good_soak()
{
    soak_outcome outcome(4min);
    outcome.took = 4min;
    soak_ledger::clock::time_point const begin{};
    for (int i = 0; i < 3; ++i)
        outcome.ledger.end(outcome.ledger.start(soak_call::login, begin), soak_end::success(), begin + 15ms);
    error_info lost;
    lost.code = errc::connection_lost;
    lost.request_was_sent = true;
    outcome.ledger.end(
        outcome.ledger.start(soak_call::list, begin), soak_end::failure(error(lost)), begin + 15ms);
    outcome.stats.calls_started = 4;
    outcome.stats.calls_succeeded = 3;
    outcome.stats.calls_failed = 1;
    outcome.stats.requests_sent = 5;
    outcome.stats.retries = 1;
    outcome.stats.connections_opened = outcome.stats.connections_closed = 2;
    outcome.chaos.accepted = 2;
    outcome.chaos.faults = {4, 400, 8, 12, 16, 20};
    outcome.server.requests = 3;
    outcome.server.requests_by_operation["login_user"] = 3;
    resources now;
    now.descriptors = 150;
    now.client_descriptors = 30;
    now.rss = std::uint64_t(40) << 20U;
    outcome.log.add(2min, now);
    outcome.descriptors_before = outcome.descriptors_after = 18;
    return outcome;
}

bool complains(soak_outcome const& outcome, std::string const& wanted)
{
    auto const all = soak_complaints(outcome, 32, true);
    return all.size() == 1 && all.front() == wanted;
}

bool contains(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(soak_report_suite)

BOOST_AUTO_TEST_CASE(tables)
{
    auto const text = soak_tables(good_soak(), 32, 1);
    BOOST_TEST(contains(text, "\n all                           4          3        0       1          0\n"));
    BOOST_TEST(contains(text, " the connection ended before the answer did  1  25.0 %\n"));
    BOOST_TEST(contains(text, " delay                  400       100\n"));
    BOOST_TEST(contains(text, " answered calls  15.0 ms  15.0 ms  15.0 ms  15.0 ms  15.0 ms\n"));
    BOOST_TEST(contains(text, "before and after the client: 18, 18\n"));
    BOOST_TEST(contains(text, " the client's        30        30        30  at most 72\n"));
}

BOOST_AUTO_TEST_CASE(an_outcome_without_anything_divides_by_nothing)
{
    auto const text = soak_tables(soak_outcome(1min), 32, 0);
    BOOST_TEST(!contains(text, "nan"));
    BOOST_TEST(!contains(text, "inf"));
}

BOOST_AUTO_TEST_CASE(progress)
{
    BOOST_TEST(soak_progress(65s, 120min, good_soak().ledger) == "1:05 of 120:00, 4 calls, 25.0 % failed");
}

BOOST_AUTO_TEST_CASE(nothing_to_complain_about)
{
    BOOST_TEST(soak_complaints(good_soak(), 32, true).empty());
}

BOOST_AUTO_TEST_CASE(a_network_that_was_too_kind)
{
    auto outcome = good_soak();
    outcome.chaos.faults[static_cast<std::size_t>(chaos_kind::black_hole)] = 0;
    BOOST_TEST(soak_complaints(outcome, 32, true).empty()); // after a few calls that is chance
    soak_ledger::clock::time_point const begin{};
    for (int i = 0; i < 20'000; ++i)
        outcome.ledger.end(outcome.ledger.start(soak_call::login, begin), soak_end::success(), begin);
    outcome.stats.calls_started += 20'000;
    outcome.stats.calls_succeeded += 20'000;
    outcome.stats.requests_sent += 20'000;
    outcome.server.requests_by_operation["login_user"] += 20'000;
    BOOST_TEST(complains(outcome, "the network never did this: black hole"));
}

BOOST_AUTO_TEST_CASE(what_is_left_behind)
{
    auto outcome = good_soak();
    outcome.descriptors_after = 19;
    BOOST_TEST(complains(outcome, "without the client there were 18 descriptors before and 19 after"));
    outcome = good_soak();
    outcome.chaos.open = 3;
    BOOST_TEST(complains(outcome, "3 connections were not closed"));
    outcome = good_soak();
    outcome.stuck = true;
    BOOST_TEST(complains(outcome, "calls had not ended when all their limits had run out"));
    outcome = good_soak();
    outcome.event_complaints.emplace_back("what the events say");
    BOOST_TEST(complains(outcome, "what the events say"));
}

BOOST_AUTO_TEST_CASE(what_each_account_says)
{
    auto outcome = good_soak();
    outcome.ledger.foreign_answer("whose");
    BOOST_TEST(soak_complaints(outcome, 32, true).size() == 2U);
    outcome = good_soak();
    ++outcome.stats.calls_started;
    BOOST_TEST(complains(outcome, "the client counts 5 calls, its callers 4"));
    outcome = good_soak();
    ++outcome.server.requests_by_operation["login_user"];
    BOOST_TEST(complains(outcome, "login_user: 3 calls were sent, but the sandbox got 4 requests"));
    outcome = good_soak();
    resources now;
    now.client_descriptors = 73;
    outcome.log.add(3min, now);
    BOOST_TEST(complains(outcome, "the client had 73 descriptors, more than 72"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
