#include "core/cbor.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using fluxer::auth::core::cbor_writer;

namespace {

std::string hexadecimal(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (auto const byte : bytes) {
        text.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
        text.push_back(digits[static_cast<unsigned char>(byte) & 15U]);
    }
    return text;
}

std::string integer(std::int64_t value)
{
    cbor_writer out;
    out.integer(value);
    return hexadecimal(out.written());
}

} // namespace

BOOST_AUTO_TEST_SUITE(cbor)

// RFC 8949 appendix A.
BOOST_AUTO_TEST_CASE(integers_of_the_rfc)
{
    BOOST_TEST(integer(0) == "00");
    BOOST_TEST(integer(23) == "17");
    BOOST_TEST(integer(24) == "1818");
    BOOST_TEST(integer(100) == "1864");
    BOOST_TEST(integer(1000) == "1903e8");
    BOOST_TEST(integer(1'000'000) == "1a000f4240");
    BOOST_TEST(integer(1'000'000'000'000) == "1b000000e8d4a51000");
    BOOST_TEST(integer(-1) == "20");
    BOOST_TEST(integer(-10) == "29");
    BOOST_TEST(integer(-100) == "3863");
    BOOST_TEST(integer(-1000) == "3903e7");
    BOOST_TEST(integer(std::numeric_limits<std::int64_t>::min()) == "3b7fffffffffffffff");
}

BOOST_AUTO_TEST_CASE(strings_and_maps_of_the_rfc)
{
    cbor_writer out;
    out.map(2);
    out.text("a");
    out.bytes("\x01\x02\x03\x04");
    out.text("IETF");
    out.text("");
    BOOST_TEST(
        hexadecimal(out.written()) == "a2616144010203046449455446"
                                      "60");
    cbor_writer longer;
    longer.bytes(std::string(256, 'x'));
    BOOST_TEST(hexadecimal(longer.written()).substr(0, 8) == "59010078");
    BOOST_TEST(longer.written().size() == 259U);
}

BOOST_AUTO_TEST_SUITE_END()
