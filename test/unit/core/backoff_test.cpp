#include "core/backoff.hpp"

#include "core/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

using fluxer::auth::core::backoff;
using fluxer::auth::core::random_source;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(backoffs)

BOOST_AUTO_TEST_CASE(bound_doubles_up_to_the_maximum)
{
    backoff const pauses(100ms, 1000ms);
    BOOST_TEST((pauses.bound(0) == 100ms));
    BOOST_TEST((pauses.bound(1) == 100ms));
    BOOST_TEST((pauses.bound(2) == 200ms));
    BOOST_TEST((pauses.bound(4) == 800ms));
    BOOST_TEST((pauses.bound(5) == 1000ms));
    BOOST_TEST((pauses.bound(std::numeric_limits<unsigned>::max()) == 1000ms));
}

BOOST_AUTO_TEST_CASE(odd_limits_are_put_right)
{
    BOOST_TEST((backoff(0ms, 1000ms).bound(1'000'000) == 0ms));
    BOOST_TEST((backoff(-5ms, -7ms).bound(3) == 0ms));
    BOOST_TEST((backoff(100ms, 10ms).bound(9) == 100ms));
    BOOST_TEST((backoff(1ms, backoff::duration::max()).bound(200) == backoff::duration::max()));
}

BOOST_AUTO_TEST_CASE(pause_is_anything_up_to_the_bound)
{
    backoff const pauses(100ms, 1000ms);
    BOOST_TEST((pauses.pause(1, [] { return std::uint64_t{0}; }) == 0ms));
    BOOST_TEST((pauses.pause(1, [] { return std::uint64_t{100}; }) == 100ms));
    BOOST_TEST((pauses.pause(1, [] { return std::uint64_t{101}; }) == 0ms));
    random_source random(1);
    auto shortest = 1000ms;
    auto longest = 0ms;
    for (int count = 0; count < 1000; ++count) {
        auto const pause = pauses.pause(3, [&random] { return random(); });
        shortest = std::min(shortest, pause);
        longest = std::max(longest, pause);
    }
    BOOST_TEST((shortest < 20ms));
    BOOST_TEST((longest > 380ms && longest <= 400ms));
}

// The reference implementation's first numbers for seed 1234567.
BOOST_AUTO_TEST_CASE(random_numbers_are_those_of_splitmix64)
{
    random_source random(1234567);
    BOOST_TEST(random() == 6457827717110365317U);
    BOOST_TEST(random() == 3203168211198807973U);
    BOOST_TEST(random() == 9817491932198370423U);
}

BOOST_AUTO_TEST_CASE(unseeded_sources_differ)
{
    random_source first;
    random_source second;
    BOOST_TEST(first() != second());
}

BOOST_AUTO_TEST_SUITE_END()
