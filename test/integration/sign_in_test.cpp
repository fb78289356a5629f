#include "generations.hpp"

#include "support/passkey.hpp"

#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>

#include <deque>
#include <stdexcept>

namespace fluxer::auth {

std::ostream& operator<<(std::ostream& out, sign_in_step value)
{
    return out << to_string(value);
}

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;
namespace utf = boost::unit_test;
using step = sign_in_step;

constexpr char const* wrong_code = "000000";

/// Handlers that answer from lists, and note what they were asked.
class sign_in_fixture : public generation_fixture
{
public:
    sign_in_fixture()
    {
        handlers.mfa = [this](mfa_question question) { return answer_mfa(std::move(question)); };
        handlers.passkey = [this](passkey_question question) { return answer_passkey(std::move(question)); };
        handlers.captcha = [this](captcha_question question) { return answer_captcha(std::move(question)); };
        handlers.ip_authorization = [this](ip_authorization_notice notice) {
            return answer_notice(std::move(notice));
        };
        options.poll.jitter_percent = 0;
    }

    /// Of this case.
    std::uint64_t requests_of(operation what) const { return api_fixture::requests_of(what) - before(what); }

    std::uint64_t requests() const { return api_fixture::requests() - before_.requests; }

    sign_in_outcome sign_in_with(sign_in_credentials with)
    {
        return run(sign_in(api, std::move(with), handlers, options));
    }

    sign_in_outcome sign_in_now() { return sign_in_with(password_credentials(email, password)); }

    void check_end(sign_in_outcome const& outcome, step end, step last)
    {
        BOOST_TEST(outcome.end == end);
        BOOST_TEST(outcome.last == last);
        BOOST_TEST(outcome.session.has_value() == (end == step::signed_in));
        BOOST_TEST(static_cast<bool>(outcome) == (end == step::signed_in));
        if (outcome.session) {
            BOOST_TEST(outcome.session->user_id == user_id);
            BOOST_TEST(server.is_session(outcome.session->token.reveal()));
            BOOST_TEST(!outcome.error.has_value());
        } else {
            BOOST_TEST(server.sessions_of(email).empty());
        }
    }

    void fault(char const* what, int status, std::string body, int count = 1)
    {
        sandbox_fault made(sandbox_fault_kind::answer, count);
        made.status = status;
        made.body = std::move(body);
        server.set_fault(what, made);
    }

    void open_mailed_link()
    {
        auto const mail = server.last_mail(email, "ip_authorization");
        BOOST_REQUIRE(mail.has_value());
        auto token = token_from_link(mail->link);
        BOOST_REQUIRE(token.has_value());
        run.start(use(api, *std::move(token)));
    }

    static asio::awaitable<void> use(client through, secret token)
    {
        authorize_ip_request request(std::move(token));
        good(co_await through.authorize_ip_address(std::move(request)));
    }

    static asio::awaitable<void> for_ever()
    {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
    }

    asio::awaitable<mfa_answer> answer_mfa(mfa_question question)
    {
        mfa_questions.push_back(question);
        BOOST_REQUIRE(!mfa_answers.empty());
        auto const next = mfa_answers.front();
        mfa_answers.pop_front();
        co_return next();
    }

    asio::awaitable<std::optional<json::value>> answer_passkey(passkey_question question)
    {
        passkey_questions.push_back(question);
        BOOST_REQUIRE(!signatures.empty());
        auto const next = signatures.front();
        signatures.pop_front();
        if (!next)
            co_return std::nullopt;
        auto const challenge = std::string(question.options.as_object().at("challenge").as_string());
        co_return key.sign(challenge, *next);
    }

    asio::awaitable<std::optional<captcha_proof>> answer_captcha(captcha_question question)
    {
        captcha_questions.push_back(question);
        if (captchas.empty())
            co_return std::nullopt;
        captcha_proof proof{secret(captchas.front())};
        captchas.pop_front();
        co_return proof;
    }

    asio::awaitable<bool> answer_notice(ip_authorization_notice notice)
    {
        BOOST_TEST(notice.email() == email);
        BOOST_TEST((notice.ends_at() > std::chrono::steady_clock::now() + 14min));
        BOOST_TEST((notice.resend_available_in() > 25s));
        ++notices;
        auto const before = co_await asio::this_coro::cancellation_state;
        BOOST_TEST((before.cancelled() == asio::cancellation_type::none));
        auto const answer = co_await on_notice(std::move(notice));
        co_return answer;
    }

    void totp(std::string code)
    {
        mfa_answers.push_back([code] { return mfa_answer::totp(secret(code)); });
    }

    void right_totp()
    {
        mfa_answers.push_back([this] { return mfa_answer::totp(secret(server.totp_code(email))); });
    }

    void register_passkey() { server.add_passkey(email, key.credential_id(), key.public_key()); }

    void sign_well() { signatures.emplace_back(assertion_values()); }

    void sign_badly()
    {
        assertion_values values;
        values.break_signature = true;
        signatures.emplace_back(values);
    }

private:
    std::uint64_t before(operation what) const
    {
        auto const found = before_.requests_by_operation.find(std::string(to_string(what)));
        return found == before_.requests_by_operation.end() ? 0 : found->second;
    }

    sandbox_counters const before_ = server.counters();

public:
    passkey key;
    sign_in_handlers handlers;
    sign_in_options options;
    std::deque<std::function<mfa_answer()>> mfa_answers;
    std::vector<mfa_question> mfa_questions;
    std::deque<std::optional<assertion_values>> signatures;
    std::vector<passkey_question> passkey_questions;
    std::deque<std::string> captchas;
    std::vector<captcha_question> captcha_questions;
    std::function<asio::awaitable<bool>(ip_authorization_notice)> on_notice;
    int notices = 0;
};

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

BOOST_AUTO_TEST_CASE(bad_input_is_refused_before_any_request)
{
    auto const outcome = sign_in_with(password_credentials(email, "short"));
    check_end(outcome, step::failed, step::log_in);
    BOOST_TEST((outcome.error->code() == errc::invalid_request));
    BOOST_TEST(outcome.logins == 0U);
    BOOST_TEST(requests_of(operation::login_user) == 0U);
}

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

BOOST_AUTO_TEST_CASE(a_code_can_come_by_sms)
{
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    mfa_answers.push_back(
        [this] { return mfa_answer::sms(secret(server.last_sms(email).value_or("none"))); });
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::check_sms);
    BOOST_REQUIRE(mfa_questions.size() == 2U);
    BOOST_TEST(!mfa_questions[0].sms_sent);
    BOOST_TEST(mfa_questions[1].sms_sent);
    BOOST_TEST(requests_of(operation::send_sms_mfa_code) == 1U);
}

BOOST_AUTO_TEST_CASE(sms_have_a_bound)
{
    server.enable_totp(email);
    server.enable_sms(email, "+15550001234");
    for (int count = 0; count < 10; ++count)
        mfa_answers.push_back([] { return mfa_answer::send_sms(); });
    auto const outcome = sign_in_now();
    check_end(outcome, step::exhausted, step::ask_mfa);
    BOOST_TEST(requests_of(operation::send_sms_mfa_code) == 3U);
}

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

BOOST_AUTO_TEST_CASE(a_captcha_is_solved_when_it_is_asked_for)
{
    server.set_captcha(true);
    options.captcha_provider = "hcaptcha";
    options.captcha_site_key = "key of the site";
    captchas = {"bad-token", "good-token"};
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::log_in);
    BOOST_REQUIRE(captcha_questions.size() == 2U);
    BOOST_TEST(captcha_questions[0].provider == "hcaptcha");
    BOOST_TEST(captcha_questions[0].site_key == "key of the site");
    BOOST_TEST((captcha_questions[0].problem->code() == errc::captcha_required));
    BOOST_TEST((captcha_questions[1].problem->code() == errc::captcha_invalid));
    BOOST_TEST(outcome.captcha_rounds == 2U);
    BOOST_TEST(requests_of(operation::login_user) == 3U);
}

BOOST_AUTO_TEST_CASE(captchas_have_a_bound)
{
    server.set_captcha(true);
    captchas = {"a", "b", "c", "d", "e"};
    auto const outcome = sign_in_now();
    check_end(outcome, step::exhausted, step::ask_captcha);
    BOOST_TEST(outcome.captcha_rounds == 3U);
    BOOST_TEST(requests_of(operation::login_user) == 4U);
}

BOOST_AUTO_TEST_CASE(a_captcha_may_be_declined)
{
    server.set_captcha(true);
    check_end(sign_in_now(), step::declined, step::ask_captcha);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, the_link_in_the_mail_lets_it_go_on, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [this](ip_authorization_notice) -> asio::awaitable<bool> {
        open_mailed_link();
        co_return true;
    };
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::wait_for_ip);
    BOOST_TEST(notices == 1);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_notice_that_still_shows_is_taken_away_when_the_link_is_opened, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    auto taken_away = false;
    on_notice = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        open_mailed_link();
        try {
            co_await for_ever();
        } catch (...) {
            taken_away = true;
            throw;
        }
        co_return false;
    };
    check_end(sign_in_now(), step::signed_in, step::wait_for_ip);
    BOOST_TEST(taken_away);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, who_does_not_want_to_wait_does_not, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> { co_return false; };
    auto const outcome = sign_in_now();
    check_end(outcome, step::declined, step::wait_for_ip);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_mail_is_not_sent_again_too_early, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice notice) -> asio::awaitable<bool> {
        auto const sent = co_await notice.resend();
        BOOST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error().code() == errc::resend_cooldown));
        BOOST_TEST((sent.error().retry_after().value_or(0ms) > 25s));
        co_return false;
    };
    check_end(sign_in_now(), step::declined, step::wait_for_ip);
    BOOST_TEST(requests_of(operation::resend_ip_authorization) == 0U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_mail_is_sent_again_once, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    auto const e = fails(api.login_user({email, password}));
    auto ticket = *e.ip_authorization();
    ticket.received_at -= 31s;
    server.advance_clock(31s);
    ip_authorization_notice notice(api, ticket);
    ok(notice.resend());
    BOOST_TEST((fails(notice.resend()).code() == errc::resend_limit));
    BOOST_TEST(requests_of(operation::resend_ip_authorization) == 1U);
    BOOST_TEST(server.outbox(email).size() == 2U);
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

BOOST_DATA_TEST_CASE_F(sign_in_fixture, sso_is_completed, generations, generation)
{
    play(generation);
    server.set_sso(true);
    auto const begun = ok(api.start_sso(sso_start_request().with_redirect_to("/channels/@me")));
    auto const outcome = sign_in_with(sso_credentials(email, std::string(begun.state.reveal())));
    check_end(outcome, step::signed_in, step::complete_sso);
    BOOST_TEST(outcome.redirect_to == "/channels/@me");
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, an_sso_state_that_is_unknown_is_refused, generations, generation)
{
    play(generation);
    server.set_sso(true);
    check_end(sign_in_with(sso_credentials(email, "nonsense")), step::refused, step::complete_sso);
}

BOOST_AUTO_TEST_CASE(each_refusal_of_the_server_has_its_own_end)
{
    server.set_suspended(email, sandbox_suspension::permanent);
    check_end(sign_in_now(), step::suspended, step::log_in);
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

BOOST_AUTO_TEST_CASE(answers_of_newer_servers_are_asked_about)
{
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

BOOST_AUTO_TEST_CASE(what_has_no_handler_ends_it_with_all_that_is_needed_to_go_on_by_hand)
{
    handlers = sign_in_handlers();
    server.set_captcha(true);
    check_end(sign_in_now(), step::unhandled, step::ask_captcha);
    server.set_captcha(false);

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

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused)
{
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
    BOOST_TEST(requests() == 0U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, the_deadline_holds_over_handlers, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    auto cancelled = false;
    handlers.mfa = [&](mfa_question) -> asio::awaitable<mfa_answer> {
        try {
            co_await for_ever();
        } catch (...) {
            cancelled = true;
            throw;
        }
        co_return mfa_answer();
    };
    options.deadline = 400ms;
    auto const outcome = sign_in_now();
    check_end(outcome, step::timed_out, step::ask_mfa);
    BOOST_TEST(cancelled);
    BOOST_TEST((outcome.elapsed >= 400ms));
}

BOOST_AUTO_TEST_CASE(the_deadline_holds_over_calls_and_waits)
{
    options.deadline = 400ms;
    sandbox_fault slow(sandbox_fault_kind::delay);
    slow.latency = 30s;
    server.set_fault("login_user", slow);
    check_end(sign_in_now(), step::timed_out, step::log_in);
    server.clear_faults();

    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> { co_return true; };
    check_end(sign_in_now(), step::timed_out, step::wait_for_ip);
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_is_thrown)
{
    server.enable_totp(email);
    handlers.mfa = [](mfa_question) -> asio::awaitable<mfa_answer> {
        throw std::runtime_error("no display");
        co_return mfa_answer();
    };
    BOOST_CHECK_THROW(sign_in_now(), std::runtime_error);

    server.reset();
    add_account();
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> {
        throw std::runtime_error("no display");
        co_return true;
    };
    BOOST_CHECK_THROW(sign_in_now(), std::runtime_error);
}

/// Runs a sign-in whose caller cancels it as soon as `when` holds.
sign_in_outcome cancelled_when(
    sign_in_fixture& of, std::function<bool()> const& when, asio::cancellation_type type)
{
    asio::cancellation_signal signal;
    std::optional<sign_in_outcome> got;
    asio::co_spawn(
        of.run.executor(), sign_in(of.api, password_credentials(email, password), of.handlers, of.options),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, sign_in_outcome outcome) {
            if (thrown)
                outcome.end = sign_in_step::failed;
            got = std::move(outcome);
        }));
    of.run.until(when);
    signal.emit(type);
    of.run.until([&] { return got.has_value(); });
    return *std::move(got);
}

auto const all_types = utf::data::make({1, 2, 4});

BOOST_DATA_TEST_CASE(it_can_be_cancelled_in_a_handler, all_types, bits)
{
    server.enable_totp(email);
    auto asked = false;
    handlers.mfa = [&](mfa_question) -> asio::awaitable<mfa_answer> {
        asked = true;
        co_await for_ever();
        co_return mfa_answer();
    };
    auto const outcome = cancelled_when(
        *this, [&] { return asked; }, static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::ask_mfa);
}

BOOST_DATA_TEST_CASE(it_can_be_cancelled_while_it_waits_for_the_mail, all_types, bits)
{
    server.set_client_ip(other_ip);
    auto ended = false;
    on_notice = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        try {
            co_await for_ever();
        } catch (...) {
            ended = true;
            throw;
        }
        co_return true;
    };
    auto const outcome = cancelled_when(
        *this, [&] { return requests_of(operation::poll_ip_authorization) > 0; },
        static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::wait_for_ip);
    BOOST_TEST(ended);
}

BOOST_DATA_TEST_CASE(it_can_be_cancelled_in_a_call, all_types, bits)
{
    sandbox_fault slow(sandbox_fault_kind::delay);
    slow.latency = 30s;
    server.set_fault("login_user", slow);
    auto const outcome = cancelled_when(
        *this, [&] { return requests_of(operation::login_user) > 0; },
        static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::log_in);
    BOOST_TEST(outcome.error->request_was_sent());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
