#include "cli/load_report.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

load_outcome good_outcome()
{
    load_outcome outcome;
    outcome.flows = 2'000;
    outcome.took = 1500ms;
    outcome.stats.requests_sent = 6'000;
    outcome.stats.connections_opened = 64;
    outcome.stats.connections_reused = 5'936;
    outcome.flow_times.add(700ms);
    outcome.request_times.add(250ms);
    outcome.exchange_times.add(12'300us);
    return outcome;
}

load_counts good_counts()
{
    load_counts counts;
    counts.connections = 64;
    counts.requests = 6'000;
    return counts;
}

std::string complaint(load_outcome const& outcome, load_counts const& counts)
{
    return load_complaint(outcome, counts, 2'000, 64);
}

} // namespace

BOOST_AUTO_TEST_SUITE(load_report_suite)

BOOST_AUTO_TEST_CASE(tables)
{
    BOOST_TEST(
        load_tables(good_outcome(), good_counts(), 1) ==
        " flows                  2,000  each: login, list sessions, logout\n"
        " failures                   0\n"
        " requests               6,000  the sandbox counted 6,000\n"
        " connections opened        64  the sandbox counted 64\n"
        " reuse                 98.9 %  of the requests went over a connection that had served before\n"
        " time                  1.50 s\n"
        " throughput          4,000 /s  requests\n"
        "                     1,333 /s  flows\n"
        "\n"
        " latency                                      p50      p99\n"
        " flow                                      700 ms   700 ms\n"
        " request, with its wait for a connection   250 ms   250 ms\n"
        " request, on its connection               12.3 ms  12.3 ms\n");
}

BOOST_AUTO_TEST_CASE(an_outcome_without_anything_divides_by_nothing)
{
    auto const text = load_tables(load_outcome{}, load_counts{}, 0);
    BOOST_TEST(text.find("0.0 %") != std::string::npos);
    BOOST_TEST(text.find("nan") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_to_complain_about)
{
    BOOST_TEST(complaint(good_outcome(), good_counts()) == "");
}

BOOST_AUTO_TEST_CASE(failed_flows)
{
    auto outcome = good_outcome();
    outcome.failures = 2;
    outcome.first_failure = "login_user: why";
    BOOST_TEST(complaint(outcome, good_counts()) == "2 flows failed, the first: login_user: why");
}

BOOST_AUTO_TEST_CASE(missing_flows)
{
    auto outcome = good_outcome();
    outcome.flows = 1'999;
    BOOST_TEST(complaint(outcome, good_counts()) == "only 1,999 flows ended");
}

BOOST_AUTO_TEST_CASE(wrong_counts)
{
    auto repeated = good_counts();
    repeated.requests = 6'001;
    BOOST_TEST(
        complaint(good_outcome(), repeated) ==
        "requests should be 6,000, the client sent 6,000, the sandbox got 6,001");
    auto more = good_counts();
    more.connections = 65;
    BOOST_TEST(complaint(good_outcome(), more) == "65 connections were opened, more than 64");
    auto fewer = good_counts();
    fewer.connections = 63;
    BOOST_TEST(
        complaint(good_outcome(), fewer) == "the client opened 64 connections, the sandbox accepted 63");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
