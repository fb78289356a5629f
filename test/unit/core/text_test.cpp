#include "core/text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace fluxer::auth::core;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(lengths_are_utf16_units)
{
    BOOST_TEST(counted_length("") == 0u);
    BOOST_TEST(counted_length("abc") == 3u);
    BOOST_TEST(counted_length("\xC3\xA4") == 1u);
    BOOST_TEST(counted_length("\xEF\xBF\xBD") == 1u);
    BOOST_TEST(counted_length("\xF0\x9F\x98\x80") == 2u);
}

BOOST_AUTO_TEST_CASE(blanks_count_only_inside)
{
    BOOST_TEST(counted_length("  a  ") == 1u);
    BOOST_TEST(counted_length("a b") == 3u);
    BOOST_TEST(counted_length(" \r\n a \n b \r") == 5u);
    BOOST_TEST(counted_length("   ") == 0u);
    // Every blank of String.prototype.trim that is not a control character.
    for (std::string_view const blank :
         {"\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9",
          "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"})
        BOOST_TEST(counted_length(std::string(blank) + "x" + std::string(blank)) == 1u);
    // U+200B is none.
    BOOST_TEST(counted_length("\xE2\x80\x8Bx") == 2u);
}

BOOST_AUTO_TEST_CASE(control_characters_do_not_count)
{
    BOOST_TEST(counted_length("\0\x01\x09\x0B\x0C\x0E\x1F\x7F"sv) == 0u);
    BOOST_TEST(counted_length("a\0b\x7F"sv) == 2u);
    BOOST_TEST(
        counted_length("a\xE2\x80\xAE"
                       "b") == 2u);
    BOOST_TEST(counted_length("a\nb") == 3u);
    BOOST_TEST(counted_length("\x01 a \x01") == 1u);
}

BOOST_AUTO_TEST_CASE(normalising_keeps_what_counts)
{
    BOOST_TEST(normalised(" \x01me\xE2\x80\xAE@example.com\n ") == "me@example.com");
    BOOST_TEST(normalised("a b") == "a b");
    BOOST_TEST(normalised(" \t ") == "");
}

BOOST_AUTO_TEST_CASE(headers_take_visible_ascii)
{
    BOOST_TEST(is_visible_ascii("!~flx_A9"));
    for (std::string_view const bad : {"a b", "a\n", "\x7F", "\xC3\xA4", "\t"})
        BOOST_TEST(!is_visible_ascii(bad));
    BOOST_TEST(!is_visible_ascii("a\0"sv));
}

BOOST_AUTO_TEST_SUITE_END()
