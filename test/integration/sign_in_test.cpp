#include "sign_in_fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
using step = sign_in_step;

BOOST_FIXTURE_TEST_SUITE(sign_ins, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_password_may_be_enough, generations, generation)
{
    play(generation);
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::log_in);
    BOOST_TEST(outcome.logins == 1U);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_wrong_password_is_tried_once, generations, generation)
{
    play(generation);
    auto const outcome = sign_in_with(password_credentials(email, other_password));
    check_end(outcome, step::refused, step::log_in);
    BOOST_TEST((outcome.error->code() == errc::rejected_input));
    BOOST_TEST(outcome.logins == 1U);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, bad_input_is_refused_before_any_request, generations, generation)
{
    play(generation);
    auto const outcome = sign_in_with(password_credentials(email, "short"));
    check_end(outcome, step::failed, step::log_in);
    BOOST_TEST((outcome.error->code() == errc::invalid_request));
    BOOST_TEST(outcome.logins == 0U);
    BOOST_TEST(requests_of(operation::login_user) == 0U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, sso_is_completed, generations, generation)
{
    play(generation);
    server.set_sso(true);
    auto const begun = ok(api.start_sso(sso_start_request().with_redirect_to("/channels/@me")));
    auto const outcome = sign_in_with(sso_credentials(email, begun.state));
    check_end(outcome, step::signed_in, step::complete_sso);
    BOOST_TEST(outcome.redirect_to == "/channels/@me");
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, an_sso_state_that_is_unknown_is_refused, generations, generation)
{
    play(generation);
    server.set_sso(true);
    check_end(sign_in_with(sso_credentials(email, "nonsense")), step::refused, step::complete_sso);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, each_refusal_of_the_server_has_its_own_end, generations, generation)
{
    play(generation);
    server.set_suspended(email, sandbox_suspension::permanent);
    check_end(sign_in_now(), newer ? step::banned : step::suspended, step::log_in);
    server.set_suspended(email, sandbox_suspension::none);

    server.set_sso(true);
    check_end(sign_in_now(), step::sso_required, step::log_in);
    server.set_sso(false);

    server.ban_ip("127.0.0.1");
    check_end(sign_in_now(), step::banned, step::log_in);
    server.unban_ip("127.0.0.1");

    server.set_bot(email, true);
    check_end(sign_in_now(), step::failed, step::log_in);
    server.set_bot(email, false);

    fault("login_user", 429, R"({"code":"RATE_LIMITED","message":"no","retry_after":900})");
    auto const limited = sign_in_now();
    check_end(limited, step::rate_limited, step::log_in);
    BOOST_TEST((limited.error->retry_after().value_or(0ms) == 900s));

    fault("login_user", 502, "<html>");
    check_end(sign_in_now(), step::failed, step::log_in);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, answers_of_newer_servers_are_asked_about, generations, generation)
{
    play(generation);
    fault("login_user", 200, R"({"ban_view_token":"x","ban_type":"permanent"})");
    auto const banned = sign_in_now();
    check_end(banned, step::banned, step::log_in);
    BOOST_TEST(banned.other.has_value());

    fault("login_user", 200, R"({"what_is_this":true})");
    auto outcome = sign_in_now();
    check_end(outcome, step::other, step::ask_about_other);
    BOOST_TEST(outcome.other.has_value());

    handlers.other = [this](other_answer) -> asio::awaitable<std::optional<session>> {
        co_return session(secret(server.create_session(email)), user_id);
    };
    fault("login_user", 200, R"({"what_is_this":true})");
    check_end(sign_in_now(), step::signed_in, step::ask_about_other);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, what_has_no_handler_ends_it_with_all_that_is_needed_to_go_on_by_hand, generations,
    generation)
{
    play(generation);
    handlers = sign_in_handlers();
    // The newer one's captcha needs nobody (sign_in_captcha_test.cpp).
    if (!newer) {
        server.set_captcha(true);
        check_end(sign_in_now(), step::unhandled, step::ask_captcha);
        server.set_captcha(false);
    }

    server.set_client_ip(other_ip);
    auto const waiting = sign_in_now();
    check_end(waiting, step::unhandled, step::wait_for_ip);
    BOOST_TEST((waiting.error->ip_authorization() != nullptr));

    server.enable_totp(email);
    auto const challenged = sign_in_now();
    check_end(challenged, step::unhandled, step::ask_mfa);
    BOOST_TEST(challenged.challenge.has_value());

    check_end(sign_in_with(passkey_credentials()), step::unhandled, step::sign_challenge);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, options_out_of_range_are_refused, generations, generation)
{
    play(generation);
    options.deadline = 0ms;
    auto outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::failed);
    BOOST_TEST((outcome.error->code() == errc::invalid_option));
    options = sign_in_options();
    options.max_code_rounds = 0;
    BOOST_TEST((sign_in_now().error->code() == errc::invalid_option));
    options = sign_in_options();
    options.max_captcha_rounds = 101;
    BOOST_TEST((sign_in_now().error->code() == errc::invalid_option));
    options = sign_in_options();
    options.altcha.timeout = 0ms;
    BOOST_TEST((sign_in_now().error->code() == errc::invalid_option));
    BOOST_TEST(requests() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
