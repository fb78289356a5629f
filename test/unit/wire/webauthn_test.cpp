#include "wire/webauthn.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace {

std::string challenge_of(char const* options)
{
    return fluxer::auth::wire::challenge_in(boost::json::parse(options));
}

} // namespace

BOOST_AUTO_TEST_SUITE(webauthn)

BOOST_AUTO_TEST_CASE(the_challenge_is_read_whatever_else_there_is)
{
    BOOST_TEST(challenge_of(R"({"challenge":"abc","rpId":5})") == "abc");
    BOOST_TEST(challenge_of(R"({"challenge":5})").empty());
    BOOST_TEST(challenge_of(R"({"rpId":"x"})").empty());
    BOOST_TEST(challenge_of(R"(["challenge"])").empty());
    BOOST_TEST(challenge_of("null").empty());
}

BOOST_AUTO_TEST_SUITE_END()
