#include "core/retry_after.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <string_view>

using namespace fluxer::auth;
using namespace fluxer::auth::core;
using namespace std::chrono_literals;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
constexpr timestamp example = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

milliseconds::rep wait(std::string_view text, timestamp now = example)
{
    auto const parsed = parse_retry_after(text, now);
    return parsed ? parsed->count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(fault_109_seconds_are_taken_with_fraction_and_rounded_up)
{
    BOOST_TEST(wait("0") == 0);
    BOOST_TEST(wait("5") == 5000);
    BOOST_TEST(wait(" 120 ") == 120'000);
    BOOST_TEST(wait("+7") == 7000);
    BOOST_TEST(wait("1.5") == 1500);
    BOOST_TEST(wait("1.1") == 1100);
    BOOST_TEST(wait("0.0001") == 1);
    BOOST_TEST(wait("1.0001") == 1001);
}

BOOST_AUTO_TEST_CASE(fault_109_waits_stay_between_now_and_a_day)
{
    BOOST_TEST(wait("-5") == 0);
    BOOST_TEST(wait("-0.1") == 0);
    BOOST_TEST(wait("86400") == 86'400'000);
    BOOST_TEST(wait("86401") == 86'400'000);
    BOOST_TEST(wait("999999999999999999999999999") == 86'400'000);
    BOOST_TEST(wait(std::string(400, '9')) == 86'400'000);
    BOOST_TEST(wait_of_seconds(std::numeric_limits<double>::infinity()).count() == 86'400'000);
    BOOST_TEST(wait_of_seconds(-std::numeric_limits<double>::infinity()).count() == 0);
    BOOST_TEST(wait_of_seconds(std::numeric_limits<double>::quiet_NaN()).count() == 0);
}

BOOST_AUTO_TEST_CASE(fault_109_all_three_forms_of_dates_are_known)
{
    for (std::string_view const text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        BOOST_TEST((parse_http_date(text, example) == example), text);
        BOOST_TEST(wait(text, example - 10s) == 10'000);
        BOOST_TEST(wait(text, example + 10s) == 0);
        BOOST_TEST(wait(text, example - 100h) == 86'400'000);
    }
    BOOST_TEST(wait("Sun Nov 16 08:49:37 1994") == 86'400'000);
}

BOOST_AUTO_TEST_CASE(two_digits_of_a_year_are_near_now)
{
    auto const in_2026 = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 0s;
    BOOST_TEST((parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", in_2026) == example));
    BOOST_TEST((parse_http_date("Tuesday, 24-Nov-26 00:00:00 GMT", in_2026) == timestamp(in_2026)));
    BOOST_TEST((parse_http_date("Tuesday, 24-Nov-26 00:00:60 GMT", in_2026) == timestamp(in_2026 + 60s)));
}

BOOST_AUTO_TEST_CASE(fault_109_everything_else_is_nothing)
{
    for (std::string_view const text :
         {"",
          " ",
          "soon",
          "-",
          "+",
          "1,5",
          "5s",
          "0x10",
          "1e3",
          "inf",
          "nan",
          ".5",
          "--5",
          "5 5",
          "Sun",
          "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT",
          "Sun, 06 Nov 1994 08:49:61 GMT",
          "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 06 Nov 1994 08:49:37 GMT x",
          "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994",
          ",",
          "Sun,"})
        BOOST_TEST(wait(text) == -1, text);
}

BOOST_AUTO_TEST_SUITE_END()
