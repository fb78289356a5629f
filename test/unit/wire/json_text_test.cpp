#include "wire/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace fluxer::auth;
using namespace std::string_view_literals;

namespace {

std::string quoted(std::string_view text)
{
    core::secret_buffer out;
    wire::append_json_string(out, text);
    return std::string(out.view());
}

std::string percent_encoded(std::string_view text)
{
    core::secret_buffer out;
    wire::append_percent_encoded(out, text);
    return std::string(out.view());
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(strings_are_escaped_where_json_wants_it)
{
    BOOST_TEST(quoted("") == R"("")");
    BOOST_TEST(quoted("plain") == R"("plain")");
    BOOST_TEST(quoted(R"(a"b\c/d)") == R"("a\"b\\c/d")");
    BOOST_TEST(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    BOOST_TEST(quoted("\0\x01\x1F\x7F"sv) == "\"\\u0000\\u0001\\u001f\x7F\"");
    BOOST_TEST(quoted("\xC3\xA4\xF0\x9F\x98\x80") == "\"\xC3\xA4\xF0\x9F\x98\x80\"");
}

BOOST_AUTO_TEST_CASE(every_ascii_character_survives_a_parser)
{
    std::string all;
    for (char character = 0; character < 0x7F; ++character)
        all += character;
    BOOST_TEST(boost::json::parse(quoted(all)).as_string() == all);
}

BOOST_AUTO_TEST_CASE(values_longer_than_a_piece_are_whole)
{
    boost::json::value const value{{"a", std::string(5000, 'x')}, {"b", {1, true, nullptr, "y"}}};
    core::secret_buffer out;
    wire::append_json_value(out, value);
    BOOST_TEST(out.view() == boost::json::serialize(value));
}

BOOST_AUTO_TEST_CASE(only_unreserved_characters_stay_in_a_url)
{
    BOOST_TEST(percent_encoded("AZaz09-._~") == "AZaz09-._~");
    BOOST_TEST(percent_encoded("a/b?c#d e%&=+:@") == "a%2Fb%3Fc%23d%20e%25%26%3D%2B%3A%40");
    BOOST_TEST(percent_encoded("\xC3\xA4\r\n") == "%C3%A4%0D%0A");
}

BOOST_AUTO_TEST_SUITE_END()
