#include "sign_in_fixture.hpp"

#include <boost/asio/thread_pool.hpp>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;
using step = sign_in_step;

BOOST_FIXTURE_TEST_SUITE(sign_ins_with_captchas, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_captcha_is_solved_when_it_is_asked_for, generations, generation)
{
    play(generation);
    server.set_captcha(true);
    options.captcha_provider = "hcaptcha";
    options.captcha_site_key = "key of the site";
    captchas = {"bad-token", "good-token"};
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::log_in);
    if (newer) {
        // A proof of work needs nobody.
        BOOST_TEST(captcha_questions.empty());
        BOOST_TEST(outcome.captcha_rounds == 1U);
        BOOST_TEST(requests_of(operation::login_user) == 2U);
        return;
    }
    BOOST_REQUIRE(captcha_questions.size() == 2U);
    BOOST_TEST(captcha_questions[0].provider == "hcaptcha");
    BOOST_TEST(captcha_questions[0].site_key == "key of the site");
    BOOST_TEST((captcha_questions[0].problem->code() == errc::captcha_required));
    BOOST_TEST((captcha_questions[1].problem->code() == errc::captcha_invalid));
    BOOST_TEST(outcome.captcha_rounds == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 3U);
}

BOOST_AUTO_TEST_CASE(a_captcha_that_was_solved_before_goes_with_the_login_and_nowhere_else)
{
    play("2026-02");
    server.set_captcha(true);
    server.enable_totp(email);
    options.call.captcha = captcha_proof(secret("good-token"), "hcaptcha");
    right_totp();
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_totp);
    BOOST_TEST(captcha_questions.empty());
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

constexpr char const* hcaptcha_wanted =
    R"({"code":"CAPTCHA_REQUIRED","message":"no","captcha_provider":"hcaptcha"})";

BOOST_DATA_TEST_CASE_F(sign_in_fixture, captchas_have_a_bound, generations, generation)
{
    play(generation);
    // The newer one takes every right proof, so that it has to ask for another kind without end.
    if (newer)
        fault("login_user", 400, hcaptcha_wanted, 10);
    else
        server.set_captcha(true);
    captchas = {"a", "b", "c", "d", "e"};
    auto const outcome = sign_in_now();
    check_end(outcome, step::exhausted, step::ask_captcha);
    BOOST_TEST(outcome.captcha_rounds == 3U);
    BOOST_TEST(captcha_questions.size() == 3U);
    BOOST_TEST(requests_of(operation::login_user) == 4U);
    server.clear_faults();
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_captcha_may_be_declined, generations, generation)
{
    play(generation);
    if (newer)
        fault("login_user", 400, hcaptcha_wanted);
    else
        server.set_captcha(true);
    check_end(sign_in_now(), step::declined, step::ask_captcha);
    BOOST_TEST(captcha_questions.size() == 1U);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, only_a_proof_of_work_needs_no_handler, generations, generation)
{
    play(generation);
    handlers.captcha = nullptr;
    server.set_captcha(true);
    check_end(
        sign_in_now(), newer ? step::signed_in : step::unhandled, newer ? step::log_in : step::ask_captcha);
    BOOST_TEST(requests_of(operation::login_user) == (newer ? 2U : 1U));
}

BOOST_AUTO_TEST_CASE(a_proof_of_work_is_made_where_and_as_long_as_the_caller_wants)
{
    play("2026-09");
    server.set_captcha(true);
    boost::asio::thread_pool stopped(1);
    stopped.stop();
    options.altcha.executor = stopped.get_executor();
    options.altcha.timeout = 20ms;
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::failed);
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::timed_out));
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
