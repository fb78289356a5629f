#include "cli/progress_line.hpp"
#include "cli/report.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

progress_line::time_point moment(std::chrono::milliseconds time)
{
    return progress_line::time_point(time);
}

terminal plain()
{
    return {};
}

terminal utf8_terminal()
{
    terminal shows;
    shows.interactive = true;
    shows.utf8 = true;
    return shows;
}

} // namespace

BOOST_AUTO_TEST_SUITE(output_suite)

BOOST_AUTO_TEST_CASE(progress_is_written_over_and_taken_away)
{
    std::ostringstream out;
    progress_line line(out, true, 2, 100);
    line.update(50, "half", moment(1'000ms));
    BOOST_TEST(out.str() == "\r  [###############...............] half\x1b[K");
    out.str("");
    line.clear();
    BOOST_TEST(out.str() == "\r\x1b[K");
    out.str("");
    line.clear();
    BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_CASE(progress_does_not_wrap)
{
    std::ostringstream out;
    progress_line line(out, true, 0, 100, 38);
    line.update(0, "1234", moment(1'000ms));
    BOOST_TEST(out.str() == "\r[..............................] 1234\x1b[K");
    out.str("");
    line.update(50, "1234567890", moment(2'000ms));
    BOOST_TEST(out.str() == "\r[############............] 1234567890\x1b[K");
    out.str("");
    line.update(100, "1234567890123456789012345", moment(3'000ms));
    BOOST_TEST(out.str() == "\r[##########] 123456789012345678901234\x1b[K");
    line.clear();
}

BOOST_AUTO_TEST_CASE(progress_is_not_shown_too_often)
{
    std::ostringstream out;
    progress_line line(out, true, 0, 10);
    line.update(1, "", moment(1'000ms));
    out.str("");
    BOOST_TEST(!line.is_due(moment(1'049ms)));
    line.update(2, "", moment(1'049ms));
    BOOST_TEST(out.str().empty());
    BOOST_TEST(line.is_due(moment(1'050ms)));
    line.update(10, "", moment(1'050ms));
    BOOST_TEST(out.str() == "\r[##############################] \x1b[K");
}

BOOST_AUTO_TEST_CASE(no_progress_without_a_terminal)
{
    std::ostringstream out;
    {
        progress_line line(out, false, 2, 100);
        BOOST_TEST(!line.is_due(moment(1'000ms)));
        line.update(50, "half", moment(1'000ms));
    }
    BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_CASE(progress_beyond_the_total)
{
    std::ostringstream out;
    progress_line line(out, true, 0, 0);
    line.update(7, "", moment(1'000ms));
    BOOST_TEST(out.str() == "\r[##############################] \x1b[K");
}

BOOST_AUTO_TEST_CASE(report_in_ascii)
{
    std::ostringstream out;
    report lines(out, plain());
    lines.heading("Step");
    lines.ok("good", 1'500us);
    lines.ok("no time");
    lines.note("more");
    lines.failed("bad");
    BOOST_TEST(
        out.str() == "\nStep\n"
                     "  ok good" +
                         std::string(60, ' ') +
                         "   1.50 ms\n"
                         "  ok no time\n"
                         "     more\n"
                         "  FAILED bad\n");
    BOOST_TEST(lines.indent() == 5U);
}

BOOST_AUTO_TEST_CASE(report_in_utf8)
{
    std::ostringstream out;
    report lines(out, utf8_terminal());
    lines.ok("good");
    lines.note("more");
    lines.failed("bad");
    BOOST_TEST(out.str() == "  \u2713 good\n    more\n  \u2717 bad\n");
    BOOST_TEST(lines.indent() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
