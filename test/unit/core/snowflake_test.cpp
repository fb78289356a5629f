#include <fluxer/auth/snowflake.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>

using fluxer::auth::snowflake;

BOOST_AUTO_TEST_SUITE(snowflakes)

BOOST_AUTO_TEST_CASE(numbers_of_the_contract_are_understood)
{
    BOOST_TEST(snowflake("0").number().value() == 0U);
    BOOST_TEST(snowflake("1440000000000000001").number().value() == 1440000000000000001U);
    BOOST_TEST(snowflake("9223372036854775807").number().value() == 9223372036854775807U);
}

BOOST_AUTO_TEST_CASE(other_texts_have_no_number_but_are_kept)
{
    for (auto const* text :
         {"", "00", "01", "-1", "+1", " 1", "1 ", "1x", "x", "9223372036854775808", "99999999999999999999"}) {
        snowflake const id(text);
        BOOST_TEST(!id.number().has_value());
        BOOST_TEST(id.str() == text);
    }
}

BOOST_AUTO_TEST_CASE(are_made_of_numbers_compared_and_streamed)
{
    BOOST_TEST(snowflake(std::uint64_t{42}).str() == "42");
    BOOST_TEST((snowflake("42") == snowflake(std::uint64_t{42})));
    BOOST_TEST((snowflake("41") < snowflake("42")));
    BOOST_TEST(snowflake().empty());
    BOOST_TEST(snowflake(static_cast<char const*>(nullptr)).empty());
    std::ostringstream out;
    out << snowflake("7");
    BOOST_TEST(out.str() == "7");
}

BOOST_AUTO_TEST_CASE(are_in_the_order_of_their_numbers)
{
    constexpr char const* in_order[] = {
        "",
        "-1",
        "007",
        "1x",
        "x",
        "0",
        "9",
        "10",
        "99",
        "999999999999999999",
        "1000000000000000000",
        "99999999999999999999"};
    for (auto const* left = std::begin(in_order); left != std::end(in_order); ++left) {
        for (auto const* right = std::begin(in_order); right != std::end(in_order); ++right) {
            BOOST_TEST((snowflake(*left) < snowflake(*right)) == (left < right));
            BOOST_TEST((snowflake(*left) <=> snowflake(*right) == 0) == (left == right));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
