#include "core/retry.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

using namespace fluxer::auth;
using namespace std::chrono_literals;
using core::failed_attempt;
using core::retry_budget;
using core::retry_policy;

namespace {

constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

retry_options options_of(milliseconds base, milliseconds most)
{
    retry_options made;
    made.base_pause = base;
    made.max_pause = most;
    return made;
}

/// One that is attempted again.
failed_attempt passing(unsigned failures = 1)
{
    failed_attempt made;
    made.passing = true;
    made.repeatable = true;
    made.failures = failures;
    made.max_attempts = 100;
    made.time_left = 1h;
    return made;
}

retry_policy always(std::uint64_t number, retry_options const& options = {})
{
    return {options, [number] { return number; }};
}

unsigned taken_from(retry_budget& budget)
{
    unsigned count = 0;
    while (budget.take())
        ++count;
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_rules)

BOOST_AUTO_TEST_CASE(what_may_pass_by_itself)
{
    auto const passes = [](errc code, int status = 0) {
        error_info info;
        info.code = code;
        info.http_status = status;
        return core::passes_by_itself(info);
    };
    for (auto const status : {502, 503, 504})
        BOOST_TEST(passes(errc::server_error, status));
    for (auto const status : {200, 302, 400, 401, 429, 500, 501, 505})
        BOOST_TEST(!passes(errc::server_error, status));
    for (auto const code :
         {errc::resolve_failed, errc::connect_failed, errc::tls_failed, errc::connection_lost})
        BOOST_TEST(passes(code));
    for (auto const code :
         {errc::timed_out, errc::cancelled, errc::tls_untrusted, errc::tls_expired, errc::tls_wrong_host,
          errc::protocol_error, errc::queue_full, errc::shut_down, errc::proxy_failed})
        BOOST_TEST(!passes(code));
    error_info refused_for_now;
    refused_for_now.code = errc::proxy_failed;
    refused_for_now.cause = boost::system::errc::make_error_code(boost::system::errc::connection_reset);
    BOOST_TEST(core::passes_by_itself(refused_for_now));
}

BOOST_AUTO_TEST_CASE(a_budget_begins_with_its_reserve)
{
    for (unsigned const reserve : {0U, 1U, 10U, 1'000'000U}) {
        retry_budget budget(10, reserve);
        BOOST_TEST(taken_from(budget) == reserve);
        BOOST_TEST(!budget.take());
    }
}

BOOST_AUTO_TEST_CASE(calls_bring_in_their_part_and_no_more_than_the_reserve)
{
    retry_budget budget(30, 2);
    for (int count = 0; count < 1000; ++count)
        budget.call_started();
    BOOST_TEST(taken_from(budget) == 2U);
    for (int count = 0; count < 3; ++count)
        budget.call_started();
    BOOST_TEST(!budget.take());
    budget.call_started(); // 120 hundredths
    BOOST_TEST(budget.take());
    BOOST_TEST(!budget.take());
    for (int count = 0; count < 2; ++count)
        budget.call_started(); // 80
    BOOST_TEST(!budget.take());
    budget.call_started(); // 110
    BOOST_TEST(budget.take());
}

BOOST_AUTO_TEST_CASE(fault_112_all_failing_calls_get_their_percentage)
{
    for (unsigned const percent : {0U, 1U, 7U, 10U, 50U, 100U}) {
        retry_budget budget(percent, 5);
        unsigned taken = 0;
        for (int call = 0; call < 10'000; ++call) {
            budget.call_started();
            for (int attempt = 0; attempt < 9; ++attempt)
                taken += budget.take() ? 1U : 0U;
        }
        BOOST_TEST(taken <= 100 * percent + 5);
        BOOST_TEST(taken >= 100 * percent);
    }
}

BOOST_AUTO_TEST_CASE(without_a_reserve_there_is_no_retry)
{
    retry_budget budget(100, 0);
    for (int count = 0; count < 1000; ++count)
        budget.call_started();
    BOOST_TEST(!budget.take());
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest)
{
    for (unsigned failures = 1; failures <= 9; ++failures) {
        // The highest number is one that the range divides: the pause is the range's last but for the remainder.
        auto const bound = std::min<std::int64_t>(100LL << (failures - 1), 1000);
        std::int64_t least = bound;
        std::int64_t most = 0;
        for (std::int64_t number = 0; number <= bound; ++number) {
            auto policy = always(static_cast<std::uint64_t>(number), options_of(100ms, 1s));
            auto const verdict = policy.decide(passing(failures));
            BOOST_REQUIRE(verdict.again);
            least = std::min(least, verdict.pause.count());
            most = std::max(most, verdict.pause.count());
        }
        BOOST_TEST(least == 0);
        BOOST_TEST(most == bound);
        BOOST_TEST(always(highest, options_of(100ms, 1s)).decide(passing(failures)).pause.count() <= bound);
    }
}

BOOST_AUTO_TEST_CASE(very_many_failures_overflow_nothing)
{
    auto const verdict = always(highest, options_of(1h, 1h)).decide([] {
        auto failed = passing(4'000'000'000U);
        failed.max_attempts = std::numeric_limits<unsigned>::max();
        failed.time_left = 24h;
        return failed;
    }());
    BOOST_TEST(verdict.again);
    BOOST_TEST((verdict.pause >= 0ms && verdict.pause <= 1h));
}

BOOST_AUTO_TEST_CASE(fault_109_the_servers_wish_is_a_minimum)
{
    auto failed = passing();
    failed.retry_after = 3s;
    auto const verdict = always(70, options_of(100ms, 1s)).decide(failed);
    BOOST_TEST(verdict.again);
    BOOST_TEST((verdict.pause == 3070ms));
    BOOST_TEST(verdict.reason == "after the pause that the server asked for");
    BOOST_TEST(always(70, options_of(100ms, 1s)).decide(passing()).reason == "after a pause");
}

BOOST_AUTO_TEST_CASE(fault_106_fault_114_a_pause_must_end_before_the_call)
{
    auto failed = passing();
    failed.time_left = 71ms;
    BOOST_TEST(always(70, options_of(100ms, 1s)).decide(failed).again);
    failed.time_left = 70ms;
    auto const own = always(70, options_of(100ms, 1s)).decide(failed);
    BOOST_TEST(!own.again);
    BOOST_TEST(own.worth_telling);
    BOOST_TEST(own.reason == "the pause would outlast the call");
    failed.retry_after = 24h;
    failed.time_left = 24h;
    auto const asked = always(0, options_of(0ms, 0ms)).decide(failed);
    BOOST_TEST(!asked.again);
    BOOST_TEST(asked.reason == "the server asks for a pause that outlasts the call");
    failed.retry_after.reset();
    failed.time_left = 0ms;
    BOOST_TEST(!always(0, options_of(0ms, 0ms)).decide(failed).again);
}

BOOST_AUTO_TEST_CASE(refusals_have_reasons)
{
    auto policy = always(0);
    auto other_kind = passing();
    other_kind.passing = false;
    BOOST_TEST(!policy.decide(other_kind).again);
    BOOST_TEST(!policy.decide(other_kind).worth_telling);

    auto once = passing();
    once.max_attempts = 1;
    BOOST_TEST(!policy.decide(once).again);
    BOOST_TEST(!policy.decide(once).worth_telling);

    auto forbidden = passing();
    forbidden.repeatable = false;
    BOOST_TEST(policy.decide(forbidden).reason == "the operation must not be repeated");

    auto last = passing(3);
    last.max_attempts = 3;
    BOOST_TEST(policy.decide(last).reason == "all attempts were made (retry.max_attempts)");
    last.failures = 2;
    BOOST_TEST(policy.decide(last).again);
}

BOOST_AUTO_TEST_CASE(refusals_cost_nothing)
{
    retry_options options;
    options.budget_percent = 0;
    options.budget_reserve = 1;
    options.base_pause = 0ms;
    auto policy = always(0, options);
    auto failed = passing();
    for (int count = 0; count < 10; ++count) {
        failed = passing();
        failed.repeatable = false;
        BOOST_TEST(!policy.decide(failed).again);
        failed = passing(100);
        BOOST_TEST(!policy.decide(failed).again);
        failed = passing();
        failed.retry_after = 2h;
        BOOST_TEST(!policy.decide(failed).again);
    }
    BOOST_TEST(policy.decide(passing()).again);
    auto const broke = policy.decide(passing());
    BOOST_TEST(!broke.again);
    BOOST_TEST(broke.worth_telling);
    BOOST_TEST(broke.reason == "the client's budget for further attempts is used up (retry.budget_percent)");
}

BOOST_DATA_TEST_CASE(fault_111_what_must_not_be_repeated_never_is, boost::unit_test::data::xrange(64U), bits)
{
    auto failed = passing((bits & 1U) != 0 ? 1 : 5);
    failed.repeatable = false;
    failed.passing = (bits & 2U) != 0;
    failed.max_attempts = (bits & 4U) != 0 ? 100 : 3;
    if ((bits & 8U) != 0)
        failed.retry_after = 0ms;
    failed.time_left = (bits & 16U) != 0 ? 1h : 0ms;
    BOOST_TEST(!always((bits & 32U) != 0 ? highest : 0).decide(failed).again);
}

BOOST_AUTO_TEST_SUITE_END()
