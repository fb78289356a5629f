#include "wire/timestamp.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string_view>

using namespace fluxer::auth;
using namespace std::chrono_literals;

namespace {

constexpr timestamp whole = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 3h + 2min + 42s;

} // namespace

BOOST_AUTO_TEST_SUITE(timestamps)

BOOST_AUTO_TEST_CASE(fractions_and_both_forms_of_utc_are_read)
{
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42.600Z") == whole + 600ms));
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42Z") == whole));
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42+00:00") == whole));
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42.6Z") == whole + 600ms));
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42.06+00:00") == whole + 60ms));
    BOOST_TEST((wire::parse_timestamp("2026-11-24T03:02:42.123456789Z") == whole + 123ms));
    BOOST_TEST(wire::parse_timestamp("2024-02-29T00:00:00Z").has_value());
    BOOST_TEST(wire::parse_timestamp("2000-02-29T23:59:59.999Z").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_moment_is_refused)
{
    for (std::string_view const text :
         {"",
          "2026-11-24",
          "2026-11-24T03:02:42",
          "2026-11-24 03:02:42Z",
          "2026-11-24T03:02:42.Z",
          "2026-11-24T03:02:42.1234567890Z",
          "2026-11-24T03:02:42,6Z",
          "2026-11-24T03:02:42+01:00",
          "2026-11-24T03:02:42-00:00",
          "2026-11-24T03:02:42z",
          "2026-11-24t03:02:42Z",
          "2026-11-24T03:02Z",
          "2026-13-24T03:02:42Z",
          "2026-00-24T03:02:42Z",
          "2026-11-31T03:02:42Z",
          "2026-11-00T03:02:42Z",
          "2025-02-29T03:02:42Z",
          "1900-02-29T03:02:42Z",
          "2026-11-24T24:00:00Z",
          "2026-11-24T03:60:42Z",
          "2026-11-24T03:02:60Z",
          "+026-11-24T03:02:42Z",
          "2026-11-24T03:02:42ZZ",
          " 2026-11-24T03:02:42Z",
          "2026-11-24T03:02:4"})
        BOOST_TEST(!wire::parse_timestamp(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
