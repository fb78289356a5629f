#include "sign_in_fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;
using step = sign_in_step;

BOOST_FIXTURE_TEST_SUITE(sign_ins_with_passkeys, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_passkey_is_a_second_factor, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    register_passkey();
    mfa_answers.push_back([] { return mfa_answer::passkey(); });
    sign_well();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_mfa_passkey);
    BOOST_REQUIRE(passkey_questions.size() == 1U);
    BOOST_TEST(passkey_questions[0].second_factor);
    BOOST_TEST(passkey_questions[0].options.as_object().contains("allowCredentials"));
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, each_signature_gets_a_challenge_of_its_own, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    register_passkey();
    for (int count = 0; count < 2; ++count)
        mfa_answers.push_back([] { return mfa_answer::passkey(); });
    sign_badly();
    sign_well();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_mfa_passkey);
    BOOST_TEST(requests_of(operation::get_webauthn_mfa_options) == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_TEST((mfa_questions[1].problem->code() == errc::passkey_failed));
    BOOST_REQUIRE(passkey_questions.size() == 2U);
    BOOST_TEST(!passkey_questions[0].problem.has_value());
    BOOST_REQUIRE(passkey_questions[1].problem.has_value());
    BOOST_TEST((passkey_questions[1].problem->code() == errc::passkey_failed));
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_passkeys_question_tells_of_signatures_and_not_of_codes, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    register_passkey();
    totp("000000");
    mfa_answers.push_back([] { return mfa_answer::passkey(); });
    sign_well();
    check_end(sign_in_now(), step::signed_in, step::check_mfa_passkey);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_TEST(mfa_questions[1].problem.has_value());
    BOOST_REQUIRE(passkey_questions.size() == 1U);
    BOOST_TEST(!passkey_questions[0].problem.has_value());
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, who_does_not_want_to_sign_is_asked_for_another_factor, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    register_passkey();
    mfa_answers.push_back([] { return mfa_answer::passkey(); });
    signatures.emplace_back(std::nullopt);
    right_totp();
    check_end(sign_in_now(), step::signed_in, step::check_totp);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_passkey_alone_logs_in, generations, generation)
{
    play(generation);
    register_passkey();
    server.enable_totp(email);
    server.set_client_ip(other_ip);
    sign_badly();
    sign_well();
    auto const outcome = sign_in_with(passkey_credentials());
    check_end(outcome, step::signed_in, step::check_passkey);
    BOOST_REQUIRE(passkey_questions.size() == 2U);
    BOOST_TEST(!passkey_questions[0].second_factor);
    BOOST_TEST((passkey_questions[1].problem->code() == errc::passkey_failed));
    BOOST_TEST(requests_of(operation::get_webauthn_authentication_options) == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 0U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, signatures_have_a_bound, generations, generation)
{
    play(generation);
    register_passkey();
    options.max_code_rounds = 2;
    sign_badly();
    sign_badly();
    auto const outcome = sign_in_with(passkey_credentials());
    check_end(outcome, step::exhausted, step::get_challenge);
    BOOST_TEST(outcome.code_rounds == 2U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_passkey_may_be_declined, generations, generation)
{
    play(generation);
    signatures.emplace_back(std::nullopt);
    check_end(sign_in_with(passkey_credentials()), step::declined, step::sign_challenge);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
