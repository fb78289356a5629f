#include "support.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace json = boost::json;
using hashes = std::vector<std::string>;

namespace {

wire::encoded made(logout_auth_sessions_request const& request)
{
    return wire::encode(operation::logout_all_sessions, "flx_x", request);
}

bool is_repeatable(logout_auth_sessions_request const& request)
{
    return std::get<wire::request>(made(request)).repeatable;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(the_list_is_sent_even_if_empty)
{
    BOOST_TEST(body_of(made(logout_auth_sessions_request())) == R"({"session_id_hashes":[]})");
    BOOST_TEST(
        body_of(made(logout_auth_sessions_request(hashes{"a", "b\""}).with_password("12345678"))) ==
        R"({"session_id_hashes":["a","b\""],"password":"12345678"})");
    BOOST_TEST(std::get<wire::request>(made(logout_auth_sessions_request())).token->reveal() == "flx_x");
}

BOOST_AUTO_TEST_CASE(proofs_are_in_the_contracts_order)
{
    BOOST_TEST(
        body_of(made(logout_auth_sessions_request(hashes{"a"}).with_mfa_code("totp", "123456"))) ==
        R"({"session_id_hashes":["a"],"mfa_method":"totp","mfa_code":"123456"})");
    BOOST_TEST(
        body_of(
            made(logout_auth_sessions_request(hashes{"a"}).with_webauthn(json::object{{"id", "x"}}, "ch"))) ==
        R"({"session_id_hashes":["a"],"mfa_method":"webauthn","webauthn_response":{"id":"x"},"webauthn_challenge":"ch"})");
}

// Contract 13: such a proof works once.
BOOST_AUTO_TEST_CASE(an_mfa_proof_makes_it_unrepeatable)
{
    BOOST_TEST(is_repeatable(logout_auth_sessions_request(hashes{"a"})));
    BOOST_TEST(is_repeatable(logout_auth_sessions_request(hashes{"a"}).with_password("12345678")));
    BOOST_TEST(!is_repeatable(logout_auth_sessions_request(hashes{"a"}).with_mfa_code("sms", "1")));
    BOOST_TEST(!is_repeatable(
        logout_auth_sessions_request(hashes{"a"}).with_webauthn(json::object{{"id", "x"}}, "c")));
}

BOOST_AUTO_TEST_CASE(the_list_has_up_to_100_items)
{
    BOOST_TEST(complaints(made(logout_auth_sessions_request(hashes(100, "h")))) == "");
    BOOST_TEST(
        complaints(made(logout_auth_sessions_request(hashes(101, "h")))) ==
        "session_id_hashes INVALID_FORMAT");
    BOOST_TEST(
        complaints(made(logout_auth_sessions_request(
            hashes{"ok", "", std::string(256, 'h'), std::string(257, 'h'), "\xFF"}))) ==
        "session_id_hashes.1 INVALID_FORMAT, session_id_hashes.3 STRING_LENGTH_INVALID, "
        "session_id_hashes.4 INVALID_UTF8");
}

BOOST_AUTO_TEST_CASE(proofs_are_checked)
{
    BOOST_TEST(
        complaints(made(logout_auth_sessions_request().with_mfa_code("fax", std::string(33, '1')))) ==
        "mfa_method INVALID_FORMAT, mfa_code STRING_LENGTH_INVALID");
    BOOST_TEST(
        complaints(made(logout_auth_sessions_request().with_mfa_code("sms", std::string(32, '1')))) == "");
    BOOST_TEST(
        complaints(made(logout_auth_sessions_request().with_webauthn("text", ""))) ==
        "webauthn_response INVALID_FORMAT, webauthn_challenge INVALID_FORMAT");
    BOOST_TEST(
        complaints(wire::encode(
            operation::logout_all_sessions, "a b", logout_auth_sessions_request().with_password("x"))) ==
        "token INVALID_FORMAT, password PASSWORD_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(sessions_are_read_with_all_they_have)
{
    auto const list =
        decoded<std::vector<auth_session>>(R"([{"id_hash":"h","client_info":{"platform":"Chrome",
        "os":"Windows","location":{"city":"Bonn","region":null,"country":"DE"},"device":"new"},
        "approx_last_used_at":"2026-11-24T03:01:43.170Z","current":true,"masked_ip":"1.2.*.*"}])");
    auto const& item = list.value().at(0);
    BOOST_TEST(item.id_hash == "h");
    BOOST_TEST(item.client_info->platform.value() == "Chrome");
    BOOST_TEST(item.client_info->location->city.value() == "Bonn");
    BOOST_TEST(!item.client_info->location->region.has_value());
    BOOST_TEST(!item.client_info->browser.has_value());
    BOOST_TEST(item.approx_last_used_at.has_value());
    BOOST_TEST(item.current);
    BOOST_TEST(item.masked_ip.value() == "1.2.*.*");
}

BOOST_AUTO_TEST_CASE(sessions_are_read_with_little)
{
    auto const list = decoded<std::vector<auth_session>>(
        R"([{"id_hash":"a","client_info":null,"approx_last_used_at":null},
            {"id_hash":"b","client_info":"x","approx_last_used_at":"yesterday","current":"no"}])");
    for (auto const& item : list.value()) {
        BOOST_TEST((!item.client_info && !item.approx_last_used_at && !item.current && !item.masked_ip));
    }
    BOOST_TEST(decoded<std::vector<auth_session>>("[]")->empty());
}

BOOST_AUTO_TEST_CASE(a_list_names_the_item_that_is_wrong)
{
    BOOST_TEST(
        problem_of<std::vector<auth_session>>(R"([{"id_hash":"a"},{"id_hash":5}])") ==
        "item 1: `id_hash` is not what it has to be");
    BOOST_TEST(problem_of<std::vector<auth_session>>("[7]") == "item 0: the answer is not a JSON object");
    BOOST_TEST(problem_of<std::vector<auth_session>>("{}") == "the answer is not a JSON array");
}

// Sixteen bytes of JSON become several hundred.
BOOST_AUTO_TEST_CASE(no_account_has_more_sessions_than_this)
{
    auto const listed = [](std::size_t count) {
        std::string body = "[";
        for (std::size_t number = 0; number < count; ++number)
            body += R"({"id_hash":"a"},)";
        body.back() = ']';
        return problem_of<std::vector<auth_session>>(body);
    };
    BOOST_TEST(listed(10'000) == "none");
    BOOST_TEST(listed(10'001) == "more than 10000 items");
}

BOOST_AUTO_TEST_SUITE_END()
