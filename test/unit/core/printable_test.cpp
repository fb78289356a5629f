#include "core/printable.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using fluxer::auth::core::printable;
using fluxer::auth::core::printable_without_tokens;

BOOST_AUTO_TEST_SUITE(printable_texts)

BOOST_AUTO_TEST_CASE(ordinary_text_stays_as_it_is)
{
    BOOST_TEST(printable("") == "");
    BOOST_TEST(printable("Ungültige E-Mail. 無効 🙂") == "Ungültige E-Mail. 無効 🙂");
}

BOOST_AUTO_TEST_CASE(what_disturbs_a_line_becomes_a_blank)
{
    BOOST_TEST(printable("a\r\nb\tc\x7F") == "a  b c ");
    BOOST_TEST(printable(std::string("a\0b", 3)) == "a b");
    BOOST_TEST(
        printable("a\xC2\x85"
                  "b") == "a b");
    BOOST_TEST(
        printable("a\xE2\x80\xA8"
                  "b\xE2\x80\xAE"
                  "c") == "a b c");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_become_question_marks)
{
    BOOST_TEST(
        printable("a\xFF"
                  "b") == "a?b");
    BOOST_TEST(printable("a\xC3") == "a?");
    BOOST_TEST(printable("\xC0\x8A") == "??");
    BOOST_TEST(printable("\xE0\x80\x8A") == "???");
    BOOST_TEST(printable("\xED\xA0\x80") == "???");
    BOOST_TEST(printable("\xF4\x90\x80\x80") == "????");
    BOOST_TEST(printable("\xC3(") == "?(");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_characters)
{
    BOOST_TEST(printable("abc", 3) == "abc");
    BOOST_TEST(printable("abcd", 3) == "abc…");
    BOOST_TEST(printable("üüüü", 3) == "üüü…");
}

BOOST_AUTO_TEST_CASE(tokens_are_redacted)
{
    auto const token = "flx_" + std::string(36, 'a');
    BOOST_TEST(printable_without_tokens(token) == "[redacted]");
    BOOST_TEST(printable_without_tokens("x=" + token + ", y") == "x=[redacted], y");
    BOOST_TEST(printable_without_tokens(token.substr(1)) == token.substr(1));
    // A code of the server's, longer than a token.
    BOOST_TEST(
        printable_without_tokens("GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS") ==
        "GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS");
}

BOOST_AUTO_TEST_SUITE_END()
