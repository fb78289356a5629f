#include "unit/http/reader_support.hpp"

#include "core/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>

namespace fluxer::auth::test {

using http::reader_state;
using http::response_reader;

namespace {

/// @param next_size how long the next piece is
reading read_in_pieces(
    std::string_view bytes, ending how, http::reader_limits limits,
    std::function<std::size_t()> const& next_size)
{
    response_reader reader(limits);
    reading got;
    auto rest = bytes;
    bool all_came = true;
    while (!rest.empty() && got.state == reader_state::need_more) {
        auto const size = std::min(next_size(), rest.size());
        got.state = reader.feed(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    // Nobody reads on after the end: what came later shows when the connection is tried the next time.
    all_came = rest.empty();
    if (got.state == reader_state::need_more && how != ending::open)
        got.state = reader.end_of_stream(how == ending::orderly);
    if (got.state == reader_state::failed) {
        got.problem = reader.problem();
        got.message = reader.message();
        BOOST_TEST(!got.message.empty());
    }
    BOOST_TEST(reader.started() == !bytes.empty());
    if (got.state == reader_state::done) {
        got.status = reader.answer().status;
        got.body = std::string(reader.answer().body.view());
        reader.answer().headers.for_each([&](std::string_view name, std::string_view value) {
            got.headers += std::string(name) + ": " + std::string(value) + "\n";
        });
        got.surplus = reader.surplus() || !all_came;
        got.reusable = reader.reusable() && all_came;
        got.keep_alive = reader.keep_alive();
        got.requests_left = reader.requests_left();
    }
    return got;
}

void check_same(reading const& left, reading const& right)
{
    BOOST_REQUIRE((left.state == right.state));
    BOOST_REQUIRE((left.problem == right.problem));
    BOOST_REQUIRE(left.status == right.status);
    BOOST_REQUIRE((left.body == right.body));
    BOOST_REQUIRE((left.headers == right.headers));
    BOOST_REQUIRE(left.reusable == right.reusable);
    BOOST_REQUIRE(left.surplus == right.surplus);
    BOOST_REQUIRE((left.keep_alive == right.keep_alive));
}

} // namespace

http::reader_limits small_limits()
{
    http::reader_limits limits;
    limits.max_header_bytes = 2'000;
    limits.max_body_bytes = 1'000;
    return limits;
}

reading read_all(std::string_view bytes, ending how, http::reader_limits limits)
{
    auto const whole = read_in_pieces(bytes, how, limits, [&] { return bytes.size(); });
    // Long texts are the same thing over and over.
    if (bytes.size() < 20'000)
        check_same(read_in_pieces(bytes, how, limits, [] { return std::size_t{1}; }), whole);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        core::random_source random(seed);
        auto const longest = 1 + bytes.size() / (1 + random() % 8);
        check_same(
            read_in_pieces(
                bytes, how, limits, [&] { return static_cast<std::size_t>(1 + random() % longest); }),
            whole);
    }
    return whole;
}

void check_good(std::string_view bytes, int status, std::string_view body)
{
    auto const got = read_all(bytes);
    BOOST_TEST((got.state == reader_state::done), got.message);
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.body == body);
    BOOST_TEST(got.reusable);
    BOOST_TEST(!got.surplus);
}

void check_last(std::string_view bytes, int status, std::string_view body, ending how)
{
    auto const got = read_all(bytes, how);
    BOOST_TEST((got.state == reader_state::done), got.message);
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.body == body);
    BOOST_TEST(!got.reusable);
}

void check_refused(std::string_view bytes)
{
    check_problem(bytes, errc::protocol_error);
}

void check_problem(std::string_view bytes, errc problem, ending how, http::reader_limits limits)
{
    auto const got = read_all(bytes, how, limits);
    BOOST_REQUIRE((got.state == reader_state::failed));
    BOOST_TEST((got.problem == problem), make_error_code(*got.problem).message() << ": " << got.message);
}

void check_incomplete(std::string_view bytes)
{
    BOOST_TEST((read_all(bytes).state == reader_state::need_more));
    check_problem(bytes, errc::connection_lost, ending::cut);
}

} // namespace fluxer::auth::test
