#include "sandbox/rate_limits.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth::sandbox_detail;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(rate_limits)

BOOST_AUTO_TEST_CASE(a_burst_then_one_request_per_slot)
{
    rate_limiter limits;
    rate const allowance{5, 60s};
    time_point now{1000000s};
    for (int i = 0; i < 5; ++i) {
        auto const decision = limits.take("k", allowance, now);
        BOOST_TEST(decision.allowed);
        BOOST_TEST(decision.remaining == 4 - i);
    }
    auto refused = limits.take("k", allowance, now);
    BOOST_TEST(!refused.allowed);
    BOOST_TEST(refused.retry_after == 12);
    BOOST_TEST((refused.free_again == now + 60s));

    refused = limits.take("k", allowance, now + 11500ms);
    BOOST_TEST(!refused.allowed);
    BOOST_TEST(refused.retry_after == 1);
    BOOST_TEST(limits.take("k", allowance, now + 12s).allowed);
    BOOST_TEST(!limits.take("k", allowance, now + 12s).allowed);
}

BOOST_AUTO_TEST_CASE(keys_are_apart_and_buckets_drain)
{
    rate_limiter limits;
    rate const allowance{1, 10s};
    time_point const now{1000000s};
    BOOST_TEST(limits.take("a", allowance, now).allowed);
    BOOST_TEST(limits.take("b", allowance, now).allowed);
    BOOST_TEST(!limits.take("a", allowance, now).allowed);
    auto const later = limits.take("a", allowance, now + 10s);
    BOOST_TEST(later.allowed);
    BOOST_TEST((later.free_again == now + 20s));
}

BOOST_AUTO_TEST_SUITE_END()
