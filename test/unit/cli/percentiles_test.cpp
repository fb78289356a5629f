#include "cli/percentiles.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

/// 1 us to `count` us, in an order that is not sorted.
duration_samples samples(int count)
{
    duration_samples all;
    for (int i = 2; i <= count; i += 2)
        all.add(std::chrono::microseconds(i));
    for (int i = 1; i <= count; i += 2)
        all.add(std::chrono::microseconds(i));
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(percentiles_suite)

BOOST_AUTO_TEST_CASE(none)
{
    BOOST_TEST(duration_samples{}.percentile(50).count() == 0);
}

BOOST_AUTO_TEST_CASE(one)
{
    auto const only = samples(1);
    for (double const percent : {0.0, 50.0, 99.0, 100.0})
        BOOST_TEST(only.percentile(percent).count() == 1);
}

BOOST_AUTO_TEST_CASE(nearest_rank)
{
    auto const hundred = samples(100);
    BOOST_TEST(hundred.size() == 100U);
    BOOST_TEST(hundred.percentile(0).count() == 1);
    BOOST_TEST(hundred.percentile(1).count() == 1);
    BOOST_TEST(hundred.percentile(50).count() == 50);
    BOOST_TEST(hundred.percentile(99).count() == 99);
    BOOST_TEST(hundred.percentile(99.5).count() == 100);
    BOOST_TEST(hundred.percentile(100).count() == 100);
}

BOOST_AUTO_TEST_CASE(every_whole_percent_of_a_hundred_is_its_own_rank)
{
    auto const hundred = samples(100);
    for (int percent = 1; percent <= 100; ++percent)
        BOOST_TEST(hundred.percentile(percent).count() == percent);
}

BOOST_AUTO_TEST_CASE(few)
{
    auto const three = samples(3);
    BOOST_TEST(three.percentile(50).count() == 2);
    BOOST_TEST(three.percentile(99).count() == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
