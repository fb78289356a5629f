#include "wire/altcha.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace auth = fluxer::auth;
namespace wire = fluxer::auth::wire;

namespace {

std::string const hash(64, 'a');

std::string text(std::string const& algorithm, std::string const& challenge, std::string const& more = "")
{
    return R"({"algorithm":")" + algorithm + R"(","challenge":")" + challenge +
           R"(","salt":"s?expires=60","signature":"sig")" + more + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(altcha)

BOOST_AUTO_TEST_CASE(a_challenge_is_read)
{
    auto const read = auth::altcha_challenge::parse(text("SHA-256", hash, R"(,"maxnumber":5000,"new":{})"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->algorithm == "SHA-256");
    BOOST_TEST(read->challenge == hash);
    BOOST_TEST(read->salt == "s?expires=60");
    BOOST_TEST(read->signature == "sig");
    BOOST_TEST(read->max_number == 5000U);
    BOOST_TEST((read->expires == auth::timestamp(std::chrono::seconds(60))));
}

BOOST_AUTO_TEST_CASE(the_largest_number_is_called_in_two_ways_or_not_at_all)
{
    BOOST_TEST(auth::altcha_challenge::parse(text("SHA-256", hash, R"(,"maxNumber":7)"))->max_number == 7U);
    BOOST_TEST(auth::altcha_challenge::parse(text("SHA-256", hash))->max_number == 1'000'000U);
    for (auto const* bad : {"-1", "1.5", "\"5\"", "true", "1e30"})
        BOOST_TEST(
            !auth::altcha_challenge::parse(text("SHA-256", hash, std::string(",\"maxnumber\":") + bad)), bad);
}

BOOST_AUTO_TEST_CASE(the_hash_has_its_algorithms_length)
{
    BOOST_TEST(auth::altcha_challenge::parse(text("SHA-384", std::string(96, '0'))).has_value());
    BOOST_TEST(auth::altcha_challenge::parse(text("SHA-512", std::string(128, 'F'))).has_value());
    BOOST_TEST(!auth::altcha_challenge::parse(text("SHA-512", hash)).has_value());
    BOOST_TEST(!auth::altcha_challenge::parse(text("SHA-1", std::string(40, '0'))).has_value());
    BOOST_TEST(!auth::altcha_challenge::parse(text("SHA-256", "")).has_value());
    BOOST_TEST(!auth::altcha_challenge::parse(text("SHA-256", std::string(64, 'g'))).has_value());
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_challenge)
{
    for (auto const* bad : {"", "x", "[]", "{}", "null", R"({"challenge":1,"salt":"s","signature":"s"})"})
        BOOST_TEST(!auth::altcha_challenge::parse(bad).has_value(), bad);
    BOOST_TEST(!auth::altcha_challenge::parse(text("SHA-256", hash, std::string(9000, ' '))).has_value());
}

BOOST_AUTO_TEST_CASE(a_solution_is_written_as_the_widget_does)
{
    auto const read = auth::altcha_challenge::parse(text("SHA-256", hash));
    BOOST_TEST(
        wire::encode_altcha_solution(*read, 42) ==
        R"({"algorithm":"SHA-256","challenge":")" + hash +
            R"(","number":42,"salt":"s?expires=60","signature":"sig"})");
}

BOOST_AUTO_TEST_SUITE_END()
