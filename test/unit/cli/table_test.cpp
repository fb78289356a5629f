#include "cli/table.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

BOOST_AUTO_TEST_SUITE(table_suite)

BOOST_AUTO_TEST_CASE(columns_are_aligned)
{
    table rows({align::left, align::right, align::left});
    rows.add_row({"flows", "2,000", "each"});
    rows.add_row({"connections", "64", "a longer note"});
    BOOST_TEST(
        rows.to_string(2) == "  flows        2,000  each\n"
                             "  connections     64  a longer note\n");
}

BOOST_AUTO_TEST_CASE(missing_cells_leave_no_blanks_at_the_end)
{
    table rows({align::left, align::right, align::left});
    rows.add_row({"a"});
    rows.add_row({"b", "1", "note"});
    rows.add_row({});
    BOOST_TEST(rows.to_string(0) == "a\nb  1  note\n\n");
}

BOOST_AUTO_TEST_CASE(no_rows)
{
    BOOST_TEST(table({align::left}).to_string(4).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
