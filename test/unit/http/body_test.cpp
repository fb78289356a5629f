#include "unit/http/reader_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::string_literals;
namespace data = boost::unit_test::data;

namespace {

std::string with_fields(std::string_view fields, std::string_view body)
{
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n\r\n" + std::string(body);
}

std::string chunked(std::string_view body)
{
    return with_fields("Transfer-Encoding: chunked", body);
}

std::string with_length(std::size_t size)
{
    return with_fields("Content-Length: " + std::to_string(size), std::string(size, 'x'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(lengths)
{
    check_good(with_fields("Content-Length: 5", "hello"), 200, "hello");
    check_good(with_fields("Content-Length: 0", ""), 200, "");
    check_good(with_fields("content-length:0005", "hello"), 200, "hello");
    check_incomplete(with_fields("Content-Length: 6", "hello"));
    check_problem(with_fields("Content-Length: 6", "hello"), errc::connection_lost, ending::orderly);
}

BOOST_DATA_TEST_CASE(
    lengths_that_are_none,
    data::make(
        {"-5", "+5", "0x5", "5x", "5.0", "5e0", " ", "", "five", "5 5", "5,5", "5, 5", "5, 6",
         "18446744073709551615", "18446744073709551616", "99999999999999999999999999", "5;", "\"5\"",
         "5\t5"}),
    text)
{
    check_refused(with_fields("Content-Length: " + std::string(text), "hello"));
}

BOOST_AUTO_TEST_CASE(two_lengths)
{
    check_refused(with_fields("Content-Length: 5\r\nContent-Length: 5", "hello"));
    check_refused(with_fields("Content-Length: 5\r\nContent-Length: 6", "hello!"));
    check_refused(with_fields("Content-Length: 0\r\nX: y\r\nContent-Length: 0", ""));
}

BOOST_DATA_TEST_CASE(
    codings_that_are_refused,
    data::make(
        {"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked", "chunkedx", "identity", "",
         "chunked;q=1", "\"chunked\"", "chunked\r\nTransfer-Encoding: chunked",
         "identity\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity", "chunked,"}),
    text)
{
    check_refused(with_fields("Transfer-Encoding: " + std::string(text), "5\r\nhello\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(length_and_coding_together)
{
    std::string const body = "5\r\nhello\r\n0\r\n\r\n";
    for (auto const* coding : {"chunked", "gzip", "identity"}) {
        auto const te = "Transfer-Encoding: " + std::string(coding);
        check_refused(with_fields("Content-Length: 15\r\n" + te, body));
        check_refused(with_fields(te + "\r\nContent-Length: 15", body));
        check_refused(with_fields(te + "\r\nContent-Length: 0", body));
    }
}

BOOST_AUTO_TEST_CASE(chunks)
{
    check_good(chunked("5\r\nhello\r\n0\r\n\r\n"), 200, "hello");
    check_good(chunked("1\r\nh\r\n4\r\nello\r\n0\r\n\r\n"), 200, "hello");
    check_good(chunked("0\r\n\r\n"), 200, "");
    check_good(chunked("0005\r\nhello\r\n000\r\n\r\n"), 200, "hello");
    check_good(chunked("A\r\n0123456789\r\n0\r\n\r\n"), 200, "0123456789");
    check_good(with_fields("transfer-encoding: Chunked", "a\r\n0123456789\r\n0\r\n\r\n"), 200, "0123456789");
    check_good(chunked("5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n"), 200, "hello");
    std::string many;
    for (int count = 0; count < 100; ++count)
        many += "1\r\nx\r\n";
    check_good(chunked(many + "0\r\n\r\n"), 200, std::string(100, 'x'));
}

BOOST_DATA_TEST_CASE(
    chunks_that_are_none,
    data::make(
        {"x\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
         "5\r\nhelloX0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n",
         "10000000000000005\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5 5\r\nhello\r\n0\r\n\r\n",
         "G\r\n\r\n0\r\n\r\n"}),
    body)
{
    check_refused(chunked(body));
}

BOOST_AUTO_TEST_CASE(an_end_within_the_chunks)
{
    auto const whole = chunked("5\r\nhello\r\n0\r\n\r\n");
    auto const header = whole.find("\r\n\r\n") + 4;
    for (auto size = header; size < whole.size(); ++size) {
        BOOST_TEST((read_all(whole.substr(0, size)).state == http::reader_state::need_more));
        for (auto const how : {ending::cut, ending::orderly})
            check_problem(whole.substr(0, size), errc::connection_lost, how);
    }
}

BOOST_AUTO_TEST_CASE(trailers_are_read_over)
{
    auto const got = read_all(chunked("5\r\nhello\r\n0\r\nX-Trailer: a\r\nSet-Cookie: b\r\n\r\n"));
    BOOST_TEST((got.state == http::reader_state::done), got.message);
    BOOST_TEST(got.body == "hello");
    BOOST_TEST(got.headers == "Transfer-Encoding: chunked\n");
    BOOST_TEST(!got.surplus);
}

// Whatever a trailer says of framing: believed it is not. Refusing it is as good.
BOOST_DATA_TEST_CASE(
    trailers_about_framing,
    data::make(
        {"Content-Length: 3", "Transfer-Encoding: gzip", "Connection: close", "Connection: keep-alive",
         "Content-Length: 5\r\nContent-Length: 6"}),
    field)
{
    auto const got = read_all(chunked("5\r\nhello\r\n0\r\n" + std::string(field) + "\r\n\r\n"));
    if (got.state == http::reader_state::failed) {
        BOOST_TEST((got.problem == errc::protocol_error));
        return;
    }
    BOOST_TEST((got.state == http::reader_state::done));
    BOOST_TEST(got.body == "hello");
    BOOST_TEST(got.headers == "Transfer-Encoding: chunked\n");
    BOOST_TEST(!got.surplus);
}

BOOST_AUTO_TEST_CASE(trailers_that_are_none)
{
    for (auto const& field : {"X\0Y: a"s, "X: a\0b"s, "no colon"s, "X : a"s, "X: a\rb"s})
        check_refused(chunked("5\r\nhello\r\n0\r\n" + field + "\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(what_is_around_chunks_is_bounded)
{
    check_refused(chunked("5;" + std::string(100'000, 'a')));
    check_refused(chunked("5;x=\"" + std::string(100'000, 'a') + "\"\r\nhello\r\n0\r\n\r\n"));
    check_refused(chunked("0\r\nX: " + std::string(100'000, 'a')));
    check_refused(chunked(std::string(100'000, '0')));
    std::string trailers;
    for (int count = 0; count < 10'000; ++count)
        trailers += "X: 1\r\n";
    check_refused(chunked("0\r\n" + trailers));
    // Each of them is small, all together are not.
    std::string extensions;
    for (int count = 0; count < 900; ++count)
        extensions += "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n";
    check_refused(chunked(extensions));
}

BOOST_AUTO_TEST_CASE(the_body_has_a_limit)
{
    auto const limit = small_limits().max_body_bytes;
    check_good(with_length(limit), 200, std::string(limit, 'x'));
    check_problem(with_length(limit + 1), errc::body_too_large);
    // Known from the header already.
    check_problem("HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n", errc::body_too_large);
    auto const text = std::string(limit, 'x');
    check_good(chunked("3e8\r\n" + text + "\r\n0\r\n\r\n"), 200, text);
    check_problem(chunked("3e9\r\n" + text + "x\r\n0\r\n\r\n"), errc::body_too_large);
    check_problem(chunked("ffffffffffffffff\r\n"), errc::body_too_large);
    check_problem(chunked("3e8\r\n" + text + "\r\n1\r\nx\r\n0\r\n\r\n"), errc::body_too_large);
    check_last("HTTP/1.1 200 OK\r\n\r\n" + text, 200, text, ending::orderly);
    check_problem("HTTP/1.1 200 OK\r\n\r\n" + text + "x", errc::body_too_large, ending::orderly);
}

BOOST_AUTO_TEST_CASE(a_body_up_to_the_end)
{
    check_last("HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", ending::orderly);
    check_last("HTTP/1.1 200 OK\r\n\r\n", 200, "", ending::orderly);
    // Without close_notify nobody knows whether that was all of it.
    check_problem("HTTP/1.1 200 OK\r\n\r\nhello", errc::connection_lost, ending::cut);
    check_incomplete("HTTP/1.1 200 OK\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(a_whole_answer_stays_whole_whatever_follows)
{
    for (auto const how : {ending::cut, ending::orderly}) {
        http::response_reader reader(small_limits());
        BOOST_TEST((reader.feed(with_fields("Content-Length: 5", "hello")) == http::reader_state::done));
        BOOST_TEST((reader.end_of_stream(how == ending::orderly) == http::reader_state::done));
        BOOST_TEST(reader.answer().body.view() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(answers_without_body)
{
    for (auto const* status : {"204 No Content", "304 Not Modified"}) {
        auto const start = "HTTP/1.1 " + std::string(status) + "\r\n";
        auto const code = std::stoi(status);
        check_good(start + "\r\n", code, "");
        check_good(start + "Content-Length: 0\r\n\r\n", code, "");
        check_last(start + "Content-Length: 5\r\n\r\nhello", code, "");
        check_last(start + "Content-Length: 5\r\n\r\n", code, "");
        check_last(start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", code, "");
        check_last(start + "\r\nhello", code, "");
        BOOST_TEST(read_all(start + "\r\nhello").surplus);
    }
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_answer)
{
    for (auto const& extra :
         {"x"s, "\r\n"s, with_fields("Content-Length: 2", "{}"), std::string(5'000, 'x'),
          std::string(100'000, 'x')}) {
        for (auto const& answer :
             {with_fields("Content-Length: 5", "hello"), chunked("5\r\nhello\r\n0\r\n\r\n")}) {
            auto const got = read_all(answer + extra);
            BOOST_TEST((got.state == http::reader_state::done), got.message);
            BOOST_TEST(got.body == "hello");
            BOOST_TEST(got.surplus);
            BOOST_TEST(!got.reusable);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_answer_to_head_has_no_body)
{
    auto limits = small_limits();
    limits.answers_head = true;
    for (auto const* field :
         {"Content-Length: 5", "Content-Length: 999999999", "Transfer-Encoding: chunked", "X: y"}) {
        auto const got = read_all(with_fields(field, ""), ending::open, limits);
        BOOST_TEST((got.state == http::reader_state::done), got.message);
        BOOST_TEST(got.body.empty());
        BOOST_TEST(got.reusable);
        auto const more = read_all(with_fields(field, "hello"), ending::open, limits);
        BOOST_TEST((more.state == http::reader_state::done));
        BOOST_TEST(more.surplus);
        BOOST_TEST(!more.reusable);
    }
    auto const after_interim =
        read_all("HTTP/1.1 103 Hints\r\n\r\n" + with_fields("Content-Length: 5", ""), ending::open, limits);
    BOOST_TEST((after_interim.state == http::reader_state::done));
    BOOST_TEST(after_interim.status == 200);
}

BOOST_AUTO_TEST_CASE(redirects_are_answers_like_others)
{
    check_good("HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n", 302, "");
}

BOOST_AUTO_TEST_SUITE_END()
