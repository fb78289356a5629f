#include "cli/arrival_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

std::vector<arrival_schedule::duration> first_of(arrival_schedule schedule, std::size_t count)
{
    std::vector<arrival_schedule::duration> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(schedule.next());
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(arrival_schedule_suite)

BOOST_AUTO_TEST_CASE(fixed_ones_do_not_drift)
{
    auto const all = first_of(arrival_schedule(arrivals::fixed, 3, 1), 300'001);
    BOOST_TEST((all[0] == 0s));
    BOOST_TEST((all[3] == 1s));
    BOOST_TEST((all[300'000] == 100'000s));
}

BOOST_AUTO_TEST_CASE(poisson_ones_come_at_their_rate)
{
    constexpr std::size_t count = 100'000;
    auto const all = first_of(arrival_schedule(arrivals::poisson, 50, 7), count + 1);
    BOOST_TEST((all[0] == 0s));
    std::size_t long_pauses = 0;
    for (std::size_t i = 1; i <= count; ++i) {
        BOOST_REQUIRE((all[i] >= all[i - 1]));
        long_pauses += all[i] - all[i - 1] > 20ms ? 1 : 0;
    }
    std::chrono::duration<double> const whole = all[count];
    // The mean pause is 20 ms, give or take a third of a percent (one standard deviation).
    BOOST_TEST(whole.count() > 1'970.0);
    BOOST_TEST(whole.count() < 2'030.0);
    // Exponentially distributed: one in e is longer than the mean.
    BOOST_TEST(long_pauses > 36'000U);
    BOOST_TEST(long_pauses < 37'600U);
}

BOOST_AUTO_TEST_CASE(the_seed_decides)
{
    auto const with_seed = [](std::uint64_t seed) {
        return first_of(arrival_schedule(arrivals::poisson, 50, seed), 10);
    };
    BOOST_TEST((with_seed(1) == with_seed(1)));
    BOOST_TEST((with_seed(1) != with_seed(2)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
