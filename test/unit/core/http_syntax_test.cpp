#include "core/http_syntax.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace fluxer::auth::core;

BOOST_AUTO_TEST_SUITE(http_syntax)

BOOST_AUTO_TEST_CASE(header_names_are_tokens)
{
    for (std::string_view const good : {"X-Forwarded-For", "a", "!#$%&'*+-.^_`|~09"})
        BOOST_TEST(is_token(good), good);
    for (std::string_view const bad : {"", "a b", "a:", "a\r", "ä", "a(b)", "\x7F", "a/b", "a\"b"})
        BOOST_TEST(!is_token(bad), bad);
    BOOST_TEST(!is_token(std::string_view("a\0", 2)));
}

BOOST_AUTO_TEST_CASE(header_values_have_no_control_characters)
{
    for (std::string_view const good : {"", "a", "a b\tc", "\"x\"; y=z", "\xC3\xA4\xFF"})
        BOOST_TEST(is_field_value(good), good);
    for (std::string_view const bad : {" a", "a ", "\ta", "a\r\nb", "a\nb", "a\rb", "a\x7F", "a\x01z", " "})
        BOOST_TEST(!is_field_value(bad), bad);
    BOOST_TEST(!is_field_value(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(targets_are_visible_and_begin_with_a_slash)
{
    for (std::string_view const good : {"/", "/auth/login?x=%20&y", "/a{b}"})
        BOOST_TEST(is_request_target(good), good);
    for (std::string_view const bad : {"", "a", "/a b", "/a\r\nb", "/ä", "/a#b", "http://x/"})
        BOOST_TEST(!is_request_target(bad), bad);
}

BOOST_AUTO_TEST_CASE(methods_are_upper_case)
{
    BOOST_TEST(is_method("GET"));
    BOOST_TEST(is_method("PATCH"));
    for (std::string_view const bad : {"", "get", "GET ", "G-T", "G\r\n", "CONNECT"})
        BOOST_TEST(!is_method(bad), bad);
}

BOOST_AUTO_TEST_CASE(connection_headers_are_known_in_any_case)
{
    BOOST_TEST(is_connection_header("Transfer-Encoding"));
    BOOST_TEST(is_connection_header("HOST"));
    BOOST_TEST(is_connection_header("content-length"));
    BOOST_TEST(!is_connection_header("Content-Type"));
    BOOST_TEST(!is_connection_header("Hos"));
}

BOOST_AUTO_TEST_SUITE_END()
