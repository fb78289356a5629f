#include "core/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace fluxer::auth::core;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(the_limits_of_each_length_are_valid)
{
    for (std::string_view const text :
         {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
          "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(is_valid_utf8(text));
    BOOST_TEST(is_valid_utf8(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(fault_063_what_rfc_3629_forbids_is_invalid)
{
    for (std::string_view const text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80", "\xE0\x9F\xBF",
          "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "ok\xFF"})
        BOOST_TEST(!is_valid_utf8(text));
}

BOOST_AUTO_TEST_CASE(characters_beyond_the_basic_plane_are_two_units)
{
    BOOST_TEST(first_code_point("\xEF\xBF\xBF").utf16_units() == 1u);
    BOOST_TEST(first_code_point("\xF0\x90\x80\x80").utf16_units() == 2u);
    BOOST_TEST(first_code_point("\xFFz").bytes == 1u);
    BOOST_TEST(!first_code_point("\xFFz").is_valid());
}

BOOST_AUTO_TEST_SUITE_END()
