#include "unit/core/pool_state_support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

using namespace fluxer::auth::test;
using fluxer::auth::core::close_reason;
using fluxer::auth::core::pool_settings;

namespace {

pool_settings settings(std::size_t connections, std::size_t connecting = 100, std::size_t waiting = 100)
{
    pool_settings made;
    made.max_connections = connections;
    made.max_connecting = connecting;
    made.max_waiting = waiting;
    made.idle_timeout = 10s;
    return made;
}

/// Gets a connection by waiting for a dial.
fake_connection& dialled(pool_bench& bench)
{
    fake_waiter waiter;
    BOOST_REQUIRE(bench.state.enqueue(waiter));
    auto& made = bench.dial_succeeds();
    BOOST_REQUIRE(waiter.connection() == &made);
    ++made.uses;
    return made;
}

void check_gauges(
    pool_bench const& bench, std::size_t idle, std::size_t in_use, std::size_t connecting,
    std::size_t waiting)
{
    BOOST_TEST(bench.state.idle() == idle);
    BOOST_TEST(bench.state.in_use() == in_use);
    BOOST_TEST(bench.state.connecting() == connecting);
    BOOST_TEST(bench.state.waiting() == waiting);
    BOOST_TEST(bench.state.total() == idle + in_use + connecting);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_states)

BOOST_AUTO_TEST_CASE(an_empty_pool_has_nothing)
{
    pool_bench bench(settings(2));
    BOOST_TEST(bench.checkout() == nullptr);
    BOOST_TEST(bench.dials == 0U);
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(fault_015_never_more_connections_than_allowed_dials_included)
{
    pool_bench bench(settings(3));
    std::array<fake_waiter, 5> waiters;
    for (auto& waiter : waiters)
        BOOST_TEST(bench.state.enqueue(waiter));
    BOOST_TEST(bench.dials == 3U);
    check_gauges(bench, 0, 0, 3, 5);
    bench.dial_succeeds();
    BOOST_TEST(bench.dials == 2U);
    check_gauges(bench, 0, 1, 2, 4);
    bench.dial_fails();
    BOOST_TEST(bench.dials == 2U);
    check_gauges(bench, 0, 1, 2, 3);
}

BOOST_AUTO_TEST_CASE(no_more_dials_at_a_time_than_allowed)
{
    pool_bench bench(settings(10, 2));
    std::array<fake_waiter, 4> waiters;
    for (auto& waiter : waiters)
        BOOST_TEST(bench.state.enqueue(waiter));
    BOOST_TEST(bench.dials == 2U);
    bench.dial_succeeds();
    BOOST_TEST(bench.dials == 2U);
    bench.dial_fails();
    BOOST_TEST(bench.dials == 2U);
    bench.dial_succeeds();
    BOOST_TEST(bench.dials == 1U);
    check_gauges(bench, 0, 2, 1, 1);
}

BOOST_AUTO_TEST_CASE(the_connection_used_last_goes_out_first)
{
    pool_bench bench(settings(3));
    auto& first = dialled(bench);
    auto& second = dialled(bench);
    auto& third = dialled(bench);
    bench.give_back(second);
    bench.give_back(third);
    bench.give_back(first);
    BOOST_TEST(bench.checkout() == &first);
    BOOST_TEST(bench.checkout() == &third);
    BOOST_TEST(bench.checkout() == &second);
    BOOST_TEST(bench.checkout() == nullptr);
    BOOST_TEST(first.was_idle);
}

BOOST_AUTO_TEST_CASE(fault_018_waiters_are_served_in_their_order_and_nobody_barges)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    std::array<fake_waiter, 3> waiters;
    for (auto& waiter : waiters)
        BOOST_TEST(bench.state.enqueue(waiter));
    for (auto& waiter : waiters) {
        bench.give_back(only);
        BOOST_TEST(waiter.connection() == &only);
        BOOST_TEST(waiter.woken == 1);
        // Who comes just now gets nothing: the connection was handed over, not left lying about.
        BOOST_TEST(bench.checkout() == nullptr);
        BOOST_TEST(!only.was_idle);
    }
    check_gauges(bench, 0, 1, 0, 0);
}

BOOST_AUTO_TEST_CASE(who_was_served_with_what_is_of_no_use_is_the_first_again)
{
    pool_bench bench(settings(1, 1, 1));
    auto& only = dialled(bench);
    fake_waiter first;
    BOOST_TEST(bench.state.enqueue(first));
    bench.give_back(only);
    BOOST_TEST(first.connection() == &only);
    fake_waiter other;
    BOOST_TEST(bench.state.enqueue(other));
    bench.state.drop(only, close_reason::unexpected_bytes);
    fake_waiter again;
    again.served_before = true;
    BOOST_TEST(bench.state.enqueue(again)); // full for others only
    auto& next = bench.dial_succeeds();
    BOOST_TEST(again.connection() == &next);
    bench.give_back(next);
    BOOST_TEST(other.connection() == &next);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded)
{
    pool_bench bench(settings(1, 1, 2));
    std::array<fake_waiter, 3> waiters;
    BOOST_TEST(bench.state.enqueue(waiters[0]));
    BOOST_TEST(bench.state.enqueue(waiters[1]));
    BOOST_TEST(!bench.state.enqueue(waiters[2]));
    check_gauges(bench, 0, 0, 1, 2);
    bench.state.leave(waiters[0]);
    BOOST_TEST(bench.state.enqueue(waiters[2]));
    pool_bench none(settings(1, 1, 0));
    fake_waiter waiter;
    BOOST_TEST(!none.state.enqueue(waiter));
    BOOST_TEST(none.dials == 0U);
}

BOOST_AUTO_TEST_CASE(a_dialled_connection_goes_to_the_head_of_the_queue)
{
    pool_bench bench(settings(3, 1));
    fake_waiter first;
    fake_waiter second;
    bench.state.enqueue(first);
    bench.state.enqueue(second);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(first.connection() == &made);
    BOOST_TEST(second.handed == nullptr);
    BOOST_TEST(bench.dials == 1U);
}

BOOST_AUTO_TEST_CASE(fault_022_a_dial_whose_waiter_got_a_returned_connection_is_pooled)
{
    pool_bench bench(settings(2));
    auto& old = dialled(bench);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    BOOST_TEST(bench.dials == 1U);
    bench.give_back(old);
    BOOST_TEST(waiter.connection() == &old);
    auto& made = bench.dial_succeeds();
    check_gauges(bench, 1, 1, 0, 0);
    BOOST_TEST(bench.checkout() == &made);
    BOOST_TEST(made.was_idle);
}

BOOST_AUTO_TEST_CASE(a_failed_dial_fails_the_head_only_and_the_next_dial_starts)
{
    pool_bench bench(settings(1));
    fake_waiter first;
    fake_waiter second;
    bench.state.enqueue(first);
    bench.state.enqueue(second);
    BOOST_TEST(bench.dials == 1U);
    bench.dial_fails();
    BOOST_TEST(first.failed);
    BOOST_TEST(first.woken == 1);
    BOOST_TEST(!second.failed);
    BOOST_TEST(bench.dials == 1U);
    bench.dial_succeeds();
    BOOST_TEST(second.handed != nullptr);
}

BOOST_AUTO_TEST_CASE(a_failed_dial_that_nobody_waits_for_fails_nobody)
{
    pool_bench bench(settings(1));
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.state.leave(waiter);
    bench.dial_fails();
    BOOST_TEST(waiter.woken == 0);
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(who_leaves_frees_the_place)
{
    pool_bench bench(settings(1, 1, 3));
    std::array<fake_waiter, 3> waiters;
    for (auto& waiter : waiters)
        bench.state.enqueue(waiter);
    BOOST_TEST(bench.state.position(waiters[2]) == 2U);
    bench.state.leave(waiters[1]);
    BOOST_TEST(bench.state.position(waiters[2]) == 1U);
    bench.state.leave(waiters[1]);
    check_gauges(bench, 0, 0, 1, 2);
    bench.state.leave(waiters[0]);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(waiters[2].connection() == &made);
    BOOST_TEST(waiters[0].handed == nullptr);
    // Leaving after being served changes nothing.
    bench.state.leave(waiters[2]);
    check_gauges(bench, 0, 1, 0, 0);
}

BOOST_AUTO_TEST_CASE(idle_connections_expire)
{
    pool_bench bench(settings(2));
    bench.give_back(dialled(bench));
    bench.advance(9'990ms);
    check_gauges(bench, 1, 0, 0, 0);
    bench.advance(20ms);
    check_gauges(bench, 0, 0, 0, 0);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::idle_timeout));
}

BOOST_AUTO_TEST_CASE(being_used_puts_the_idle_timeout_off)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    for (int count = 0; count < 5; ++count) {
        bench.give_back(only);
        bench.advance(9s);
        BOOST_REQUIRE(bench.checkout() == &only);
        bench.advance(20s);
    }
    BOOST_TEST(bench.discarded.empty());
}

BOOST_AUTO_TEST_CASE(the_servers_hint_lowers_the_idle_timeout)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    only.keep_alive = 4s;
    bench.give_back(only);
    bench.advance(4'010ms);
    check_gauges(bench, 0, 0, 0, 0);
    auto& other = dialled(bench);
    other.keep_alive = 1h;
    bench.give_back(other);
    bench.advance(10'010ms);
    check_gauges(bench, 0, 0, 0, 0);
    // "timeout=0", less a second: gone at once.
    auto& third = dialled(bench);
    third.keep_alive = -1s;
    bench.give_back(third);
    bench.advance(4ms);
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(fault_014_age_retires_on_return_and_not_in_use)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    only.retire_at = bench.now + 5s;
    bench.give_back(only);
    BOOST_TEST(bench.checkout() == &only);
    bench.advance(6s);
    BOOST_TEST(bench.discarded.empty());
    bench.give_back(only);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::too_old));
    auto& next = dialled(bench);
    next.retire_at = bench.now + 5s;
    bench.give_back(next);
    bench.advance(6s);
    BOOST_TEST(bench.checkout() == nullptr);
    BOOST_TEST((bench.discarded.back().why == close_reason::too_old));
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(enough_requests_retire_on_return)
{
    auto made = settings(1);
    made.max_requests = 2;
    pool_bench bench(made);
    auto& only = dialled(bench);
    bench.give_back(only);
    BOOST_TEST(bench.checkout() == &only);
    ++only.uses;
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.give_back(only);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::enough_requests));
    // Who waited gets a new one instead.
    BOOST_TEST(bench.dials == 1U);
    BOOST_TEST(waiter.handed == nullptr);
}

BOOST_AUTO_TEST_CASE(a_dropped_connection_makes_room_for_a_dial)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    BOOST_TEST(bench.dials == 0U);
    bench.state.drop(only, close_reason::not_reusable);
    BOOST_TEST(bench.dials == 1U);
    check_gauges(bench, 0, 0, 1, 1);
}

BOOST_AUTO_TEST_CASE(a_fresh_waiter_takes_no_used_connection)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    fake_waiter fresh(true);
    bench.state.enqueue(fresh);
    bench.give_back(only);
    // The returned one had to make room.
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::make_room));
    BOOST_TEST(bench.dials == 1U);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(fresh.connection() == &made);
    BOOST_TEST(!made.was_idle);
}

BOOST_AUTO_TEST_CASE(a_fresh_waiter_takes_the_oldest_idle_connections_room)
{
    pool_bench bench(settings(2));
    auto& first = dialled(bench);
    auto& second = dialled(bench);
    bench.give_back(first);
    bench.give_back(second);
    fake_waiter fresh(true);
    bench.state.enqueue(fresh);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST(bench.discarded[0].number == 1);
    BOOST_TEST(bench.checkout() == &second);
}

BOOST_AUTO_TEST_CASE(a_used_connection_passes_a_fresh_waiter_by_whose_own_is_being_made)
{
    pool_bench bench(settings(2));
    auto& used = dialled(bench);
    fake_waiter fresh(true);
    fake_waiter plain;
    bench.state.enqueue(fresh);
    bench.state.enqueue(plain);
    BOOST_TEST(bench.dials == 1U);
    bench.give_back(used);
    BOOST_TEST(plain.connection() == &used);
    BOOST_TEST(fresh.handed == nullptr);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(fresh.connection() == &made);
}

BOOST_AUTO_TEST_CASE(fault_018_those_behind_a_fresh_waiter_do_not_take_every_place)
{
    pool_bench bench(settings(1));
    auto& only = dialled(bench);
    fake_waiter fresh(true);
    fake_waiter plain;
    bench.state.enqueue(fresh);
    bench.state.enqueue(plain);
    bench.give_back(only);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::make_room));
    BOOST_TEST(plain.handed == nullptr);
    auto& made = bench.dial_succeeds();
    BOOST_TEST(fresh.connection() == &made);
    bench.give_back(made);
    BOOST_TEST(plain.connection() == &made);
}

BOOST_AUTO_TEST_CASE(dials_that_fail_at_once_do_not_begin_within_each_other)
{
    pool_bench bench(settings(2, 100, 1'000));
    auto& kept = dialled(bench);
    auto& dropped = dialled(bench);
    std::vector<fake_waiter> waiters(500);
    for (auto& waiter : waiters)
        bench.state.enqueue(waiter);
    bench.dials_over_at_once = waiters.size() - 1;
    bench.state.drop(dropped, close_reason::dead);
    BOOST_TEST(bench.deepest_dial == 1U);
    BOOST_TEST(bench.dials_over_at_once == 0U);
    check_gauges(bench, 0, 1, 1, 1);
    bench.give_back(kept);
    BOOST_TEST(waiters.back().connection() == &kept);
}

BOOST_AUTO_TEST_CASE(dials_ahead_of_need_end_with_the_first_that_fails_at_once)
{
    pool_bench bench(settings(3));
    bench.dials_over_at_once = 2;
    bench.state.grow_to(3);
    BOOST_TEST(bench.dials_over_at_once == 1U);
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(connections_ahead_of_need)
{
    pool_bench bench(settings(4, 3));
    bench.state.grow_to(10);
    BOOST_TEST(bench.dials == 3U);
    bench.dial_succeeds();
    bench.state.grow_to(10);
    BOOST_TEST(bench.dials == 3U);
    check_gauges(bench, 1, 0, 3, 0);
    bench.state.grow_to(2);
    BOOST_TEST(bench.dials == 3U);
}

BOOST_AUTO_TEST_CASE(draining_keeps_nothing_but_serves)
{
    pool_bench bench(settings(2));
    auto& first = dialled(bench);
    auto& second = dialled(bench);
    bench.give_back(first);
    bench.state.drain();
    check_gauges(bench, 0, 1, 0, 0);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.give_back(second);
    BOOST_TEST(waiter.connection() == &second);
    bench.give_back(second);
    // The dial that was started for the waiter is of no use any more.
    bench.dial_succeeds();
    check_gauges(bench, 0, 0, 0, 0);
    for (auto const& gone : bench.discarded)
        BOOST_TEST((gone.why == close_reason::stopped));
    bench.state.grow_to(2);
    BOOST_TEST(bench.dials == 0U);
}

BOOST_AUTO_TEST_CASE(a_stopped_pool_closes_whatever_comes_back)
{
    pool_bench bench(settings(3));
    auto& first = dialled(bench);
    auto& second = dialled(bench);
    bench.give_back(first);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.state.stop();
    bench.give_back(second);
    bench.dial_succeeds();
    BOOST_TEST(waiter.handed == nullptr);
    check_gauges(bench, 0, 0, 0, 1);
    BOOST_TEST(bench.connections.empty());
    BOOST_TEST(bench.checkout() == nullptr);
    bench.state.leave(waiter);
}

BOOST_AUTO_TEST_CASE(fault_024_108_who_was_destroyed_leaves_no_trace)
{
    pool_bench bench(settings(2));
    auto& used = dialled(bench);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.abandon(used);
    check_gauges(bench, 0, 0, 1, 1);
    bench.state.dial_abandoned();
    bench.state.leave(waiter);
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(fault_121_a_dial_that_cannot_be_started_fails_its_waiter)
{
    pool_bench bench(settings(1));
    bench.failing_dials = 1;
    fake_waiter waiter;
    BOOST_TEST(bench.state.enqueue(waiter));
    BOOST_TEST(waiter.failed);
    BOOST_TEST(waiter.woken == 1);
    check_gauges(bench, 0, 0, 0, 0);
    fake_waiter next;
    bench.state.enqueue(next);
    BOOST_TEST(next.connection() == &bench.dial_succeeds());
}

BOOST_AUTO_TEST_CASE(fault_121_a_dial_that_throws_late_is_counted_until_it_is_gone)
{
    pool_bench bench(settings(1));
    bench.failing_dials = 1;
    bench.fail_late = true;
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    BOOST_TEST(waiter.failed);
    check_gauges(bench, 0, 0, 1, 0);
    bench.lost_dial_goes();
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(fault_121_whoever_gives_back_is_not_told_of_a_dial_that_cannot_be_started)
{
    pool_bench bench(settings(1));
    auto& used = dialled(bench);
    fake_waiter first;
    fake_waiter second;
    bench.state.enqueue(first);
    bench.state.enqueue(second);
    bench.failing_dials = 1;
    BOOST_CHECK_NO_THROW(bench.state.drop(used, close_reason::not_reusable));
    BOOST_TEST(first.failed);
    BOOST_TEST(!second.failed);
    check_gauges(bench, 0, 0, 1, 1);
    BOOST_TEST(second.connection() == &bench.dial_succeeds());
}

BOOST_AUTO_TEST_CASE(fault_121_dials_ahead_of_need_end_with_the_first_that_cannot_be_started)
{
    pool_bench bench(settings(4, 4));
    bench.failing_dials = 1;
    BOOST_CHECK_NO_THROW(bench.state.grow_to(4));
    check_gauges(bench, 0, 0, 0, 0);
    bench.state.grow_to(4);
    BOOST_TEST(bench.dials == 4U);
}

BOOST_AUTO_TEST_CASE(fault_121_what_has_no_idle_timeout_is_not_kept)
{
    pool_bench bench(settings(1));
    auto& used = dialled(bench);
    bench.failing_arms = 1;
    BOOST_CHECK_NO_THROW(bench.give_back(used));
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::no_memory));
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_that_was_destroyed_is_served_a_moment_later)
{
    pool_bench bench(settings(1));
    auto& used = dialled(bench);
    fake_waiter waiter;
    bench.state.enqueue(waiter);
    bench.abandon(used);
    BOOST_TEST(bench.dials == 0U);
    bench.advance(core::timer_wheel::tick);
    BOOST_TEST(bench.dials == 1U);
    bench.dial_succeeds();
    BOOST_TEST(waiter.woken == 1);
}

BOOST_AUTO_TEST_CASE(a_server_may_bound_the_requests_of_a_connection)
{
    pool_bench bench(settings(1));
    auto& used = dialled(bench);
    used.uses = 5;
    used.last_use = 6;
    bench.give_back(used);
    BOOST_REQUIRE(bench.checkout() == &used);
    ++used.uses;
    bench.give_back(used);
    BOOST_REQUIRE(bench.discarded.size() == 1U);
    BOOST_TEST((bench.discarded[0].why == close_reason::enough_requests));
    check_gauges(bench, 0, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(every_reason_has_words)
{
    for (int value = 0; value <= static_cast<int>(close_reason::no_memory); ++value)
        BOOST_TEST(to_string(static_cast<close_reason>(value)) != "unknown");
    BOOST_TEST(to_string(static_cast<close_reason>(99)) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
