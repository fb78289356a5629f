#include "core/altcha.hpp"

#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace auth = fluxer::auth;
namespace core = fluxer::auth::core;

namespace {

bool never()
{
    return false;
}

std::string hash_of(char const* name, std::string const& text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_get_digestbyname(name), nullptr);
    std::string digits;
    for (unsigned index = 0; index < size; ++index) {
        digits.push_back("0123456789abcdef"[digest[index] >> 4]);
        digits.push_back("0123456789abcdef"[digest[index] & 15U]);
    }
    return digits;
}

auth::altcha_challenge challenge(std::uint64_t number, std::string algorithm = "SHA-256")
{
    auth::altcha_challenge made;
    made.salt = "pepper";
    auto const openssl_name = "SHA" + algorithm.substr(4);
    made.challenge = hash_of(openssl_name.c_str(), made.salt + std::to_string(number));
    made.algorithm = std::move(algorithm);
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(altcha)

BOOST_AUTO_TEST_CASE(the_number_is_found_in_every_algorithm)
{
    for (auto const* algorithm : {"SHA-256", "SHA-384", "SHA-512"}) {
        auto const found = core::solve_altcha(challenge(1234, algorithm), 0, 10'000, never);
        BOOST_TEST(found.value_or(0) == 1234U, algorithm);
    }
}

// A value from outside: printf 'pepper7' | sha256sum.
BOOST_AUTO_TEST_CASE(the_hash_is_of_the_salt_and_the_number_in_decimal)
{
    auth::altcha_challenge given;
    given.salt = "pepper";
    given.challenge = "1b44481921a511e3b17e3200b40be11bd079c687d6209960a30c19e45b192723";
    BOOST_TEST(core::solve_altcha(given, 0, 100, never).value_or(0) == 7U);
    given.challenge = "1B44481921A511E3B17E3200B40BE11BD079C687D6209960A30C19E45B192723";
    BOOST_TEST(core::solve_altcha(given, 0, 100, never).value_or(0) == 7U);
}

BOOST_AUTO_TEST_CASE(both_ends_of_the_range_are_tried)
{
    BOOST_TEST(core::solve_altcha(challenge(0), 0, 10, never).has_value());
    BOOST_TEST(core::solve_altcha(challenge(10), 0, 10, never).has_value());
    BOOST_TEST(!core::solve_altcha(challenge(11), 0, 10, never).has_value());
    BOOST_TEST(!core::solve_altcha(challenge(4), 5, 10, never).has_value());
    auto const last = std::numeric_limits<std::uint64_t>::max();
    BOOST_TEST(core::solve_altcha(challenge(last), last - 1, last, never).value_or(0) == last);
    BOOST_TEST(!core::solve_altcha(challenge(1), last - 1, last, never).has_value());
}

BOOST_AUTO_TEST_CASE(it_stops_when_told)
{
    unsigned looks = 0;
    auto const found = core::solve_altcha(challenge(5000), 0, 10'000, [&] { return ++looks == 3; });
    BOOST_TEST(!found.has_value());
    BOOST_TEST(looks == 3U);
}

BOOST_AUTO_TEST_CASE(salts_name_their_end)
{
    using std::chrono::seconds;
    BOOST_TEST((core::altcha_expiry("abc?expires=1770000000") == auth::timestamp(seconds(1770000000))));
    BOOST_TEST((core::altcha_expiry("abc?x=1&expires=5&") == auth::timestamp(seconds(5))));
    for (auto const* salt :
         {"", "abc", "abc?", "abc?expires", "abc?expires=", "abc?expires=soon", "abc?expires=1.5",
          "abc?expires=-1", "abc?expires=99999999999999999999", "abc?expires=999999999999", "expires=5",
          "abc?noexpires=5"})
        BOOST_TEST(!core::altcha_expiry(salt).has_value(), salt);
}

BOOST_AUTO_TEST_SUITE_END()
