#include "generations.hpp"

#include "core/encoding.hpp"
#include "support/every_call.hpp"
#include "support/passkey.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>

// What contract section 14 tells of newer servers, and that older ones are as they were.

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace utf = boost::unit_test;

std::string hex(std::array<unsigned char, 32> const& bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (auto const byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

/// By trying: the sandbox wants small numbers.
captcha_proof solution_of(std::string const& challenge)
{
    auto members = json::parse(challenge).as_object();
    std::string const salt(members.at("salt").as_string());
    auto const wanted = std::string(members.at("challenge").as_string());
    auto const last = members.at("maxnumber").as_int64();
    std::int64_t number = 0;
    while (number <= last && hex(core::sha256(salt + std::to_string(number))) != wanted)
        ++number;
    BOOST_REQUIRE(number <= last);
    members["number"] = number;
    members.erase("maxnumber");
    auto const text = json::serialize(members);
    return captcha_proof(
        core::base64_encode({reinterpret_cast<unsigned char const*>(text.data()), text.size()}), "altcha");
}

class newer_fixture : public generation_fixture
{
public:
    other_answer login_without_session()
    {
        auto answer = ok(api.login_user({email, password}));
        auto* const other = std::get_if<other_answer>(&answer);
        BOOST_REQUIRE(other != nullptr);
        return std::move(*other);
    }

    raw_response raw(std::string target) { return ok(api.send({"GET", std::move(target)})); }
};

BOOST_FIXTURE_TEST_SUITE(newer_servers, newer_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(newer_fixture, the_28_work_with_both, generations, generation)
{
    play(generation);
    auto const calls = every_call(add_session());
    BOOST_TEST(calls.size() == sandbox::operation_ids().size());
    for (auto const& call : calls) {
        auto const before = requests_of(call.what);
        auto const e = run(call.make(api, {}));
        BOOST_TEST_INFO(to_string(call.what));
        BOOST_TEST(requests_of(call.what) == before + 1);
        if (e)
            BOOST_TEST(e->code() != make_error_code(errc::not_supported_by_server));
    }
}

BOOST_DATA_TEST_CASE_F(newer_fixture, errors_of_mfa_have_codes, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    auto const ticket = challenge().ticket;
    check_rejection(
        fails(api.login_with_totp({"nonsense", ticket})), operation::login_with_totp,
        {{"code", newer ? "INVALID_CODE" : ""}});
    check_rejection(
        fails(api.login_with_totp({"123456", "unknown"})), operation::login_with_totp,
        {{newer ? "ticket" : "code", newer ? "SESSION_TIMEOUT" : ""}});
    ok(api.login_with_totp({server.totp_code(email), ticket}));
}

BOOST_DATA_TEST_CASE_F(newer_fixture, totp_that_is_off_has_a_code, generations, generation)
{
    play(generation);
    passkey const key;
    server.add_passkey(email, key.credential_id(), key.public_key());
    check_rejection(
        fails(api.login_with_totp({"123456", challenge().ticket})), operation::login_with_totp,
        {{"code", newer ? "TOTP_NOT_ENABLED" : ""}});
}

BOOST_DATA_TEST_CASE_F(newer_fixture, sms_may_be_gone, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    server.add_backup_codes(email);
    auto const asked = challenge();
    BOOST_TEST(asked.totp);
    BOOST_TEST(asked.backup_codes == newer);
    BOOST_TEST(asked.sms == !newer);
    BOOST_TEST(asked.sms_phone_hint.has_value() == !newer);
    if (!newer) {
        ok(api.send_sms_mfa_code({asked.ticket}));
        ok(api.login_with_sms_mfa({*server.last_sms(email), asked.ticket}));
        return;
    }
    api_failure const gone{errc::feature_disabled, 404, api_code::not_found, "NOT_FOUND"};
    check_failure(fails(api.send_sms_mfa_code({asked.ticket})), operation::send_sms_mfa_code, gone);
    check_failure(
        fails(api.login_with_sms_mfa({"123456", asked.ticket})), operation::login_with_sms_mfa, gone);
}

BOOST_DATA_TEST_CASE_F(newer_fixture, a_logout_may_be_refused, generations, generation)
{
    play(generation);
    auto const token = add_session();
    ok(api.logout_user(token));
    if (newer)
        check_failure(
            fails(api.logout_user(token)), operation::logout_user,
            {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
    else
        ok(api.logout_user(token));
}

BOOST_DATA_TEST_CASE_F(newer_fixture, sessions_tell_more, generations, generation)
{
    play(generation);
    auto const own = session_in(ok(api.login_user({email, password})));
    add_session();
    auto const all = ok(api.list_auth_sessions(own.token));
    BOOST_TEST(all.size() == 2U);
    for (auto const& one : all) {
        auto const is_own = one.id_hash == session_id_hash(own.token);
        BOOST_TEST(one.current == (newer && is_own));
        BOOST_TEST(one.masked_ip.value_or("none") == (newer ? "127.0.x.x" : "none"));
        BOOST_REQUIRE(one.client_info.has_value());
        BOOST_TEST(one.client_info->device.has_value() == newer);
    }
}

BOOST_AUTO_TEST_CASE(sudo_names_the_methods)
{
    play("2026-09");
    server.enable_totp(email);
    auto const answer = ok(api.send(raw_request("POST", "/auth/sessions/logout")
                                        .with_token(add_session())
                                        .with_body(R"({"session_id_hashes":[]})")));
    BOOST_TEST(answer.status == 403);
    auto const body = json::parse(answer.body.reveal()).as_object();
    BOOST_TEST(body.at("code").as_string() == "SUDO_MODE_REQUIRED");
    BOOST_TEST(body.at("methods").at("totp").as_bool());
    BOOST_TEST(!body.at("methods").at("sms").as_bool());
}

BOOST_DATA_TEST_CASE_F(newer_fixture, bans_are_told_with_a_token_to_view_them, generations, generation)
{
    play(generation);
    server.set_suspended(email, sandbox_suspension::permanent);
    if (!newer) {
        check_failure(
            fails(api.login_user({email, password})), operation::login_user,
            {errc::suspended, 403, api_code::account_suspended_permanently, "ACCOUNT_SUSPENDED_PERMANENTLY"});
        return;
    }
    auto const answer = login_without_session();
    BOOST_TEST(answer.body.at("ban_type").as_string() == "permanent");
    BOOST_TEST(answer.body.at("ban_view_token").as_string().size() == 64U);
    BOOST_TEST(server.sessions_of(email).empty());
}

BOOST_DATA_TEST_CASE_F(newer_fixture, registrations_may_wait_for_an_approval, generations, generation)
{
    play(generation);
    server.set_registration_approval(true);
    auto request = register_request("1990-01-31", true).with_email("new@example.com");
    auto answer = ok(api.register_account(std::move(request)));
    BOOST_REQUIRE(server.user_id_of("new@example.com").has_value());
    if (!newer) {
        session_in(std::move(answer));
        return;
    }
    auto const* const other = std::get_if<other_answer>(&answer);
    BOOST_REQUIRE(other != nullptr);
    BOOST_TEST(other->body.at("registration_pending_approval").as_bool());
    BOOST_TEST(other->body.at("user_id").as_string() == *server.user_id_of("new@example.com"));
    BOOST_TEST(server.sessions_of("new@example.com").empty());
}

BOOST_DATA_TEST_CASE_F(newer_fixture, many_errors_get_an_address_banned, generations, generation)
{
    play(generation);
    server.set_error_ban_threshold(5);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(fails(api.login_user({email, other_password})).http_status() == 400);
    if (!newer) {
        ok(api.get_sso_status());
        return;
    }
    api_failure const banned{errc::forbidden, 403, api_code::ip_banned, "IP_BANNED"};
    check_failure(fails(api.get_sso_status()), operation::get_sso_status, banned);
    ok(api.get_sso_status(call_options().with_header("X-Forwarded-For", other_ip)));
    server.advance_clock(23h);
    check_failure(fails(api.get_sso_status()), operation::get_sso_status, banned);
    server.advance_clock(1h);
    ok(api.get_sso_status());
}

BOOST_AUTO_TEST_CASE(errors_far_apart_ban_nobody)
{
    play("2026-09");
    server.set_error_ban_threshold(2);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(fails(api.login_user({email, other_password})).http_status() == 400);
        server.advance_clock(61s);
    }
    ok(api.get_sso_status());
}

BOOST_AUTO_TEST_CASE(altcha_is_demanded_with_a_challenge_and_passes_once)
{
    play("2026-09");
    server.set_captcha(true);
    login_request const request(email, password);
    auto const e = fails(api.login_user(request));
    check_failure(
        e, operation::login_user,
        {errc::captcha_required, 400, api_code::captcha_required, "CAPTCHA_REQUIRED"});
    BOOST_REQUIRE(e.captcha() != nullptr);
    BOOST_TEST(e.captcha()->provider == "altcha");
    auto const proof = solution_of(e.captcha()->challenge);
    session_in(ok(api.login_user(request, call_options().with_captcha(proof))));

    auto const again = fails(api.login_user(request, call_options().with_captcha(proof)));
    check_failure(
        again, operation::login_user,
        {errc::captcha_invalid, 400, api_code::invalid_captcha, "INVALID_CAPTCHA"});
    // With a fresh one, that passes.
    BOOST_TEST(again.captcha()->challenge != e.captcha()->challenge);
    auto const fresh = solution_of(again.captcha()->challenge);
    session_in(ok(api.login_user(request, call_options().with_captcha(fresh))));
}

BOOST_AUTO_TEST_CASE(altcha_is_verified)
{
    play("2026-09");
    server.set_captcha(true);
    auto const challenge = fails(api.forgot_password(email)).captcha()->challenge;
    auto const refuse = [&](captcha_proof proof) {
        auto const e = fails(api.forgot_password(email, call_options().with_captcha(std::move(proof))));
        BOOST_TEST(e.code() == make_error_code(errc::captcha_invalid));
    };
    refuse(captcha_proof("good-token"));
    refuse(captcha_proof("!", "altcha"));
    auto right = solution_of(challenge);
    refuse(captcha_proof(right.token, "hcaptcha"));
    // One of the caller's own making has no valid signature.
    auto forged = json::parse(challenge).as_object();
    forged["salt"] = "00?expires=99999999999";
    forged["challenge"] = hex(core::sha256("00?expires=999999999990"));
    refuse(solution_of(json::serialize(forged)));
    ok(api.forgot_password(email, call_options().with_captcha(right)));
    auto const late = solution_of(fails(api.forgot_password(email)).captcha()->challenge);
    server.advance_clock(10min);
    refuse(late);
}

BOOST_AUTO_TEST_CASE(limits_are_told_in_more_detail)
{
    play("2026-09");
    server.set_rate_limits(true);
    auto const first = raw("/auth/sso/status");
    BOOST_TEST(first.header_value("X-RateLimit-Bucket") == "auth:sso:start");
    BOOST_TEST(first.header_value("X-RateLimit-Scope") == "ip");
    BOOST_TEST(first.header_value("X-RateLimit-Reset-After") == "1.000");
    std::optional<error> refused;
    for (int i = 0; i < 50 && !refused; ++i)
        if (auto answer = run(api.get_sso_status()); !answer)
            refused = answer.error();
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->code() == make_error_code(errc::rate_limited));
    // A slot is free after one second at the latest, and this is less.
    BOOST_REQUIRE(refused->retry_after().has_value());
    BOOST_TEST((*refused->retry_after() > 0ms && *refused->retry_after() <= 1s));
    server.set_rate_limits(false);
}

BOOST_DATA_TEST_CASE_F(
    newer_fixture, newer_operations_are_there_or_said_to_be_missing, generations, generation)
{
    play(generation);
    ok(api.forgot_password(email));
    secret const token(server.last_mail(email, "reset")->token);
    auto const begun = ok(api.initiate_handoff());
    auto const validity = run(api.validate_reset_token({token}));
    auto const username = run(api.check_username("somebody_new"));
    auto const info = run(api.get_handoff_info(begun.code));
    auto const denied = run(api.deny_handoff(begun.code));
    BOOST_TEST(requests_of(operation::validate_reset_token) > 0U);
    if (newer) {
        BOOST_TEST(value_of(validity).valid);
        BOOST_TEST(value_of(username).available);
        BOOST_TEST(value_of(info).return_method.value() == "poll");
        value_of(denied);
        return;
    }
    auto const check = [](error const& e, operation what) {
        check_failure(e, what, {errc::not_supported_by_server, 404, api_code::not_found, "NOT_FOUND"});
        BOOST_TEST(e.message().find("2026-09") != std::string::npos);
        BOOST_TEST((e.advice() == retry_advice::no));
    };
    check(error_of(validity), operation::validate_reset_token);
    check(error_of(username), operation::check_username);
    check(error_of(info), operation::get_handoff_info);
    check(error_of(denied), operation::deny_handoff);
}

BOOST_AUTO_TEST_CASE(a_reset_token_is_looked_at_without_using_it_up)
{
    play("2026-09");
    ok(api.forgot_password(email));
    secret const token(server.last_mail(email, "reset")->token);
    BOOST_TEST(ok(api.validate_reset_token({token})).valid);
    BOOST_TEST(ok(api.validate_reset_token({token})).valid);
    ok(api.reset_password({token, other_password}));
    check_rejection(
        fails(api.validate_reset_token({token})), operation::validate_reset_token,
        {{"token", "INVALID_OR_EXPIRED_RESET_TOKEN"}});
    refused(
        api.validate_reset_token({"short"}), operation::validate_reset_token,
        {{"token", "STRING_LENGTH_EXACT"}});
}

BOOST_AUTO_TEST_CASE(usernames_are_free_or_taken)
{
    play("2026-09");
    sandbox_account taken("eve@example.com", password);
    taken.username = "Eve_1";
    server.create_account(taken);
    BOOST_TEST(!ok(api.check_username("eve_1")).available);
    BOOST_TEST(ok(api.check_username("eve_2")).available);
    check_rejection(
        fails(api.check_username("everyone")), operation::check_username,
        {{"username", "USERNAME_RESERVED_VALUE"}});
    refused(
        api.check_username("a b"), operation::check_username, {{"username", "USERNAME_INVALID_CHARACTERS"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
