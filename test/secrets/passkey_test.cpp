#include "core/passkey_record.hpp"
#include "secrets/memory.hpp"

#include <fluxer/auth/passkey.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace fluxer::auth::test {

namespace {

constexpr std::size_t number_offset = 7; // RFC 5915: SEQUENCE, version 1, OCTET STRING of 32 bytes
constexpr std::size_t number_size = 32;

/// The private number of a key, as it is in files, and as OpenSSL keeps it in this machine's words.
std::pair<hidden_text, hidden_text> number_of(core::signing_key const& key)
{
    auto const der = key.exported();
    auto const number = der.reveal().substr(number_offset, number_size);
    std::string reversed(number.rbegin(), number.rend());
    return {hidden_text::hide(number), hidden_text::hide(reversed)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(passkeys_in_memory)

BOOST_AUTO_TEST_CASE(a_key_leaves_nothing_behind)
{
    std::optional<std::pair<hidden_text, hidden_text>> number;
    {
        core::passkey_record record;
        record.id = "id";
        record.rp_id = "fluxer.test";
        record.user_handle = "me";
        number.emplace(number_of(record.key));
        BOOST_TEST(!places_of(number->second).empty());
        std::vector<core::passkey_record> all;
        all.push_back(record);
        auto const written = core::encode_passkeys(all);
        auto const read = core::decode_passkeys(written.view());
        BOOST_REQUIRE(read.has_value());
        BOOST_TEST(!read->front().key.sign("message").empty());
    }
    check_nowhere(number->first, "private key");
    check_nowhere(number->second, "private key in OpenSSL's form");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::test
