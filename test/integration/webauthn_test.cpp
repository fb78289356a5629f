#include "support/fixture.hpp"
#include "support/passkey.hpp"

#include <boost/json/object.hpp>

#include <functional>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace utf = boost::unit_test;

api_failure const passkey_failed{
    errc::passkey_failed, 401, api_code::passkey_authentication_failed, "PASSKEY_AUTHENTICATION_FAILED"};

class webauthn_fixture : public api_fixture
{
public:
    webauthn_fixture()
        : user_id(add_account())
    {
        server.add_passkey(email, key.credential_id(), key.public_key(), "aGFuZGxl");
    }

    std::string login_challenge()
    {
        auto const options = ok(api.get_webauthn_authentication_options());
        return std::string(options.as_object().at("challenge").as_string());
    }

    std::string mfa_challenge_for(secret const& ticket)
    {
        auto const options = ok(api.get_webauthn_mfa_options({ticket}));
        return std::string(options.as_object().at("challenge").as_string());
    }

    passkey key;
    snowflake const user_id;
};

/// All the ways in which an authenticator's answer can be wrong.
std::vector<std::function<void(assertion_values&)>> defects()
{
    return {
        [](auto& values) { values.origin = "https://evil.example"; },
        [](auto& values) { values.rp_id = "evil.example"; },
        [](auto& values) { values.user_verified = false; },
        [](auto& values) { values.break_signature = true; },
        [](auto& values) { values.user_handle = "b3RoZXI"; },
    };
}

BOOST_FIXTURE_TEST_SUITE(webauthn, webauthn_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(options_of_a_login_are_handed_on)
{
    auto const got = ok(api.get_webauthn_authentication_options());
    auto const& options = got.as_object();
    BOOST_TEST(options.at("rpId").as_string() == "web.fluxer.test");
    BOOST_TEST(options.at("challenge").as_string().size() == 43U);
    BOOST_TEST(options.at("timeout").as_int64() == 60000);
    BOOST_TEST(options.at("userVerification").as_string() == "required");
    BOOST_TEST(!options.contains("allowCredentials"));
    BOOST_TEST(options.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_passkey_logs_in)
{
    // Past MFA and from any address.
    server.enable_totp(email);
    server.set_client_ip(other_ip);
    auto const asked = login_challenge();
    assertion_values values;
    values.counter = 1;
    values.user_handle = "aGFuZGxl";
    auto const made = ok(api.authenticate_with_webauthn({key.sign(asked, values), asked}));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == user_id);
    BOOST_TEST(server.is_session(made.token.reveal()));
    // A challenge works once.
    values.counter = 2;
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign(asked, values), asked})),
        operation::authenticate_with_webauthn, passkey_failed);
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_is_no_login_and_uses_the_challenge_up)
{
    for (auto const& spoil : defects()) {
        auto const asked = login_challenge();
        assertion_values values;
        spoil(values);
        check_failure(
            fails(api.authenticate_with_webauthn({key.sign(asked, values), asked})),
            operation::authenticate_with_webauthn, passkey_failed);
        check_failure(
            fails(api.authenticate_with_webauthn({key.sign(asked), asked})),
            operation::authenticate_with_webauthn, passkey_failed);
    }
    BOOST_TEST(server.sessions_of(email).empty());
}

BOOST_AUTO_TEST_CASE(a_challenge_has_to_be_the_servers)
{
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign("AAAA"), "AAAA"})),
        operation::authenticate_with_webauthn, passkey_failed);
    auto const asked = login_challenge();
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign("AAAA"), asked})),
        operation::authenticate_with_webauthn, passkey_failed);
    auto const old = login_challenge();
    server.advance_clock(5min + 1s);
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign(old), old})), operation::authenticate_with_webauthn,
        passkey_failed);
    passkey const stranger;
    auto const fresh = login_challenge();
    check_failure(
        fails(api.authenticate_with_webauthn({stranger.sign(fresh), fresh})),
        operation::authenticate_with_webauthn, passkey_failed);
}

BOOST_AUTO_TEST_CASE(a_counter_must_not_go_back)
{
    assertion_values values;
    values.counter = 7;
    auto const first = login_challenge();
    ok(api.authenticate_with_webauthn({key.sign(first, values), first}));
    auto const second = login_challenge();
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign(second, values), second})),
        operation::authenticate_with_webauthn,
        {errc::server_error, 500, api_code::invalid_webauthn_authentication_counter,
         "INVALID_WEBAUTHN_AUTHENTICATION_COUNTER"});
}

BOOST_AUTO_TEST_CASE(a_suspended_account_gets_no_session)
{
    server.set_suspended(email, sandbox_suspension::permanent);
    auto const asked = login_challenge();
    check_failure(
        fails(api.authenticate_with_webauthn({key.sign(asked), asked})),
        operation::authenticate_with_webauthn,
        {errc::suspended, 403, api_code::account_suspended_permanently, "ACCOUNT_SUSPENDED_PERMANENTLY"});
}

BOOST_AUTO_TEST_CASE(an_incomplete_response_is_not_sent)
{
    refused(
        api.authenticate_with_webauthn({json::object(), "challenge"}), operation::authenticate_with_webauthn,
        {{"response", "INVALID_FORMAT"}});
    refused(
        api.authenticate_with_webauthn({json::value(nullptr), ""}), operation::authenticate_with_webauthn,
        {{"response", "INVALID_FORMAT"}, {"challenge", "INVALID_FORMAT"}});
    auto broken = key.sign("challenge");
    broken.as_object().at("response").as_object().erase("signature");
    broken.as_object().erase("rawId");
    refused(
        api.authenticate_with_webauthn({broken, "challenge"}), operation::authenticate_with_webauthn,
        {{"response.rawId", "INVALID_FORMAT"}, {"response.response.signature", "INVALID_FORMAT"}});
    refused(
        api.login_with_webauthn_mfa({broken, "challenge", ""}), operation::login_with_webauthn_mfa,
        {{"response.rawId", "INVALID_FORMAT"},
         {"response.response.signature", "INVALID_FORMAT"},
         {"ticket", "INVALID_FORMAT"}});
    refused(
        api.get_webauthn_mfa_options({""}), operation::get_webauthn_mfa_options,
        {{"ticket", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_CASE(options_of_mfa_name_the_credentials)
{
    auto const asked = challenge();
    BOOST_TEST(asked.webauthn);
    BOOST_TEST((asked.allowed_methods == std::vector<std::string>{"webauthn"}));
    auto const got = ok(api.get_webauthn_mfa_options({asked.ticket}));
    auto const& options = got.as_object();
    BOOST_TEST(options.at("rpId").as_string() == "web.fluxer.test");
    BOOST_TEST(options.at("challenge").as_string().size() == 43U);
    BOOST_TEST(options.at("timeout").as_int64() == 60000);
    BOOST_TEST(options.at("userVerification").as_string() == "required");
    auto const& allowed = options.at("allowCredentials").as_array();
    BOOST_REQUIRE(allowed.size() == 1U);
    BOOST_TEST((allowed[0].as_object().at("id").as_string() == key.credential_id()));
    BOOST_TEST(allowed[0].as_object().at("type").as_string() == "public-key");
}

BOOST_AUTO_TEST_CASE(a_passkey_answers_an_mfa_challenge)
{
    auto const asked = challenge();
    auto const text = mfa_challenge_for(asked.ticket);
    auto const made = ok(api.login_with_webauthn_mfa({key.sign(text), text, asked.ticket}));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(made.user_id == user_id);
    BOOST_TEST(server.is_session(made.token.reveal()));
    check_rejection(
        fails(api.login_with_webauthn_mfa({key.sign(text), text, asked.ticket})),
        operation::login_with_webauthn_mfa, {{"ticket", ""}});
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_leaves_the_ticket_good)
{
    auto const asked = challenge();
    for (auto const& spoil : defects()) {
        auto const text = mfa_challenge_for(asked.ticket);
        assertion_values values;
        spoil(values);
        check_failure(
            fails(api.login_with_webauthn_mfa({key.sign(text, values), text, asked.ticket})),
            operation::login_with_webauthn_mfa, passkey_failed);
    }
    // A challenge of another purpose, and one of another ticket.
    auto const foreign = login_challenge();
    check_failure(
        fails(api.login_with_webauthn_mfa({key.sign(foreign), foreign, asked.ticket})),
        operation::login_with_webauthn_mfa, passkey_failed);
    auto const second = challenge();
    auto const of_second = mfa_challenge_for(second.ticket);
    check_failure(
        fails(api.login_with_webauthn_mfa({key.sign(of_second), of_second, asked.ticket})),
        operation::login_with_webauthn_mfa, passkey_failed);
    auto const text = mfa_challenge_for(asked.ticket);
    ok(api.login_with_webauthn_mfa({key.sign(text), text, asked.ticket}));
}

BOOST_AUTO_TEST_CASE(mfa_needs_a_ticket_and_a_passkey)
{
    check_rejection(
        fails(api.get_webauthn_mfa_options({"unknown"})), operation::get_webauthn_mfa_options,
        {{"ticket", ""}});
    check_rejection(
        fails(api.login_with_webauthn_mfa({key.sign("AAAA"), "AAAA", "unknown"})),
        operation::login_with_webauthn_mfa, {{"ticket", ""}});
    add_account("grace@example.com");
    server.enable_totp("grace@example.com");
    auto const asked = challenge("grace@example.com");
    check_failure(
        fails(api.get_webauthn_mfa_options({asked.ticket})), operation::get_webauthn_mfa_options,
        {errc::rejected, 400, api_code::no_passkeys_registered, "NO_PASSKEYS_REGISTERED"});
    server.advance_clock(5min);
    check_rejection(
        fails(api.get_webauthn_mfa_options({asked.ticket})), operation::get_webauthn_mfa_options,
        {{"ticket", ""}});
}

BOOST_AUTO_TEST_CASE(options_of_a_login_need_nothing)
{
    auto const before = requests_of(operation::get_webauthn_authentication_options);
    ok(api.get_webauthn_authentication_options());
    BOOST_TEST(requests_of(operation::get_webauthn_authentication_options) == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
