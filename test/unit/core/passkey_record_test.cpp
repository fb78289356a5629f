#include "core/passkey_record.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace core = fluxer::auth::core;

namespace {

core::passkey_record record(std::string id, std::uint32_t counter)
{
    core::passkey_record made;
    made.id = std::move(id);
    made.rp_id = "fluxer.test";
    made.user_handle = std::string("\0user", 5);
    made.user_name = "Ada";
    made.counter = counter;
    return made;
}

std::string bytes_of(std::vector<core::passkey_record> const& records)
{
    return std::string(core::encode_passkeys(records).view());
}

} // namespace

BOOST_AUTO_TEST_SUITE(passkey_records)

BOOST_AUTO_TEST_CASE(survive_being_written)
{
    std::vector<core::passkey_record> all;
    all.push_back(record("first", 0xFFFF'FFFE));
    all.push_back(record("second", 0));
    all.back().counts = false;
    all.back().user_name.clear();
    auto const read = core::decode_passkeys(bytes_of(all));
    BOOST_REQUIRE(read.has_value());
    BOOST_REQUIRE(read->size() == 2U);
    for (std::size_t index = 0; index < 2; ++index) {
        BOOST_TEST((*read)[index].id == all[index].id);
        BOOST_TEST((*read)[index].rp_id == all[index].rp_id);
        BOOST_TEST((*read)[index].user_handle == all[index].user_handle);
        BOOST_TEST((*read)[index].user_name == all[index].user_name);
        BOOST_TEST((*read)[index].counts == all[index].counts);
        BOOST_TEST((*read)[index].counter == all[index].counter);
        BOOST_TEST((*read)[index].key.public_cose() == all[index].key.public_cose());
    }
    auto const none = core::decode_passkeys(bytes_of({}));
    BOOST_REQUIRE(none.has_value());
    BOOST_TEST(none->empty());
}

BOOST_AUTO_TEST_CASE(are_nothing_when_cut_off_or_lengthened)
{
    std::vector<core::passkey_record> all;
    all.push_back(record("first", 1));
    auto const bytes = bytes_of(all);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        BOOST_TEST(!core::decode_passkeys(std::string_view(bytes).substr(0, length)).has_value());
    BOOST_TEST(!core::decode_passkeys(bytes + "x").has_value());
    BOOST_TEST(!core::decode_passkeys("\xFF\xFF" + bytes.substr(2)).has_value());
}

BOOST_AUTO_TEST_CASE(need_a_key_of_p256)
{
    std::vector<core::passkey_record> all;
    all.push_back(record("first", 1));
    BOOST_TEST(!core::signing_key::imported("").has_value());
    BOOST_TEST(!core::signing_key::imported("not a key").has_value());
    auto const der = all.front().key.exported();
    BOOST_TEST(core::signing_key::imported(der.reveal()).has_value());
    BOOST_TEST(!core::signing_key::imported(std::string(der.reveal()) + "x").has_value());
    all.front().id.clear();
    BOOST_TEST(!core::decode_passkeys(bytes_of(all)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
