#include "core/encoding.hpp"

#include <fluxer/auth/passkey.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace auth = fluxer::auth;
namespace json = boost::json;
using auth::errc;

namespace {

constexpr auto origin = "https://web.fluxer.test";
constexpr auto passphrase = "open sesame";

json::object creation_options()
{
    return json::parse(R"({
        "rp": {"id": "web.fluxer.test", "name": "Fluxer"},
        "user": {"id": "aGFuZGxl", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "Y2hhbGxlbmdl",
        "pubKeyCredParams": [{"alg": -8, "type": "public-key"}, {"alg": -7, "type": "public-key"}],
        "timeout": 60000,
        "attestation": "none",
        "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"}})")
        .as_object();
}

json::object request_options()
{
    return json::parse(R"({"rpId": "web.fluxer.test", "challenge": "Y2hhbGxlbmdl", "timeout": 60000,
                           "userVerification": "required", "unknown": [1]})")
        .as_object();
}

json::array descriptors(std::string_view id)
{
    json::object entry;
    entry["id"] = id;
    entry["type"] = "public-key";
    return json::array{std::move(entry)};
}

std::string text_at(json::value const& from, std::string_view pointer)
{
    return std::string(from.at_pointer(pointer).as_string());
}

std::string decoded(json::value const& from, std::string_view pointer)
{
    return auth::core::base64url_decode(text_at(from, pointer)).value();
}

std::string add_passkey(
    auth::passkey_store& store, std::string_view of_origin = origin, auth::passkey_creation how = {})
{
    auto options = creation_options();
    if (of_origin != origin)
        options["rp"].as_object().erase("id");
    return text_at(store.create(options, of_origin, how).value(), "/id");
}

/// The name of the field that an error complains about, or of its code.
template <class T>
std::string complaint(auth::result<T> const& got)
{
    if (got.has_value())
        return "none";
    if (got.error().code() == errc::no_passkey)
        return "no passkey";
    if (got.error().code() == errc::wrong_passphrase)
        return "wrong passphrase";
    BOOST_TEST((got.error().code() == errc::invalid_request));
    BOOST_TEST(got.error().fields().size() == 1U);
    return got.error().fields().at(0).path;
}

std::uint32_t counter_in(json::value const& response)
{
    auto const data = decoded(response, "/response/authenticatorData");
    std::uint32_t counter = 0;
    for (std::size_t index = 33; index < 37; ++index)
        counter = counter << 8 | static_cast<unsigned char>(data.at(index));
    return counter;
}

} // namespace

BOOST_AUTO_TEST_SUITE(passkey_stores)

BOOST_AUTO_TEST_CASE(a_new_passkey_is_what_webauthn_says)
{
    auth::passkey_store store;
    auto const made = store.create(creation_options(), origin).value();
    BOOST_TEST(text_at(made, "/type") == "public-key");
    BOOST_TEST(text_at(made, "/id") == text_at(made, "/rawId"));
    BOOST_TEST(
        decoded(made, "/response/clientDataJSON") ==
        R"({"type":"webauthn.create","challenge":"Y2hhbGxlbmdl","origin":"https://web.fluxer.test","crossOrigin":false})");
    auto const info = store.list().at(0);
    BOOST_TEST(info.credential_id == text_at(made, "/id"));
    BOOST_TEST(info.rp_id == "web.fluxer.test");
    BOOST_TEST(info.user_handle == "aGFuZGxl");
    BOOST_TEST(info.user_name == "ada@example.com");
    BOOST_TEST(info.counter == 0U);

    auto const hash = auth::core::sha256("web.fluxer.test");
    auto const id = decoded(made, "/id");
    BOOST_TEST(id.size() == 16U);
    auto expected = std::string("\xA3\x63"
                                "fmt\x64none\x67"
                                "attStmt\xA0\x68"
                                "authData\x58\x94");
    expected += std::string(hash.begin(), hash.end());
    expected += std::string("\x45\0\0\0\0", 5);
    expected += std::string(16, '\0') + std::string("\0\x10", 2) + id + info.public_key;
    BOOST_TEST((decoded(made, "/response/attestationObject") == expected));
    BOOST_TEST(info.public_key.size() == 77U);
}

BOOST_AUTO_TEST_CASE(an_answer_is_what_webauthn_says)
{
    auth::passkey_store store;
    auto const id = add_passkey(store);
    auto const answer = store.sign(request_options(), origin).value();
    BOOST_TEST(answer.challenge == "Y2hhbGxlbmdl");
    BOOST_TEST(text_at(answer.response, "/id") == id);
    BOOST_TEST(text_at(answer.response, "/response/userHandle") == "aGFuZGxl");
    BOOST_TEST(
        decoded(answer.response, "/response/clientDataJSON") ==
        R"({"type":"webauthn.get","challenge":"Y2hhbGxlbmdl","origin":"https://web.fluxer.test","crossOrigin":false})");
    auto const data = decoded(answer.response, "/response/authenticatorData");
    BOOST_TEST(data.size() == 37U);
    BOOST_TEST(data[32] == '\x05');
    BOOST_TEST(decoded(answer.response, "/response/signature").substr(0, 1) == "\x30");
    BOOST_TEST(answer.for_login().challenge == answer.challenge);
    BOOST_TEST((answer.for_login().response == answer.response));
    BOOST_TEST((answer.for_mfa("ticket").ticket == "ticket"));
    BOOST_TEST((answer.for_mfa("ticket").response == answer.response));
}

BOOST_AUTO_TEST_CASE(the_counter_counts_unless_told_otherwise)
{
    auth::passkey_store store;
    add_passkey(store);
    for (std::uint32_t count = 1; count <= 3; ++count)
        BOOST_TEST(counter_in(store.sign(request_options(), origin).value().response) == count);
    BOOST_TEST(store.list().at(0).counter == 3U);
    auth::passkey_creation how;
    how.counts = false;
    auth::passkey_store uncounted;
    add_passkey(uncounted, origin, how);
    for (int count = 0; count < 2; ++count)
        BOOST_TEST(counter_in(uncounted.sign(request_options(), origin).value().response) == 0U);
}

BOOST_AUTO_TEST_CASE(it_is_chosen_by_party_list_and_wish)
{
    auth::passkey_store store;
    auto const first = add_passkey(store);
    auto const second = add_passkey(store);
    auto const foreign = add_passkey(store, "https://other.test:8443");
    BOOST_TEST((std::set{first, second, foreign}.size()) == 3U);
    auto options = request_options();
    BOOST_TEST(text_at(store.sign(options, origin).value().response, "/id") == second);
    options["allowCredentials"] = json::array();
    BOOST_TEST(text_at(store.sign(options, origin).value().response, "/id") == second);
    options["allowCredentials"] = descriptors(first);
    BOOST_TEST(text_at(store.sign(options, origin).value().response, "/id") == first);
    options.erase("allowCredentials");
    auth::passkey_use use;
    use.credential_id = first;
    BOOST_TEST(text_at(store.sign(options, origin, use).value().response, "/id") == first);
    use.credential_id = foreign;
    BOOST_TEST(complaint(store.sign(options, origin, use)) == "no passkey");
    options["allowCredentials"] = descriptors(foreign);
    BOOST_TEST(complaint(store.sign(options, origin)) == "no passkey");
    options["allowCredentials"] = descriptors("AAAA");
    BOOST_TEST(complaint(store.sign(options, origin)) == "no passkey");
    BOOST_TEST(complaint(auth::passkey_store().sign(request_options(), origin)) == "no passkey");
}

BOOST_AUTO_TEST_CASE(a_party_must_be_the_origins_own)
{
    auth::passkey_store store;
    auto creation = creation_options();
    auto& party = creation["rp"].as_object();
    for (auto const* id : {"fluxer.test", "WEB.fluxer.test"}) {
        party["id"] = id;
        BOOST_TEST(complaint(store.create(creation, origin)) == "none", id);
    }
    for (auto const* id :
         {"test", "eb.fluxer.test", "api.web.fluxer.test", "evil.example", ".fluxer.test", ".test", ""}) {
        party["id"] = id;
        BOOST_TEST(complaint(store.create(creation, origin)) == "rp.id", id);
    }
    auto request = request_options();
    BOOST_TEST(complaint(store.sign(request, "https://evil.example")) == "rpId");
    request["rpId"] = "fluxer.test";
    auto const answer = store.sign(request, "https://web.fluxer.test:443/").value();
    BOOST_TEST(
        decoded(answer.response, "/response/clientDataJSON").find(R"("origin":"https://web.fluxer.test",)") !=
        std::string::npos);
    for (auto const* bad :
         {"", "web.fluxer.test", "http://web.fluxer.test", "https://web.fluxer.test/x", "https://"})
        BOOST_TEST(complaint(store.sign(request, bad)) == "origin", bad);
}

BOOST_AUTO_TEST_CASE(creation_options_that_cannot_be_used)
{
    auth::passkey_store store;
    auto const refused = [&](std::string_view member, json::value value) {
        auto options = creation_options();
        options[member] = std::move(value);
        return complaint(store.create(options, origin));
    };
    BOOST_TEST(complaint(store.create(json::value(5), origin)) == "root");
    for (auto const* bad : {"", "Y2hhbGxlbmdl=", "a b", "A"})
        BOOST_TEST(refused("challenge", bad) == "challenge", bad);
    BOOST_TEST(refused("challenge", json::string(257, 'A')) == "challenge");
    BOOST_TEST(refused("challenge", nullptr) == "challenge");
    BOOST_TEST(refused("user", nullptr) == "user.id");
    BOOST_TEST(refused("user", json::object{{"id", json::string(88, 'A')}}) == "user.id");
    BOOST_TEST(refused("user", json::object{{"id", "QQ"}, {"name", json::string(1025, 'A')}}) == "user.name");
    BOOST_TEST(
        refused("pubKeyCredParams", json::array{json::object{{"alg", -8}, {"type", "public-key"}}}) ==
        "pubKeyCredParams");
    BOOST_TEST(refused("pubKeyCredParams", nullptr) == "pubKeyCredParams");
    BOOST_TEST(refused("excludeCredentials", 5) == "excludeCredentials");
    BOOST_TEST(store.size() == 0U);
    BOOST_TEST(refused("pubKeyCredParams", json::array()) == "none");
    auto const id = store.list().at(0).credential_id;
    BOOST_TEST(refused("excludeCredentials", descriptors(id)) == "excludeCredentials");
    BOOST_TEST(refused("excludeCredentials", descriptors("AAAA")) == "none");
}

BOOST_AUTO_TEST_CASE(verification_is_not_claimed_without_leave)
{
    auth::passkey_store store;
    auth::passkey_creation unverified_creation;
    unverified_creation.user_verified = false;
    auto creation = creation_options();
    BOOST_TEST(
        complaint(store.create(creation, origin, unverified_creation)) ==
        "authenticatorSelection.userVerification");
    creation.erase("authenticatorSelection");
    BOOST_TEST(complaint(store.create(creation, origin, unverified_creation)) == "none");
    auth::passkey_use unverified;
    unverified.user_verified = false;
    auto request = request_options();
    BOOST_TEST(complaint(store.sign(request, origin, unverified)) == "userVerification");
    request["userVerification"] = "preferred";
    auto const answer = store.sign(request, origin, unverified).value();
    BOOST_TEST(decoded(answer.response, "/response/authenticatorData").at(32) == '\x01');
}

BOOST_AUTO_TEST_CASE(it_survives_being_sealed)
{
    auth::passkey_store store;
    auto const id = add_passkey(store);
    add_passkey(store, "https://other.test");
    static_cast<void>(store.sign(request_options(), origin).value());
    auth::seal_options cheap;
    cheap.cost = 14;
    auto const sealed = store.seal(passphrase, cheap).value();
    auto opened = auth::passkey_store::open(sealed, passphrase).value();
    BOOST_TEST(opened.size() == 2U);
    BOOST_TEST(opened.list().at(0).public_key == store.list().at(0).public_key);
    auto const answer = opened.sign(request_options(), origin).value();
    BOOST_TEST(text_at(answer.response, "/id") == id);
    BOOST_TEST(counter_in(answer.response) == 2U);

    BOOST_TEST(complaint(auth::passkey_store::open(sealed, "open barley")) == "wrong passphrase");
    BOOST_TEST(complaint(auth::passkey_store::open(sealed, "")) == "passphrase");
    BOOST_TEST(complaint(auth::passkey_store::open("", passphrase)) == "sealed");
    BOOST_TEST(complaint(auth::passkey_store::open(std::string(5'000'000, 'F'), passphrase)) == "sealed");
    auto hostile = sealed;
    hostile[5] = 30; // a TiB of memory
    BOOST_TEST(complaint(auth::passkey_store::open(hostile, passphrase)) == "sealed");
    BOOST_TEST(complaint(store.seal("")) == "passphrase");
    BOOST_TEST(complaint(store.seal(std::string(1025, 'x'))) == "passphrase");
    cheap.cost = 13;
    BOOST_TEST(complaint(store.seal(passphrase, cheap)) == "cost");
    cheap.cost = 18;
    BOOST_TEST(complaint(store.seal(passphrase, cheap)) == "cost");
}

BOOST_AUTO_TEST_CASE(passkeys_can_be_forgotten)
{
    auth::passkey_store store;
    auto const first = add_passkey(store);
    auto const second = add_passkey(store);
    BOOST_TEST(store.erase(first));
    BOOST_TEST(!store.erase(first));
    BOOST_TEST(!store.erase(""));
    BOOST_TEST(store.size() == 1U);
    BOOST_TEST(store.list().at(0).credential_id == second);
    auto moved = std::move(store);
    BOOST_TEST(moved.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_full_store_takes_no_more)
{
    auth::passkey_store store;
    for (int count = 0; count < 1000; ++count)
        add_passkey(store);
    BOOST_TEST(complaint(store.create(creation_options(), origin)) == "passkeys");
    BOOST_TEST(store.size() == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
