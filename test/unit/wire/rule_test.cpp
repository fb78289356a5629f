#include "wire/rule.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

std::string codes(wire::text_rule const& rule, std::string_view text)
{
    wire::field_errors errors;
    wire::check_text(rule, text, "f", errors);
    std::string joined;
    for (auto const& error : errors)
        joined += (joined.empty() ? "" : " ") + error.code;
    return joined;
}

std::string message(wire::text_rule const& rule, std::string_view text)
{
    wire::field_errors errors;
    wire::check_text(rule, text, "f", errors);
    return errors.empty() ? "" : errors.front().message;
}

// The border of a rule whose characters are not restricted, in one-unit and in two-unit characters.
void check_border(wire::text_rule const& rule, std::string_view code)
{
    for (auto const length : {rule.minimum, rule.maximum}) {
        BOOST_TEST(codes(rule, std::string(length, 'x')) == "");
        BOOST_TEST(codes(rule, " " + std::string(length, 'x') + "\x01\n") == "");
    }
    BOOST_TEST(codes(rule, std::string(rule.maximum + 1, 'x')) == code);
    BOOST_TEST(codes(rule, repeated(astral, rule.maximum / 2)) == "");
    BOOST_TEST(codes(rule, repeated(astral, rule.maximum / 2 + 1)) == code);
    if (rule.minimum > 1) {
        BOOST_TEST(codes(rule, std::string(rule.minimum - 1, 'x')) == code);
        BOOST_TEST(codes(rule, repeated(astral, rule.minimum / 2)) == "");
        BOOST_TEST(codes(rule, repeated(astral, rule.minimum / 2 - 1)) == code);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(borders_are_counted_in_utf16_units)
{
    check_border(wire::rule::text, "STRING_LENGTH_INVALID");
    check_border(wire::rule::password, "PASSWORD_LENGTH_INVALID");
    check_border(wire::rule::global_name, "GLOBAL_NAME_LENGTH_INVALID");
    check_border(wire::rule::mail_token, "STRING_LENGTH_EXACT");
    check_border(wire::rule::invite_code, "STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(the_border_of_an_address)
{
    auto const address = [](std::size_t length) { return "a@" + std::string(length - 4, 'd') + ".e"; };
    BOOST_TEST(codes(wire::rule::email, address(254)) == "");
    BOOST_TEST(codes(wire::rule::email, address(255)) == "EMAIL_LENGTH_INVALID");
    BOOST_TEST(codes(wire::rule::email, "a@b.c") == "");
}

BOOST_AUTO_TEST_CASE(the_border_of_a_username)
{
    BOOST_TEST(codes(wire::rule::username, "u") == "");
    BOOST_TEST(codes(wire::rule::username, std::string(32, 'u')) == "");
    BOOST_TEST(codes(wire::rule::username, std::string(33, 'u')) == "USERNAME_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(empty_is_a_format_error_and_blank_a_length_error)
{
    BOOST_TEST(codes(wire::rule::text, "") == "INVALID_FORMAT");
    BOOST_TEST(codes(wire::rule::text, " ") == "STRING_LENGTH_INVALID");
    BOOST_TEST(codes(wire::rule::email, " ") == "EMAIL_LENGTH_INVALID");
    BOOST_TEST(codes(wire::rule::username, "\x01") == "USERNAME_LENGTH_INVALID");
    BOOST_TEST(codes(wire::rule::invite_code, "") == "");
    BOOST_TEST(codes(wire::rule::invite_code, " ") == "");
}

BOOST_AUTO_TEST_CASE(messages_tell_limit_and_length_but_no_value)
{
    auto const told = message(wire::rule::password, "qwertz");
    BOOST_TEST(told.find("8 to 256") != std::string::npos);
    BOOST_TEST(told.find("has 6") != std::string::npos);
    BOOST_TEST(told.find("qwertz") == std::string::npos);
    BOOST_TEST(message(wire::rule::mail_token, "x").find("exactly 64") != std::string::npos);
    BOOST_TEST(message(wire::rule::text, "").find("has 0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fault_063_invalid_utf8_is_told_alone)
{
    for (std::string_view const text : {"\xFF", "\xED\xA0\x80", "\xC0\xAF", "12345678\xF4\x90\x80\x80"})
        BOOST_TEST(codes(wire::rule::password, text) == "INVALID_UTF8");
}

BOOST_AUTO_TEST_CASE(addresses_of_the_usual_form_pass)
{
    for (std::string_view const text :
         {"me@example.com", "first.last+tag@sub.example.co.uk", "o'neil@x.yz", " me@example.com ",
          "me@b\xC3\xBC"
          "cher.example"})
        BOOST_TEST(codes(wire::rule::email, text) == "", text);
}

BOOST_AUTO_TEST_CASE(other_addresses_do_not)
{
    for (std::string_view const text :
         {"nope", "@example.com", "me@", "me@localhost", "me@.com", "me@example.", "me@a..b",
          "me@exa mple.com"})
        BOOST_TEST(codes(wire::rule::email, text) == "INVALID_EMAIL_FORMAT", text);
    for (std::string_view const text : {"m\xC3\xBC@example.com", "a b@example.com", "a@b@example.com"})
        BOOST_TEST(codes(wire::rule::email, text) == "INVALID_EMAIL_LOCAL_PART", text);
}

BOOST_AUTO_TEST_CASE(usernames_have_few_characters)
{
    BOOST_TEST(codes(wire::rule::username, "AZaz09_") == "");
    for (std::string_view const text : {"a b", "a-b", "\xC3\xA4", "a.b"})
        BOOST_TEST(codes(wire::rule::username, text) == "USERNAME_INVALID_CHARACTERS", text);
}

BOOST_AUTO_TEST_CASE(dates_have_one_form)
{
    // Whether the day exists is the server's to say (contract 5.4).
    for (std::string_view const text : {"2000-01-31", "1990-13-45", " 2000-01-31 "})
        BOOST_TEST(codes(wire::rule::date, text) == "", text);
    for (std::string_view const text : {"2000/01/31", "31-01-2000", "20000-1-31", "2000-01-3x"})
        BOOST_TEST(codes(wire::rule::date, text) == "INVALID_FORMAT", text);
    for (std::string_view const text : {"2000-1-31", "x", "2000-01-311"})
        BOOST_TEST(codes(wire::rule::date, text) == "STRING_LENGTH_EXACT INVALID_FORMAT", text);
}

BOOST_AUTO_TEST_SUITE_END()
