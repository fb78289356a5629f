#include "cli/duration_histogram.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(duration_histogram_suite)

BOOST_AUTO_TEST_CASE(without_samples)
{
    duration_histogram const empty;
    BOOST_TEST(empty.size() == 0U);
    BOOST_CHECK(empty.percentile(50) == 0us);
    BOOST_CHECK(empty.largest() == 0us);
}

BOOST_AUTO_TEST_CASE(small_durations_are_exact)
{
    duration_histogram samples;
    for (int i = 1; i <= 20; ++i)
        samples.add(std::chrono::microseconds(i));
    for (int i = 1; i <= 20; ++i)
        BOOST_CHECK(samples.percentile(5.0 * i) == std::chrono::microseconds(i));
}

BOOST_AUTO_TEST_CASE(each_duration_is_rounded_up_by_a_sixteenth_at_most)
{
    for (std::int64_t exact = 1; exact < 100'000'000'000; exact += 1 + exact / 7) {
        duration_histogram samples;
        samples.add(std::chrono::microseconds(exact));
        samples.add(24h * 365);
        auto const found = samples.percentile(50).count();
        BOOST_TEST(found >= exact);
        BOOST_TEST(found <= exact + exact / 16);
    }
}

BOOST_AUTO_TEST_CASE(percentiles_by_nearest_rank)
{
    duration_histogram samples;
    for (int i = 0; i < 99; ++i)
        samples.add(10us);
    samples.add(5s);
    BOOST_TEST(samples.size() == 100U);
    BOOST_CHECK(samples.percentile(0) == 10us);
    BOOST_CHECK(samples.percentile(99) == 10us);
    BOOST_CHECK(samples.percentile(99.5) == 5s); // the largest, so not rounded
    BOOST_CHECK(samples.largest() == 5s);
}

BOOST_AUTO_TEST_CASE(less_than_nothing_is_nothing)
{
    duration_histogram samples;
    samples.add(-1s);
    BOOST_CHECK(samples.percentile(100) == 0us);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
