// The software authenticator against the sandbox's verification, which shares no code with it.
#include "core/encoding.hpp"
#include "generations.hpp"

#include <fluxer/auth/passkey.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth {

namespace {

using namespace test;
namespace json = boost::json;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;

constexpr auto web_origin = "https://web.fluxer.test";

json::value creation_options()
{
    return json::parse(R"({"rp": {"id": "web.fluxer.test", "name": "Fluxer"}, "challenge": "Y2hhbGxlbmdl",
        "user": {"id": "aGFuZGxl", "name": "ada@example.com", "displayName": "Ada"},
        "pubKeyCredParams": [{"alg": -7, "type": "public-key"}]})");
}

std::string bytes_at(json::value const& from, std::string_view pointer)
{
    return core::base64url_decode(from.at_pointer(pointer).as_string()).value();
}

/// The public key as a server finds it: at the end of the attestation object.
std::vector<unsigned char> key_in(json::value const& registration)
{
    constexpr std::size_t key_size = 77;
    auto const object = bytes_at(registration, "/response/attestationObject");
    return {object.end() - key_size, object.end()};
}

class store_fixture : public generation_fixture
{
public:
    store_fixture() { register_with(server, store); }

    static void register_with(sandbox& with, passkey_store& from, passkey_creation how = {})
    {
        auto const made = from.create(creation_options(), web_origin, how).value();
        with.add_passkey(email, std::string(made.at_pointer("/id").as_string()), key_in(made), "aGFuZGxl");
    }

    passkey_assertion answer(passkey_store& from, passkey_use how = {})
    {
        auto const options = ok(api.get_webauthn_authentication_options());
        return value_of(from.sign(options, web_origin, std::move(how)));
    }

    passkey_store store;
};

BOOST_FIXTURE_TEST_SUITE(passkey_store_against_a_server, store_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE(it_logs_in_again_and_again, data::make(generations), generation)
{
    play(generation);
    for (int count = 0; count < 3; ++count) {
        auto const made = ok(api.authenticate_with_webauthn(answer(store).for_login()));
        BOOST_TEST(made.user_id == user_id);
        BOOST_TEST(server.is_session(made.token.reveal()));
    }
}

BOOST_DATA_TEST_CASE(it_answers_an_mfa_challenge, data::make(generations), generation)
{
    play(generation);
    auto const asked = challenge();
    auto const options = ok(api.get_webauthn_mfa_options({asked.ticket}));
    auto const made = value_of(store.sign(options, web_origin));
    auto const session = ok(api.login_with_webauthn_mfa(made.for_mfa(asked.ticket)));
    BOOST_TEST(session.user_id == user_id);
}

BOOST_DATA_TEST_CASE(it_works_when_it_was_sealed_meanwhile, data::make(generations), generation)
{
    play(generation);
    ok(api.authenticate_with_webauthn(answer(store).for_login()));
    seal_options cheap;
    cheap.cost = 14;
    auto const sealed = value_of(store.seal("open sesame", cheap));
    auto opened = value_of(passkey_store::open(sealed, "open sesame"));
    ok(api.authenticate_with_webauthn(answer(opened).for_login()));
    // The older copy's counter is behind now, which is what counters are for.
    auto older = value_of(passkey_store::open(sealed, "open sesame"));
    auto const e = fails(api.authenticate_with_webauthn(answer(older).for_login()));
    BOOST_TEST((e.api_code() == api_code::invalid_webauthn_authentication_counter));
}

BOOST_DATA_TEST_CASE(a_copy_without_a_counter_stays_good, data::make(generations), generation)
{
    play(generation);
    passkey_creation uncounted;
    uncounted.counts = false;
    passkey_store other;
    register_with(server, other, uncounted);
    seal_options cheap;
    cheap.cost = 14;
    auto copy = value_of(passkey_store::open(value_of(other.seal("open sesame", cheap)), "open sesame"));
    for (auto* used : {&other, &copy, &other})
        ok(api.authenticate_with_webauthn(answer(*used).for_login()));
}

BOOST_DATA_TEST_CASE(the_server_does_verify, data::make(generations), generation)
{
    play(generation);
    // A passkey that the account does not have, and the right one at another place of the web.
    passkey_store stranger;
    static_cast<void>(stranger.create(creation_options(), web_origin).value());
    auto const foreign = fails(api.authenticate_with_webauthn(answer(stranger).for_login()));
    BOOST_TEST((foreign.code() == errc::passkey_failed));
    auto const options = ok(api.get_webauthn_authentication_options());
    auto const elsewhere = value_of(store.sign(options, "https://web.fluxer.test:8443"));
    auto const e = fails(api.authenticate_with_webauthn(elsewhere.for_login()));
    BOOST_TEST((e.code() == errc::passkey_failed));
}

BOOST_DATA_TEST_CASE(another_servers_challenge_is_not_answered, data::make(generations), generation)
{
    play(generation);
    auto const options = ok(api.get_webauthn_authentication_options());
    auto const e = error_of(store.sign(options, "https://evil.example"));
    BOOST_TEST((e.code() == errc::invalid_request));
    BOOST_TEST(e.field("rpId") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
