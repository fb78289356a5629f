#include "soft_passkey.hpp"

#include "sandbox/passkey.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth::sandbox_detail;
using sandbox_test::soft_passkey;

namespace {

struct fixture
{
    soft_passkey device;
    passkey stored{soft_passkey::credential_id, {}, parse_public_key(device.spki()), 0};
    relying_party party{"web.fluxer.test", "https://web.fluxer.test"};

    assertion_verdict verify(soft_passkey::options const& how, std::string_view challenge = "the-challenge")
    {
        auto const proof = parse_assertion(device.sign("the-challenge", how));
        return verify_assertion(proof.value(), stored, party, challenge);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(passkeys, fixture)

BOOST_AUTO_TEST_CASE(a_good_assertion_moves_the_counter)
{
    soft_passkey::options how;
    how.counter = 7;
    BOOST_TEST((verify(how) == assertion_verdict::accepted));
    BOOST_TEST(stored.counter == 7U);
    BOOST_TEST((verify(how) == assertion_verdict::counter_not_increased));
}

BOOST_AUTO_TEST_CASE(authenticators_without_counter_are_fine)
{
    soft_passkey::options how;
    how.counter = 0;
    BOOST_TEST((verify(how) == assertion_verdict::accepted));
    BOOST_TEST((verify(how) == assertion_verdict::accepted));
}

BOOST_AUTO_TEST_CASE(everything_that_is_signed_is_checked)
{
    soft_passkey::options how;
    BOOST_TEST((verify(how, "another-challenge") == assertion_verdict::rejected));
    how.origin = "https://evil.example";
    BOOST_TEST((verify(how) == assertion_verdict::rejected));
    how = {};
    how.rp_id = "evil.example";
    BOOST_TEST((verify(how) == assertion_verdict::rejected));
    how = {};
    how.flags = 0x01;
    BOOST_TEST((verify(how) == assertion_verdict::rejected));
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_key_is_rejected)
{
    stored.key = parse_public_key(soft_passkey().spki());
    BOOST_TEST((verify({}) == assertion_verdict::rejected));
}

BOOST_AUTO_TEST_CASE(keys_come_as_cose_too)
{
    stored.key = parse_public_key(device.cose());
    BOOST_REQUIRE(stored.key);
    BOOST_TEST((verify({}) == assertion_verdict::accepted));
}

BOOST_AUTO_TEST_CASE(other_bytes_are_no_key)
{
    auto cose = device.cose();
    BOOST_TEST(!parse_public_key({}));
    for (std::size_t size = 0; size < cose.size(); ++size)
        BOOST_TEST(!parse_public_key(std::span<unsigned char const>(cose).first(size)));
    cose[4] = 0x27; // EdDSA
    BOOST_TEST(!parse_public_key(cose));
}

BOOST_AUTO_TEST_CASE(responses_with_missing_members_are_no_assertion)
{
    auto response = device.sign("c", {});
    response["response"].as_object().erase("signature");
    BOOST_TEST(!parse_assertion(response));
    response.erase("response");
    BOOST_TEST(!parse_assertion(response));
}

BOOST_AUTO_TEST_SUITE_END()
