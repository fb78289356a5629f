#include "unit/core/pool_state_support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace fluxer::auth::test;
using fluxer::auth::core::pool_settings;

namespace {

struct pausing_bench : pool_bench
{
    explicit pausing_bench(std::size_t most = 100, std::size_t most_made = 100)
        : pool_bench([&] {
            pool_settings made;
            made.max_connections = most;
            made.max_connecting = most_made;
            return made;
        }())
    {
        dial_pause = 100ms;
    }
};

template <std::size_t Count>
void enqueue_all(pool_bench& bench, std::array<fake_waiter, Count>& waiters)
{
    for (auto& each : waiters)
        BOOST_REQUIRE(bench.state.enqueue(each));
}

} // namespace

BOOST_AUTO_TEST_SUITE(dial_pause)

BOOST_AUTO_TEST_CASE(fault_118_a_failure_fails_one_and_pauses)
{
    pausing_bench bench(100, 1);
    std::array<fake_waiter, 5> waiters;
    enqueue_all(bench, waiters);
    BOOST_TEST(bench.dials == 1U);
    bench.dial_fails();
    BOOST_TEST(waiters[0].failed);
    BOOST_TEST(bench.state.waiting() == 4U);
    BOOST_TEST(bench.dials == 0U);
    BOOST_TEST(bench.state.pausing());
    BOOST_TEST(bench.failures_in_a_row == 1U);
    bench.advance(90ms);
    BOOST_TEST(bench.dials == 0U);
    bench.advance(20ms);
    BOOST_TEST(bench.dials == 1U);
    BOOST_TEST(!waiters[1].failed);
}

BOOST_AUTO_TEST_CASE(fault_118_two_failures_in_a_row_fail_everybody)
{
    pausing_bench bench(100, 1);
    std::array<fake_waiter, 5> waiters;
    enqueue_all(bench, waiters);
    bench.dial_fails();
    bench.advance(110ms);
    bench.dial_fails();
    for (auto const& each : waiters) {
        BOOST_TEST(each.failed);
        BOOST_TEST(each.woken == 1);
    }
    BOOST_TEST(bench.state.waiting() == 0U);
    BOOST_TEST(bench.failures_in_a_row == 2U);
    bench.advance(1h);
    BOOST_TEST(bench.dials == 0U);
    BOOST_TEST(!bench.state.pausing());
}

BOOST_AUTO_TEST_CASE(fault_118_not_while_a_connection_works)
{
    pausing_bench bench(100, 1);
    fake_waiter first;
    BOOST_REQUIRE(bench.state.enqueue(first));
    auto& working = bench.dial_succeeds();
    std::array<fake_waiter, 5> waiters;
    enqueue_all(bench, waiters);
    for (std::size_t count = 0; count < 3; ++count) {
        bench.dial_fails();
        BOOST_TEST(waiters[count].failed);
        BOOST_TEST(bench.state.waiting() == 4 - count);
        bench.advance(110ms);
    }
    bench.give_back(working);
    BOOST_TEST(waiters[3].connection() == &working);
}

BOOST_AUTO_TEST_CASE(fault_118_not_while_another_connection_is_being_made)
{
    pausing_bench bench(100, 3);
    std::array<fake_waiter, 5> waiters;
    enqueue_all(bench, waiters);
    bench.dial_fails();
    bench.dial_fails();
    BOOST_TEST(bench.state.waiting() == 3U);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(waiters[2].connection() == &made);
    BOOST_TEST(!waiters[3].failed);
    BOOST_TEST(!waiters[4].failed);
}

BOOST_AUTO_TEST_CASE(further_dials_are_begun_one_by_one)
{
    pausing_bench bench;
    std::array<fake_waiter, 1> first;
    enqueue_all(bench, first);
    bench.dial_fails();
    std::array<fake_waiter, 10> waiters;
    enqueue_all(bench, waiters);
    BOOST_TEST(bench.dials == 0U);
    for (std::size_t expected = 1; expected <= 3; ++expected) {
        bench.advance(110ms);
        BOOST_TEST(bench.dials == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_success_ends_the_pause_for_all)
{
    pausing_bench bench;
    std::array<fake_waiter, 1> first;
    enqueue_all(bench, first);
    bench.dial_fails();
    std::array<fake_waiter, 10> waiters;
    enqueue_all(bench, waiters);
    bench.advance(110ms);
    BOOST_TEST(bench.dials == 1U);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(waiters[0].connection() == &made);
    BOOST_TEST(!bench.state.pausing());
    BOOST_TEST(bench.dials == 9U);
    bench.dial_fails();
    BOOST_TEST(bench.failures_in_a_row == 1U);
}

BOOST_AUTO_TEST_CASE(failures_are_counted_for_longer_pauses)
{
    pausing_bench bench(100, 1);
    for (unsigned count = 1; count <= 20; ++count) {
        fake_waiter waiter;
        BOOST_REQUIRE(bench.state.enqueue(waiter));
        bench.advance(110ms);
        BOOST_REQUIRE(bench.dials == 1U);
        bench.dial_fails();
        BOOST_TEST(waiter.failed);
        BOOST_TEST(bench.failures_in_a_row == count);
    }
}

BOOST_AUTO_TEST_CASE(without_a_pause_nothing_waits)
{
    pausing_bench bench(100, 1);
    bench.dial_pause = 0ms;
    std::array<fake_waiter, 3> waiters;
    enqueue_all(bench, waiters);
    bench.dial_fails();
    BOOST_TEST(!bench.state.pausing());
    BOOST_TEST(bench.dials == 1U);
}

BOOST_AUTO_TEST_CASE(who_leaves_during_the_pause_causes_no_dial)
{
    pausing_bench bench;
    std::array<fake_waiter, 1> first;
    enqueue_all(bench, first);
    bench.dial_fails();
    {
        std::array<fake_waiter, 3> waiters;
        enqueue_all(bench, waiters);
        for (auto& each : waiters)
            bench.state.leave(each);
    }
    bench.advance(1h);
    BOOST_TEST(bench.dials == 0U);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_pool_ends_the_pause)
{
    pausing_bench bench;
    std::array<fake_waiter, 1> first;
    enqueue_all(bench, first);
    bench.dial_fails();
    std::array<fake_waiter, 2> waiters;
    enqueue_all(bench, waiters);
    bench.state.stop();
    bench.advance(1h);
    BOOST_TEST(bench.dials == 0U);
    for (auto& each : waiters)
        bench.state.leave(each);
}

BOOST_AUTO_TEST_SUITE_END()
