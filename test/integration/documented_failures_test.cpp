#include "support/every_call.hpp"
#include "support/fixture.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

// Failures that the contract documents but for which no state of the sandbox can be brought about: codes of races, of
// services behind the server, or without a known cause. The sandbox sends them as they were documented.

namespace fluxer::auth {

namespace {

using namespace test;
namespace utf = boost::unit_test;

class documented_fixture : public api_fixture
{
public:
    documented_fixture()
        : calls((add_account(), every_call(add_session())))
    {}

    void next(operation what, int status, boost::json::value const& body)
    {
        sandbox_fault fault(sandbox_fault_kind::answer);
        fault.status = status;
        fault.body = boost::json::serialize(body);
        server.set_fault(to_string(what), fault);
    }

    error failure_of(operation what)
    {
        for (auto const& call : calls) {
            if (call.what != what)
                continue;
            auto e = run(call.make(api, {}));
            BOOST_REQUIRE(e.has_value());
            return *std::move(e);
        }
        BOOST_FAIL("no such operation");
        throw std::logic_error("unreachable");
    }

    void check_code(operation what, int status, api_code number, char const* code, errc meaning)
    {
        next(what, status, {{"code", code}, {"message", "As documented."}});
        auto const e = failure_of(what);
        BOOST_TEST_CONTEXT(code)
        {
            check_failure(e, what, {meaning, status, number, code});
            BOOST_TEST(e.message() == "As documented.");
        }
    }

    /// One field of INVALID_FORM_BODY.
    void check_field(operation what, char const* path, boost::json::value const& code)
    {
        boost::json::object field{{"path", path}, {"message", "As documented."}};
        if (code.is_string())
            field["code"] = code;
        next(
            what, 400,
            {{"code", "INVALID_FORM_BODY"},
             {"message", "Input Validation Error"},
             {"errors", boost::json::array{field}}});
        check_rejection(
            failure_of(what), what,
            {{path, code.is_string() ? std::string(code.as_string()) : std::string()}});
    }

    std::vector<any_call> const calls;
};

BOOST_FIXTURE_TEST_SUITE(documented_failures, documented_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(accounts_that_are_gone)
{
    for (auto const what :
         {operation::login_with_totp, operation::send_sms_mfa_code, operation::login_with_sms_mfa,
          operation::get_webauthn_mfa_options, operation::login_with_webauthn_mfa,
          operation::complete_handoff})
        check_code(what, 404, api_code::unknown_user, "UNKNOWN_USER", errc::not_found);
}

BOOST_AUTO_TEST_CASE(sms)
{
    auto const send = operation::send_sms_mfa_code;
    check_code(send, 400, api_code::invalid_phone_number, "INVALID_PHONE_NUMBER", errc::rejected);
    check_code(send, 400, api_code::phone_required_for_sms_mfa, "PHONE_REQUIRED_FOR_SMS_MFA", errc::rejected);
    check_code(send, 400, api_code::sms_mfa_not_enabled, "SMS_MFA_NOT_ENABLED", errc::rejected);
    check_code(send, 400, api_code::sms_mfa_requires_totp, "SMS_MFA_REQUIRES_TOTP", errc::rejected);
    check_code(
        send, 400, api_code::sms_verification_unavailable, "SMS_VERIFICATION_UNAVAILABLE", errc::rejected);
    check_code(send, 500, api_code::internal_server_error, "INTERNAL_SERVER_ERROR", errc::server_error);
    // Newer servers may have no MFA by SMS (contract 14); the ticket was made by this server, whose address is right.
    check_code(send, 404, api_code::not_found, "NOT_FOUND", errc::feature_disabled);
    check_code(operation::login_with_sms_mfa, 404, api_code::not_found, "NOT_FOUND", errc::feature_disabled);
}

BOOST_AUTO_TEST_CASE(handoff)
{
    auto const complete = operation::complete_handoff;
    check_code(complete, 400, api_code::handoff_code_expired, "HANDOFF_CODE_EXPIRED", errc::rejected);
    check_code(complete, 400, api_code::session_token_mismatch, "SESSION_TOKEN_MISMATCH", errc::rejected);
}

BOOST_AUTO_TEST_CASE(passkeys)
{
    auto const login = operation::authenticate_with_webauthn;
    check_code(
        login, 500, api_code::invalid_webauthn_authentication_counter,
        "INVALID_WEBAUTHN_AUTHENTICATION_COUNTER", errc::server_error);
    check_code(
        login, 404, api_code::unknown_webauthn_credential, "UNKNOWN_WEBAUTHN_CREDENTIAL", errc::not_found);
    check_code(
        login, 401, api_code::passkey_authentication_failed, "PASSKEY_AUTHENTICATION_FAILED",
        errc::passkey_failed);
    check_code(
        operation::login_with_webauthn_mfa, 400, api_code::invalid_webauthn_credential_counter,
        "INVALID_WEBAUTHN_CREDENTIAL_COUNTER", errc::rejected);
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_way_of_all)
{
    auto const list = operation::list_auth_sessions;
    check_code(list, 401, api_code::invalid_token, "INVALID_TOKEN", errc::unauthorized);
    check_code(list, 403, api_code::access_denied, "ACCESS_DENIED", errc::forbidden);
    check_code(list, 403, api_code::invalid_api_origin, "INVALID_API_ORIGIN", errc::forbidden);
    check_code(
        list, 403, api_code::account_suspended_temporarily, "ACCOUNT_SUSPENDED_TEMPORARILY", errc::suspended);
    check_code(
        list, 403, api_code::feature_temporarily_disabled, "FEATURE_TEMPORARILY_DISABLED",
        errc::feature_disabled);
    check_code(
        list, 403, api_code::email_verification_required, "EMAIL_VERIFICATION_REQUIRED", errc::forbidden);
    check_code(
        list, 403, api_code::account_suspicious_activity, "ACCOUNT_SUSPICIOUS_ACTIVITY", errc::forbidden);
}

BOOST_AUTO_TEST_CASE(what_no_operation_is_known_to_say_but_all_may)
{
    auto const login = operation::login_user;
    check_code(login, 400, api_code::general_error, "GENERAL_ERROR", errc::rejected);
    check_code(login, 401, api_code::general_error, "GENERAL_ERROR", errc::unauthorized);
    check_code(login, 400, api_code::two_fa_not_enabled, "TWO_FA_NOT_ENABLED", errc::rejected);
    check_code(login, 400, api_code::two_factor_required, "TWO_FACTOR_REQUIRED", errc::rejected);
    check_code(
        login, 403, api_code::bot_user_auth_session_creation_denied, "BOT_USER_AUTH_SESSION_CREATION_DENIED",
        errc::forbidden);
    check_code(
        login, 400, api_code::invalid_webauthn_credential, "INVALID_WEBAUTHN_CREDENTIAL", errc::rejected);
    check_code(
        login, 400, api_code::invalid_webauthn_public_key_format, "INVALID_WEBAUTHN_PUBLIC_KEY_FORMAT",
        errc::rejected);
    check_code(
        login, 400, api_code::webauthn_credential_limit_reached, "WEBAUTHN_CREDENTIAL_LIMIT_REACHED",
        errc::rejected);
}

BOOST_AUTO_TEST_CASE(a_code_of_a_later_server)
{
    check_code(operation::login_user, 403, api_code::unknown, "A_CODE_OF_TOMORROW", errc::forbidden);
    check_code(operation::login_user, 400, api_code::unknown, "A_CODE_OF_TOMORROW", errc::rejected);
}

BOOST_AUTO_TEST_CASE(sso_providers_that_say_too_little)
{
    for (auto const* path : {"id_token", "access_token", "email", "sso", "username"})
        check_field(operation::complete_sso, path, nullptr);
}

BOOST_AUTO_TEST_CASE(too_many_users_of_a_name)
{
    check_field(operation::register_account, "username", nullptr);
}

BOOST_AUTO_TEST_CASE(suspicious_activity_keeps_its_flags)
{
    sandbox_fault fault(sandbox_fault_kind::answer);
    fault.status = 403;
    fault.body =
        R"({"code":"ACCOUNT_SUSPICIOUS_ACTIVITY","message":"m","data":{"suspicious_activity_flags":5}})";
    server.set_fault("*", fault);
    auto const answer = ok(api.send(raw_request("GET", "/users/@me/settings")));
    BOOST_TEST(answer.status == 403);
    BOOST_TEST(answer.body.reveal() == fault.body);
}

BOOST_AUTO_TEST_CASE(sessions_tell_where_they_were_used)
{
    sandbox_fault fault(sandbox_fault_kind::answer);
    fault.status = 200;
    fault.body = R"([{"id_hash":"abc","client_info":{"platform":"Firefox","os":"Linux",
        "location":{"city":"Graz","region":null,"country":"Austria"}},
        "approx_last_used_at":"2026-01-02T03:04:05.678Z","current":true}])";
    server.set_fault("list_auth_sessions", fault);
    auto const sessions = ok(api.list_auth_sessions(add_session()));
    BOOST_REQUIRE(sessions.size() == 1U);
    BOOST_REQUIRE(sessions.front().client_info.has_value());
    auto const& location = sessions.front().client_info->location;
    BOOST_REQUIRE(location.has_value());
    BOOST_TEST((location->city == "Graz"));
    BOOST_TEST(!location->region);
    BOOST_TEST((location->country == "Austria"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
