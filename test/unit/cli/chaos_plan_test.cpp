#include "cli/chaos_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

chaos_rates no_faults()
{
    chaos_rates rates;
    rates.refuse = rates.delay = rates.split = rates.reset = rates.truncate = rates.black_hole = 0;
    return rates;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chaos_plan_suite)

BOOST_AUTO_TEST_CASE(without_rates_nothing_happens)
{
    chaos_plan plan(no_faults(), 1);
    for (int i = 0; i < 1'000; ++i) {
        BOOST_TEST(!plan.refuses());
        BOOST_TEST(!plan.next(100).fault.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_certain_fault_always_happens)
{
    auto rates = no_faults();
    rates.refuse = 1'000'000;
    rates.truncate = 1'000'000;
    chaos_plan plan(rates, 1);
    BOOST_TEST(plan.refuses());
    for (int i = 0; i < 1'000; ++i) {
        auto const fate = plan.next(3);
        BOOST_CHECK(fate.fault == chaos_kind::truncate);
        BOOST_TEST(fate.size < 3U); // never the whole chunk
    }
}

BOOST_AUTO_TEST_CASE(one_byte_is_truncated_to_nothing)
{
    auto rates = no_faults();
    rates.truncate = 1'000'000;
    chaos_plan plan(rates, 5);
    BOOST_TEST(plan.next(1).size == 0U);
}

BOOST_AUTO_TEST_CASE(each_kind_is_as_frequent_as_its_rate)
{
    chaos_rates rates;
    rates.delay = 50'000;
    rates.split = 40'000;
    rates.reset = 30'000;
    rates.truncate = 20'000;
    rates.black_hole = 10'000;
    chaos_plan plan(rates, 42);
    std::map<chaos_kind, int> seen;
    for (int i = 0; i < 100'000; ++i) {
        auto const fate = plan.next(1'000);
        if (!fate.fault)
            continue;
        ++seen[*fate.fault];
        BOOST_TEST((fate.fault == chaos_kind::delay) == (fate.delay > 0ms));
        BOOST_TEST(fate.delay <= 40ms);
        if (fate.fault == chaos_kind::split)
            BOOST_TEST((fate.size >= 1 && fate.size <= 32));
    }
    // The standard deviation is at most 70.
    BOOST_TEST(std::abs(seen[chaos_kind::delay] - 5'000) < 400);
    BOOST_TEST(std::abs(seen[chaos_kind::split] - 4'000) < 400);
    BOOST_TEST(std::abs(seen[chaos_kind::reset] - 3'000) < 400);
    BOOST_TEST(std::abs(seen[chaos_kind::truncate] - 2'000) < 400);
    BOOST_TEST(std::abs(seen[chaos_kind::black_hole] - 1'000) < 400);
    BOOST_TEST(seen.count(chaos_kind::refuse) == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_seed_has_the_same_course)
{
    auto const course = [](std::uint64_t seed) {
        chaos_plan plan(chaos_rates{}, seed);
        std::string all;
        for (int i = 0; i < 500; ++i) {
            auto const fate = plan.next(1'000);
            all += fate.fault ? to_string(*fate.fault) : ".";
        }
        return all;
    };
    BOOST_TEST(course(chaos_seed(1, 7)) == course(chaos_seed(1, 7)));
    BOOST_TEST(course(chaos_seed(1, 7)) != course(chaos_seed(1, 8)));
    BOOST_TEST(course(chaos_seed(1, 7)) != course(chaos_seed(2, 7)));
}

BOOST_AUTO_TEST_CASE(kinds_have_names)
{
    for (std::size_t i = 0; i < chaos_kinds; ++i)
        BOOST_TEST(to_string(static_cast<chaos_kind>(i)) != "unknown");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
