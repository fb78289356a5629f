#include "core/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace fluxer::auth::core;

namespace {

std::string encoded(std::string_view text)
{
    std::vector<unsigned char> const bytes(text.begin(), text.end());
    return base64url_encode(bytes);
}

} // namespace

BOOST_AUTO_TEST_SUITE(encodings)

// RFC 4648 section 10, without padding.
BOOST_AUTO_TEST_CASE(base64url_of_the_rfc)
{
    std::vector<std::pair<std::string, std::string>> const vectors{
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF", "-_8"}};
    for (auto const& [plain, text] : vectors) {
        BOOST_TEST(encoded(plain) == text);
        BOOST_TEST(base64url_decode(text).value() == plain);
    }
    for (auto const* bad : {"Z", "Zg==", "Zh", "Zm9+", "Zm 9"})
        BOOST_TEST(!base64url_decode(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(base32_of_the_rfc)
{
    BOOST_TEST(base32_decode("MZXW6YTBOI======").value() == "foobar");
    BOOST_TEST(base32_decode("mzxw 6ytb-oi").value() == "foobar");
    BOOST_TEST(!base32_decode("MZXW1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
