#include "sign_in_fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;
using step = sign_in_step;

constexpr char const* wrong_code = "000000";

BOOST_FIXTURE_TEST_SUITE(sign_ins_with_mfa, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_totp_code_follows, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    right_totp();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_REQUIRE(mfa_questions.size() == 1U);
    BOOST_TEST(mfa_questions[0].challenge.totp);
    BOOST_TEST(mfa_questions[0].round == 1U);
    BOOST_TEST(mfa_questions[0].rounds_left == 4U);
    BOOST_TEST((mfa_questions[0].expires_in > 4min));
    BOOST_TEST(!mfa_questions[0].problem.has_value());
    BOOST_TEST(outcome.code_rounds == 1U);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_wrong_code_is_asked_for_again_without_a_new_login, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    totp(wrong_code);
    right_totp();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_REQUIRE(mfa_questions[1].problem.has_value());
    BOOST_TEST((mfa_questions[1].problem->code() == errc::rejected_input));
    BOOST_TEST(mfa_questions[1].round == 2U);
    BOOST_TEST(outcome.code_rounds == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
    BOOST_TEST(requests_of(operation::login_with_totp) == 2U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, wrong_codes_have_a_bound, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    options.max_code_rounds = 3;
    for (int count = 0; count < 3; ++count)
        totp(wrong_code);
    auto const outcome = sign_in_now();
    check_end(outcome, step::exhausted, step::ask_mfa);
    BOOST_TEST(outcome.code_rounds == 3U);
    BOOST_TEST((outcome.error->code() == errc::rejected_input));
    BOOST_TEST(requests_of(operation::login_user) == 1U);
    BOOST_TEST(requests_of(operation::login_with_totp) == 3U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_code_can_come_by_sms_where_there_are_any, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    if (newer)
        right_totp();
    else
        mfa_answers.push_back(
            [this] { return mfa_answer::sms(secret(server.last_sms(email).value_or("none"))); });
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, newer ? step::check_totp : step::check_sms);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_TEST(mfa_questions[0].challenge.sms == !newer);
    BOOST_TEST(!mfa_questions[0].sms_sent);
    BOOST_TEST(mfa_questions[1].problem.has_value() == newer);
    if (newer)
        BOOST_TEST((mfa_questions[1].problem->code() == errc::feature_disabled));
    BOOST_TEST(mfa_questions[1].sms_sent == !newer);
    BOOST_TEST(mfa_questions[0].sms_left == 3U);
    BOOST_TEST(mfa_questions[1].sms_left == 2U);
    BOOST_TEST(server.last_sms(email).has_value() == !newer);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_gateway_that_fails_leaves_the_other_factors, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    fault("send_sms_mfa_code", 500, R"({"code":"INTERNAL_SERVER_ERROR","message":"no gateway"})");
    mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    right_totp();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_REQUIRE(mfa_questions[1].problem.has_value());
    BOOST_TEST((mfa_questions[1].problem->code() == errc::server_error));
    BOOST_TEST(!mfa_questions[1].sms_sent);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, sms_have_a_bound, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    for (int count = 0; count < 10; ++count)
        mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    auto const outcome = sign_in_now();
    check_end(outcome, step::exhausted, step::ask_mfa);
    BOOST_REQUIRE(mfa_questions.size() == 4U);
    BOOST_TEST(mfa_questions[3].sms_left == 0U);
    BOOST_TEST(mfa_questions[3].sms_sent == !newer);
    BOOST_TEST(requests_of(operation::send_sms_mfa_code) == 3U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_code_after_the_last_sms_is_as_good, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    for (int count = 0; count < 3; ++count)
        mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    if (newer)
        right_totp();
    else
        mfa_answers.push_back(
            [this] { return mfa_answer::sms(secret(server.last_sms(email).value_or("none"))); });
    check_end(sign_in_now(), step::signed_in, newer ? step::check_totp : step::check_sms);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, what_cannot_be_a_code_is_asked_for_again_without_a_new_login, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    totp("");
    right_totp();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_TEST((mfa_questions.at(1).problem->code() == errc::invalid_request));
    BOOST_TEST(requests_of(operation::login_user) == 1U);
    BOOST_TEST(requests_of(operation::login_with_totp) == 1U);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_factor_that_the_account_lacks_is_asked_about_again, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    mfa_answers.push_back([] { return mfa_answer::passkey(); });
    mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    right_totp();
    check_end(sign_in_now(), step::signed_in, step::check_totp);
    BOOST_REQUIRE(mfa_questions.size() == 3U);
    BOOST_TEST((mfa_questions[1].problem->api_code() == api_code::no_passkeys_registered));
    auto const& problem = *mfa_questions[2].problem;
    if (newer)
        BOOST_TEST((problem.code() == errc::feature_disabled));
    else
        BOOST_TEST((problem.api_code() == api_code::sms_mfa_not_enabled));
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, giving_up_ends_it, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    mfa_answers.push_back([] { return mfa_answer::give_up(); });
    auto const outcome = sign_in_now();
    check_end(outcome, step::declined, step::ask_mfa);
    BOOST_TEST(outcome.challenge.has_value());
}

constexpr char const* session_timeout =
    R"({"code":"INVALID_FORM_BODY","message":"no","errors":[{"path":"ticket","code":"SESSION_TIMEOUT","message":"no"}]})";

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_ticket_that_ended_ends_it, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    totp(wrong_code);
    fault("login_with_totp", 400, session_timeout);
    auto const outcome = sign_in_now();
    check_end(outcome, step::ticket_expired, step::check_totp);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, or_leads_to_one_new_login_if_that_is_allowed, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    options.new_login_after_expiry = true;
    totp(wrong_code);
    right_totp();
    fault("login_with_totp", 400, session_timeout);
    auto outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_TEST(outcome.logins == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 2U);

    server.end_session(outcome.session->token.reveal());
    totp(wrong_code);
    totp(wrong_code);
    fault("login_with_totp", 400, session_timeout, 2);
    outcome = sign_in_now();
    check_end(outcome, step::ticket_expired, step::check_totp);
    BOOST_TEST(outcome.logins == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
