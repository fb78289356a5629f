#include "unit/http/reader_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::string_literals;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

std::string const tail = "Content-Length: 2\r\n\r\n{}";

std::string with_field(std::string_view field)
{
    return "HTTP/1.1 200 OK\r\n" + std::string(field) + "\r\n" + tail;
}

std::string repeated(std::string_view text, std::size_t count)
{
    std::string all;
    for (std::size_t index = 0; index < count; ++index)
        all += text;
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(tls_where_an_answer_should_be_is_told_as_that)
{
    for (auto const& bytes : {"\x15\x03\x01\x00\x02\x02\x46"s, "\x16\x03\x03"s}) {
        auto const got = read_all(bytes);
        BOOST_TEST((got.problem == errc::protocol_error));
        BOOST_TEST(got.message == "the server speaks TLS on this port, not plain HTTP");
    }
    check_incomplete("\x15");
}

BOOST_AUTO_TEST_CASE(another_protocol_is_told_before_its_line_ends)
{
    for (auto const* bytes :
         {"220 ", "HTTP/2", "http/1.1", "\r\nHTTP/1.1 200", "HTTP/1.1 100 Continue\r\n\r\n* OK"}) {
        auto const got = read_all(bytes);
        BOOST_TEST((got.problem == errc::protocol_error), bytes);
        BOOST_TEST(got.message == "the answer does not begin as one of HTTP/1.1 does", bytes);
    }
    check_incomplete("HTTP/1");
}

BOOST_AUTO_TEST_CASE(an_answer_as_it_should_be)
{
    check_good("HTTP/1.1 200 OK\r\n" + tail, 200, "{}");
    check_good("HTTP/1.1 404 \r\n" + tail, 404, "{}");
    auto const got = read_all("HTTP/1.1 200 OK\r\nX-One:  a b \r\nx-two:\r\n" + tail);
    BOOST_TEST(got.headers == "X-One: a b\nx-two: \nContent-Length: 2\n");
}

BOOST_AUTO_TEST_CASE(interim_answers_are_skipped)
{
    check_good("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + tail, 200, "{}");
    auto const got = read_all(
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        "HTTP/1.1 204 No Content\r\nX-Own: 1\r\n\r\n");
    BOOST_TEST(got.status == 204);
    BOOST_TEST(got.headers == "X-Own: 1\n");
    BOOST_TEST(got.reusable);
    check_good(repeated("HTTP/1.1 100 Continue\r\n\r\n", 16) + "HTTP/1.1 200 OK\r\n" + tail, 200, "{}");
}

BOOST_AUTO_TEST_CASE(interim_answers_have_bounds)
{
    check_refused(repeated("HTTP/1.1 100 Continue\r\n\r\n", 17) + "HTTP/1.1 200 OK\r\n" + tail);
    check_refused("HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n" + tail);
    check_refused("HTTP/1.1 103 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n" + tail);
    check_incomplete("HTTP/1.1 100 Continue\r\n\r\n");
    check_incomplete("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 2");
}

BOOST_AUTO_TEST_CASE(switching_protocols_is_refused)
{
    check_refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n");
    check_refused("HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n" + tail);
}

BOOST_DATA_TEST_CASE(
    first_lines_that_are_none,
    data::make(
        {"HTTP/1.1 099 Low\r\n", "HTTP/1.1 000 Zero\r\n", "HTTP/1.1 600 High\r\n", "HTTP/1.1 999 Highest\r\n",
         "HTTP/1.1 20 Short\r\n", "HTTP/1.1 2000 Long\r\n", "HTTP/1.1 abc No\r\n", "HTTP/1.1 -20 No\r\n",
         "HTTP/1.1200 OK\r\n", "HTTP/2.0 200 OK\r\n", "HTTP/1.2 200 OK\r\n", "HTTP/0.9 200 OK\r\n",
         "http/1.1 200 OK\r\n", "ICY 200 OK\r\n", " HTTP/1.1 200 OK\r\n", "\r\nHTTP/1.1 200 OK\r\n",
         "GET / HTTP/1.1\r\n", "<html>\r\n", "HTTP/1.1 200 O\x01K\r\n"}),
    line)
{
    check_refused(std::string(line) + tail);
}

BOOST_AUTO_TEST_CASE(http_1_0_is_understood_but_not_used_again)
{
    check_last("HTTP/1.0 200 OK\r\n" + tail, 200, "{}");
    check_last("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + tail, 200, "{}");
    check_last("HTTP/1.0 200 OK\r\n\r\nto the end", 200, "to the end", ending::orderly);
    check_refused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

BOOST_DATA_TEST_CASE(
    a_connection_that_is_to_be_closed,
    data::make(
        {"Connection: close", "connection: CLOSE", "Connection: x, close", "Connection: close,x",
         "Connection: keep-alive\r\nConnection: close", "Connection:\tclose"}),
    field)
{
    check_last(with_field(field), 200, "{}");
}

BOOST_DATA_TEST_CASE(
    a_connection_that_stays,
    data::make({"Connection: keep-alive", "Connection: closed", "X-Connection: close", "Connection:"}), field)
{
    check_good(with_field(field), 200, "{}");
}

BOOST_AUTO_TEST_CASE(keep_alive_hints)
{
    BOOST_TEST((read_all(with_field("Keep-Alive: timeout=5, max=100")).keep_alive == 5s));
    BOOST_TEST((read_all(with_field("keep-alive: max=3,Timeout=60")).keep_alive == 60s));
    BOOST_TEST((read_all(with_field("Keep-Alive: timeout=0")).keep_alive == 0s));
    for (auto const* text :
         {"Keep-Alive: timeout=", "Keep-Alive: timeout=-5", "Keep-Alive: timeout=x",
          "Keep-Alive: timeout=99999999999999999", "Keep-Alive: 5", "X: timeout=5"})
        BOOST_TEST(!read_all(with_field(text)).keep_alive.has_value(), text);
}

BOOST_AUTO_TEST_CASE(how_many_requests_more_the_server_takes)
{
    BOOST_TEST((read_all(with_field("Keep-Alive: timeout=5, max=100")).requests_left == 100U));
    BOOST_TEST((read_all(with_field("keep-alive: MAX=0,Timeout=60")).requests_left == 0U));
    for (auto const* text :
         {"Keep-Alive: max=", "Keep-Alive: max=-1", "Keep-Alive: max=x", "Keep-Alive: max=99999999999999999",
          "Keep-Alive: timeout=5", "X: max=5"})
        BOOST_TEST(!read_all(with_field(text)).requests_left.has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_before_the_header_ends)
{
    auto const line = "HTTP/1.1 200 OK\r\n"s;
    for (auto const& text :
         {"X: a\n"s, "\n"s, "X: a\rb"s, "\r\r"s, "X: a\r\n b"s, "X: a\r\n\tb"s, " X"s, "X: \x01"s, "X\0"s,
          "\x7f"s})
        check_refused(line + text);
    for (auto const& text : {""s, "X: a"s, "X: a\r"s, "X: a\r\n"s, "X: a\r\n\r"s, "X:\ta \xFF"s})
        check_incomplete(line + text);
    // The limit is no matter of how the bytes come.
    auto limits = small_limits();
    auto const within = std::string(limits.max_header_bytes - line.size(), 'x');
    check_problem(line + within + "\n", errc::header_too_large, ending::open, limits);
    check_problem(line + "\n" + within, errc::protocol_error, ending::open, limits);
}

BOOST_AUTO_TEST_CASE(fields_that_could_be_read_in_two_ways)
{
    for (auto const& field :
         {"X-A: a\0b"s,
          "X-\0A: b"s,
          "X-A: a\rb"s,
          "X-A: a\r\r"s,
          "X-A: a\n X: b"s,
          "X-A: a\nX-B: b"s,
          "X-A: a\r\n folded"s,
          "X-A: a\r\n\tfolded"s,
          " X-A: a"s,
          "X-A : a"s,
          "X-A\t: a"s,
          "X-A"s,
          ": a"s,
          "X A: a"s,
          "X-A: \x7f"s,
          "X-A: \x01"s,
          "Content-Length : 5"s,
          "Transfer-Encoding : chunked"s,
          "X(A): a"s,
          "X-\xC3\xA4: a"s})
        check_refused(with_field(field));
    check_refused("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}");
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\n{}");
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\n{}");
}

BOOST_AUTO_TEST_CASE(values_that_are_odd_but_clear)
{
    check_good(with_field("X-A: \xC3\xA4\xFF"), 200, "{}");
    check_good(with_field("X-A: a\tb"), 200, "{}");
    check_good(with_field("X-A: :::"), 200, "{}");
}

BOOST_AUTO_TEST_CASE(the_header_has_a_limit)
{
    auto const limits = small_limits();
    auto const frame = with_field("X: ").size() - 2;
    auto const padding = limits.max_header_bytes - frame;
    check_good(with_field("X: " + std::string(padding, 'a')), 200, "{}");
    check_problem(with_field("X: " + std::string(padding + 1, 'a')), errc::header_too_large);
    check_problem(with_field("X: " + std::string(100'000, 'a')), errc::header_too_large);
    check_problem("HTTP/1.1 200 OK\r\nX: " + std::string(2'000, 'a'), errc::header_too_large);
    check_problem("HTTP/1.1 200 " + std::string(5'000, 'x'), errc::header_too_large);
}

BOOST_AUTO_TEST_CASE(the_limit_counts_interim_answers_too)
{
    auto const hints = "HTTP/1.1 103 Early Hints\r\nX: " + std::string(900, 'a') + "\r\n\r\n";
    check_good(hints + hints + "HTTP/1.1 200 OK\r\n" + tail, 200, "{}");
    check_problem(hints + hints + hints + "HTTP/1.1 200 OK\r\n" + tail, errc::header_too_large);
}

BOOST_AUTO_TEST_CASE(the_number_of_fields_has_a_limit)
{
    http::reader_limits limits;
    limits.max_header_bytes = 1024 * 1024;
    auto const fields = [](std::size_t count) {
        return "HTTP/1.1 200 OK\r\n" + repeated("X: 1\r\n", count) + tail;
    };
    BOOST_TEST((read_all(fields(255), ending::open, limits).state == http::reader_state::done));
    check_problem(fields(256), errc::protocol_error, ending::open, limits);
    check_problem(fields(10'000), errc::protocol_error, ending::open, limits);
    check_problem(fields(10'000), errc::header_too_large);
}

BOOST_AUTO_TEST_CASE(an_end_within_the_header)
{
    std::string const whole = "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 0\r\n\r\n";
    for (std::size_t size = 1; size < whole.size(); ++size) {
        check_problem(whole.substr(0, size), errc::connection_lost, ending::cut);
        check_problem(whole.substr(0, size), errc::connection_lost, ending::orderly);
    }
}

BOOST_AUTO_TEST_CASE(no_answer_at_all)
{
    for (auto const how : {ending::cut, ending::orderly}) {
        http::response_reader reader(small_limits());
        BOOST_TEST((reader.end_of_stream(how == ending::orderly) == http::reader_state::failed));
        BOOST_TEST((reader.problem() == errc::connection_lost));
        BOOST_TEST(!reader.started());
        BOOST_TEST(!reader.in_body());
    }
}

BOOST_AUTO_TEST_SUITE_END()
