#include "support.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace json = boost::json;

namespace {

constexpr std::string_view assertion_text =
    R"({"id":"i","rawId":"r","type":"public-key","response":{"clientDataJSON":"c","authenticatorData":"a","signature":"s"},"clientExtensionResults":{}})";

json::value assertion()
{
    return json::parse(assertion_text);
}

std::string complaint_about(json::value response)
{
    return complaints(wire::encode(
        operation::authenticate_with_webauthn, webauthn_authenticate_request(std::move(response), "ch")));
}

} // namespace

BOOST_AUTO_TEST_SUITE(mfa)

BOOST_AUTO_TEST_CASE(codes_stand_before_tickets)
{
    BOOST_TEST(
        body_of(wire::encode(operation::login_with_totp, mfa_totp_request("123456", "T"))) ==
        R"({"code":"123456","ticket":"T"})");
    BOOST_TEST(
        body_of(wire::encode(operation::login_with_sms_mfa, mfa_sms_request("654321", "T"))) ==
        R"({"code":"654321","ticket":"T"})");
    BOOST_TEST(
        complaints(wire::encode(operation::login_with_totp, mfa_totp_request("", std::string(257, 't')))) ==
        "code INVALID_FORMAT, ticket STRING_LENGTH_INVALID");
    BOOST_TEST(
        complaints(
            wire::encode(operation::login_with_sms_mfa, mfa_sms_request(" ", std::string(256, 't')))) ==
        "code STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(one_type_serves_three_operations)
{
    auto const send = wire::encode(operation::send_sms_mfa_code, mfa_ticket_request("T"));
    BOOST_TEST(body_of(send) == R"({"ticket":"T"})");
    BOOST_TEST(target_of(send) == "/auth/login/mfa/sms/send");
    auto const options = wire::encode(operation::get_webauthn_mfa_options, mfa_ticket_request("T"));
    BOOST_TEST(std::get<wire::request>(options).repeatable);
    BOOST_TEST(
        target_of(wire::encode(operation::resend_ip_authorization, mfa_ticket_request("T"))) ==
        "/auth/ip-authorization/resend");
}

BOOST_AUTO_TEST_CASE(assertions_are_sent_untouched)
{
    BOOST_TEST(
        body_of(
            wire::encode(operation::login_with_webauthn_mfa, webauthn_mfa_request(assertion(), "ch", "T"))) ==
        R"({"response":)" + std::string(assertion_text) + R"(,"challenge":"ch","ticket":"T"})");
    BOOST_TEST(
        body_of(wire::encode(
            operation::authenticate_with_webauthn, webauthn_authenticate_request(assertion(), "ch"))) ==
        R"({"response":)" + std::string(assertion_text) + R"(,"challenge":"ch"})");
}

// Contract 5.23: the server answers 500 to these.
BOOST_AUTO_TEST_CASE(assertions_are_looked_at_before_they_are_sent)
{
    BOOST_TEST(complaint_about(assertion()) == "");
    BOOST_TEST(complaint_about(nullptr) == "response INVALID_FORMAT");
    BOOST_TEST(complaint_about("text") == "response INVALID_FORMAT");
    BOOST_TEST(complaint_about(json::object()) == "response INVALID_FORMAT");
    auto broken = assertion();
    broken.as_object().erase("id");
    broken.as_object()["type"] = 5;
    BOOST_TEST(complaint_about(broken) == "response.id INVALID_FORMAT, response.type INVALID_FORMAT");
    broken = assertion();
    broken.as_object()["response"] = "text";
    BOOST_TEST(complaint_about(broken) == "response.response INVALID_FORMAT");
    broken = assertion();
    broken.as_object()["response"] = json::object{{"signature", "s"}};
    BOOST_TEST(
        complaint_about(broken) == "response.response.clientDataJSON INVALID_FORMAT, "
                                   "response.response.authenticatorData INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(assertions_have_to_be_utf8)
{
    auto broken = assertion();
    broken.as_object()["extra"] = "\xFF";
    BOOST_TEST(complaint_about(broken) == "response INVALID_UTF8");
    broken = assertion();
    broken.as_object()["\xC0"] = 1;
    BOOST_TEST(complaint_about(broken) == "response INVALID_UTF8");
}

BOOST_AUTO_TEST_CASE(challenges_have_up_to_256_units)
{
    auto const complaint = [](std::string challenge) {
        return complaints(wire::encode(
            operation::authenticate_with_webauthn,
            webauthn_authenticate_request(assertion(), std::move(challenge))));
    };
    BOOST_TEST(complaint("") == "challenge INVALID_FORMAT");
    BOOST_TEST(complaint(std::string(256, 'c')) == "");
    BOOST_TEST(complaint(std::string(257, 'c')) == "challenge STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(options_keep_unknown_members)
{
    auto const options = decoded<json::value>(R"({"challenge":"c","rpId":"fluxer.app","new":{"x":[1]}})");
    BOOST_TEST(options.value().at("new").at("x").at(0).as_int64() == 1);
    BOOST_TEST(options->storage().get() == json::storage_ptr().get());
    BOOST_TEST(problem_of<json::value>("{}") == "`challenge` is missing");
    BOOST_TEST(problem_of<json::value>(R"({"challenge":1})") == "`challenge` is not a string");
    BOOST_TEST(problem_of<json::value>("[]") == "the answer is not a JSON object");
}

BOOST_AUTO_TEST_SUITE_END()
