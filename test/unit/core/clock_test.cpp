#include <fluxer/auth/clock.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using fluxer::auth::manual_clock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(manual_clocks)

BOOST_AUTO_TEST_CASE(moves_only_when_told)
{
    manual_clock clock;
    auto const start = clock.now();
    std::this_thread::sleep_for(2ms);
    BOOST_TEST((clock.now() == start));
    clock.advance(5ms);
    clock.advance(1h);
    BOOST_TEST((clock.now() - start == 1h + 5ms));
}

BOOST_AUTO_TEST_CASE(wakes_what_is_due_once_and_in_order)
{
    manual_clock clock;
    auto const start = clock.now();
    std::vector<int> woken;
    clock.wake_at(start + 30ms, [&] { woken.push_back(3); });
    clock.wake_at(start + 10ms, [&] { woken.push_back(1); });
    clock.wake_at(start + 20ms, [&] { woken.push_back(2); });
    clock.advance(9ms);
    BOOST_TEST(woken.empty());
    clock.advance(1ms);
    BOOST_TEST(woken == (std::vector<int>{1}), boost::test_tools::per_element());
    clock.advance(1h);
    BOOST_TEST(woken == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
    clock.advance(1h);
    BOOST_TEST(woken.size() == 3U);
}

BOOST_AUTO_TEST_CASE(who_is_woken_may_ask_again)
{
    manual_clock clock;
    int woken = 0;
    std::function<void()> const again = [&] {
        ++woken;
        clock.wake_at(clock.now() + 10ms, again);
    };
    clock.wake_at(clock.now() + 10ms, again);
    for (int count = 1; count <= 5; ++count) {
        clock.advance(10ms);
        BOOST_TEST(woken == count);
    }
}

BOOST_AUTO_TEST_CASE(never_wakes_within_wake_at)
{
    manual_clock clock;
    bool woken = false;
    clock.wake_at(clock.now() - 1s, [&] { woken = true; });
    BOOST_TEST(!woken);
    clock.advance(0ms);
    BOOST_TEST(woken);
}

BOOST_AUTO_TEST_CASE(threads_may_share_it)
{
    manual_clock clock;
    std::atomic<int> woken{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&] {
            for (int count = 0; count < 500; ++count) {
                clock.wake_at(clock.now() + 1ms, [&] { ++woken; });
                clock.advance(1ms);
            }
        });
    for (auto& each : threads)
        each.join();
    clock.advance(1ms);
    BOOST_TEST(woken == 2000);
}

BOOST_AUTO_TEST_SUITE_END()
