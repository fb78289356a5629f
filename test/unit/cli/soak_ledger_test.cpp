#include "cli/soak_ledger.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

using clock = soak_ledger::clock;

constexpr clock::time_point begin{};

soak_end failed(errc code, bool was_sent, int status = 0)
{
    error_info info;
    info.code = code;
    info.request_was_sent = was_sent;
    info.http_status = status;
    return soak_end::failure(error(info));
}

/// A ledger to which calls are entered whole.
class book
{
public:
    book& enter(soak_call what, soak_end const& how, int times = 1)
    {
        for (int i = 0; i < times; ++i)
            ledger.end(ledger.start(what, begin), how, begin + 5ms);
        return *this;
    }

    soak_ledger ledger;
};

/// Logins: 10 answered, 3 sent and lost, 2 never sent, 1 cancelled when it was sent. Lists: 4 answered, 1 lost.
book ordinary()
{
    book made;
    made.enter(soak_call::login, soak_end::success(), 8)
        .enter(soak_call::wrong_password, failed(errc::rejected_input, true, 400), 2)
        .enter(soak_call::login, failed(errc::connection_lost, true), 3)
        .enter(soak_call::login, failed(errc::connect_failed, false), 2)
        .enter(soak_call::login, failed(errc::cancelled, true))
        .enter(soak_call::list, soak_end::success(), 4)
        .enter(soak_call::list, failed(errc::timed_out, true));
    return made;
}

client_stats stats_of_ordinary()
{
    client_stats stats;
    stats.calls_started = 21;
    stats.calls_succeeded = 12;
    stats.calls_failed = 8;
    stats.calls_cancelled = 1;
    stats.requests_sent = 20;
    stats.connections_opened = stats.connections_closed = 7;
    return stats;
}

using strings = std::vector<std::string>;

void expect(strings const& found, strings const& wanted)
{
    BOOST_TEST(found == wanted, boost::test_tools::per_element());
}

strings server_says(std::uint64_t logins, std::uint64_t lists)
{
    return server_complaints(
        ordinary().ledger, stats_of_ordinary(), {{"login_user", logins}, {"list_auth_sessions", lists}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(soak_ledger_suite)

BOOST_AUTO_TEST_CASE(each_end_is_counted_as_what_it_is)
{
    auto const all = ordinary().ledger.total();
    BOOST_TEST(all.started == 21U);
    BOOST_TEST(all.succeeded == 12U);
    BOOST_TEST(all.refused == 2U);
    BOOST_TEST(all.failed == 6U);
    BOOST_TEST(all.cancelled == 1U);
    BOOST_TEST(all.answered == 14U);
    BOOST_TEST(all.uncertain == 5U);
    auto const logins = ordinary().ledger.of(soak_call::login);
    BOOST_TEST(logins.started == 14U);
    BOOST_TEST(logins.uncertain == 4U);
    BOOST_TEST(ordinary().ledger.failures().at(errc::connection_lost) == 3U);
    BOOST_TEST(ordinary().ledger.latency().size() == 14U);
    expect(ordinary().ledger.complaints(), {});
}

BOOST_AUTO_TEST_CASE(a_call_that_never_ends)
{
    auto calls = ordinary();
    calls.ledger.start(soak_call::login, begin);
    expect(calls.ledger.complaints(), {"1 calls never ended"});
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_twice)
{
    auto calls = ordinary();
    auto const call = calls.ledger.start(soak_call::login, begin);
    calls.ledger.end(call, soak_end::success(), begin);
    calls.ledger.end(call, failed(errc::timed_out, true), begin);
    expect(calls.ledger.complaints(), {"1 calls ended more than once"});
    BOOST_TEST(calls.ledger.total().succeeded == 13U);
    BOOST_TEST(calls.ledger.total().failed == 6U);
}

BOOST_AUTO_TEST_CASE(answers_of_others)
{
    auto calls = ordinary();
    calls.ledger.foreign_answer("send: another call's answer");
    expect(calls.ledger.complaints(), {"1 answers belonged to another call", "send: another call's answer"});
}

BOOST_AUTO_TEST_CASE(an_exception)
{
    auto calls = ordinary();
    calls.ledger.end_by_exception(calls.ledger.start(soak_call::list, begin), "thrown");
    expect(calls.ledger.complaints(), {"1 calls ended by an exception", "thrown"});
}

BOOST_AUTO_TEST_CASE(failures_that_no_network_explains)
{
    constexpr char const* complaint = "1 calls ended in a way that no network explains";
    auto refused = ordinary();
    refused.enter(soak_call::login, failed(errc::rejected_input, true, 400));
    BOOST_TEST(refused.ledger.complaints().front() == complaint);
    auto strange = ordinary();
    strange.enter(soak_call::wrong_password, failed(errc::protocol_error, true));
    BOOST_TEST(strange.ledger.complaints().front() == complaint);
    auto accepted = ordinary();
    accepted.enter(soak_call::wrong_password, soak_end::success());
    BOOST_TEST(accepted.ledger.complaints().front() == complaint);
    BOOST_TEST(accepted.ledger.complaints().back() == "a wrong password was accepted");
}

BOOST_AUTO_TEST_CASE(few_notes_of_many_failures)
{
    auto calls = ordinary();
    calls.enter(soak_call::list, failed(errc::unauthorized, true, 401), 1'000);
    BOOST_TEST(calls.ledger.complaints().size() < 10U);
}

BOOST_AUTO_TEST_CASE(a_client_for_which_most_fails)
{
    book calls;
    calls.enter(soak_call::list, soak_end::success(), 3)
        .enter(soak_call::list, failed(errc::connection_lost, true), 3);
    expect(calls.ledger.complaints(), {"more calls failed than went as they should"});
}

BOOST_AUTO_TEST_CASE(the_clients_counters_agree)
{
    expect(stats_complaints(ordinary().ledger, stats_of_ordinary()), {});
}

BOOST_AUTO_TEST_CASE(the_clients_counters_disagree)
{
    auto stats = stats_of_ordinary();
    ++stats.calls_succeeded;
    --stats.calls_cancelled;
    stats.connections_idle = 1;
    stats.connections_closed = 6;
    expect(
        stats_complaints(ordinary().ledger, stats),
        {"the client counts 13 successes, its callers 12",
         "the client counts 0 cancelled calls, its callers 1", "1 connections are there in the client's view",
         "the client opened 7 connections and closed 6"});
}

BOOST_AUTO_TEST_CASE(the_server_may_have_got_what_was_sent_and_not_answered)
{
    expect(server_says(10, 4), {});
    expect(server_says(14, 4), {});
}

BOOST_AUTO_TEST_CASE(the_server_got_a_login_twice)
{
    expect(server_says(15, 4), {"login_user: 14 calls were sent, but the sandbox got 15 requests"});
}

BOOST_AUTO_TEST_CASE(the_server_may_get_what_is_repeatable_more_than_once)
{
    expect(server_says(14, 6), {});
    expect(server_says(14, 7), {"the client counts 20 requests sent, but the sandbox got 21"});
}

BOOST_AUTO_TEST_CASE(an_answer_to_what_the_server_never_got)
{
    expect(server_says(9, 4), {"login_user: 10 were answered, but the sandbox got 9"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
