#include "cli/format.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(format_suite)

BOOST_AUTO_TEST_CASE(separators)
{
    BOOST_TEST(with_separators(0) == "0");
    BOOST_TEST(with_separators(999) == "999");
    BOOST_TEST(with_separators(1'000) == "1,000");
    BOOST_TEST(with_separators(123'456) == "123,456");
    BOOST_TEST(with_separators(18'446'744'073'709'551'615U) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_CASE(decimals)
{
    BOOST_TEST(with_decimals(98.93, 1) == "98.9");
    BOOST_TEST(with_decimals(100, 1) == "100.0");
    BOOST_TEST(with_decimals(0.5, 0) == "0");
}

BOOST_AUTO_TEST_CASE(durations)
{
    BOOST_TEST(duration_text(0us) == "0 us");
    BOOST_TEST(duration_text(999us) == "999 us");
    BOOST_TEST(duration_text(1'000us) == "1.00 ms");
    BOOST_TEST(duration_text(12'340us) == "12.3 ms");
    BOOST_TEST(duration_text(456'700us) == "457 ms");
    BOOST_TEST(duration_text(2'000ms) == "2.00 s");
    BOOST_TEST(duration_text(59'940ms) == "59.9 s");
    BOOST_TEST(duration_text(119s) == "119 s");
    BOOST_TEST(duration_text(15min) == "15 min");
}

BOOST_AUTO_TEST_CASE(mebibytes)
{
    BOOST_TEST(mebibytes_text(0) == "0.0 MiB");
    BOOST_TEST(mebibytes_text(25'480'397) == "24.3 MiB");
}

BOOST_AUTO_TEST_CASE(control_characters_are_not_printed)
{
    BOOST_TEST(printable("a\x1b[2Jb\r\n\x7f") == "a?[2Jb???");
    BOOST_TEST(printable("Müller") == "Müller");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
