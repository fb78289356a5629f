// sign_in, answer by answer; without any socket.
#include "limits/flow_support.hpp"
#include "limits/proof_of_work.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <stdexcept>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using step = sign_in_step;

namespace {

constexpr char const* mail_wanted =
    R"({"code":"IP_AUTHORIZATION_REQUIRED","message":"m","ip_authorization_required":true,)"
    R"("ticket":"made-up-ticket","email":"me@example.com","resend_available_in":30})";
constexpr char const* authorized = R"({"completed":true,"token":"flx_made_up","user_id":"17"})";
constexpr char const* captcha_refused = R"({"code":"INVALID_CAPTCHA","message":"m"})";

constexpr char const* challenge =
    R"({"mfa":true,"ticket":"made-up-ticket","allowed_methods":["totp","sms","webauthn"],"sms_phone_hint":"****1234",)"
    R"("sms":true,"totp":true,"webauthn":true})";
constexpr char const* passkey_challenge =
    R"({"rpId":"example.test","challenge":"bWFkZS11cA","timeout":60000,"userVerification":"required"})";
constexpr char const* sms_target = "POST /v1/auth/login/mfa/sms/send";

struct sign_in_script : flow_fixture
{
    /// What the MFA handler answers, one after the other.
    void answer_mfa(std::vector<mfa_answer> list)
    {
        handlers.mfa = [this, list](mfa_question question) -> asio::awaitable<mfa_answer> {
            auto const round = questions.size();
            questions.push_back(std::move(question));
            co_return round < list.size() ? list[round] : mfa_answer::give_up();
        };
    }

    void sign_with(std::vector<boost::json::value> list)
    {
        handlers.passkey = [this,
                            list](passkey_question) -> asio::awaitable<std::optional<boost::json::value>> {
            auto const round = signatures++;
            if (round >= list.size())
                co_return std::nullopt;
            co_return list[round];
        };
    }

    auto times_asked(std::string_view what) const { return std::count(asked.begin(), asked.end(), what); }

    std::vector<mfa_question> questions;
    std::size_t signatures = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sign_ins, sign_in_script)

BOOST_AUTO_TEST_CASE(the_code_of_the_third_sms_can_be_entered)
{
    answer_mfa(
        {mfa_answer::send_sms(), mfa_answer::send_sms(), mfa_answer::send_sms(), mfa_answer::sms("123456")});
    will(200, challenge);
    for (int count = 0; count < 3; ++count)
        will(204);
    will(200, session_answer);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(questions.size() == 4U);
    BOOST_TEST(times_asked(sms_target) == 3);
}

BOOST_AUTO_TEST_CASE(a_fourth_sms_is_refused)
{
    answer_mfa(std::vector<mfa_answer>(4, mfa_answer::send_sms()));
    will(200, challenge);
    for (int count = 0; count < 3; ++count)
        will(204);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::exhausted);
    BOOST_TEST(outcome.last == step::ask_mfa);
    BOOST_TEST(questions.size() == 4U);
    BOOST_TEST(times_asked(sms_target) == 3);
}

// Refused ones count as well: the server may send some of them all the same.
BOOST_AUTO_TEST_CASE(an_sms_is_sent_when_the_server_says_so)
{
    answer_mfa(std::vector<mfa_answer>(4, mfa_answer::send_sms()));
    will(200, challenge);
    will(400, R"({"code":"SMS_MFA_NOT_ENABLED","message":"m"})");
    will(204);
    will(400, R"({"code":"SMS_MFA_NOT_ENABLED","message":"m"})");
    BOOST_TEST(sign_in_now().end == step::exhausted);
    BOOST_REQUIRE(questions.size() == 4U);
    BOOST_TEST(!questions[0].sms_sent);
    BOOST_TEST(!questions[1].sms_sent);
    BOOST_TEST(questions[2].sms_sent);
    BOOST_TEST(questions[3].sms_sent);
}

// What this library refuses to send is a wrong code like others, but none that the server judged.
BOOST_AUTO_TEST_CASE(what_cannot_be_a_code_costs_no_new_login)
{
    answer_mfa(
        {mfa_answer::totp(""), mfa_answer::totp(secret(std::string(257, '1'))), mfa_answer::sms(""),
         mfa_answer::totp("123456")});
    will(200, challenge);
    will(200, session_answer);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(outcome.code_rounds == 1U);
    BOOST_TEST(asked.size() == 2U);
    BOOST_REQUIRE(questions.size() == 4U);
    for (std::size_t round = 1; round < 4; ++round) {
        BOOST_REQUIRE(questions[round].problem.has_value());
        BOOST_TEST((questions[round].problem->code() == errc::invalid_request));
        BOOST_TEST(questions[round].round == round + 1);
    }
}

BOOST_AUTO_TEST_CASE(such_codes_have_a_bound_too)
{
    answer_mfa(std::vector<mfa_answer>(10, mfa_answer::totp("")));
    will(200, challenge);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::exhausted);
    BOOST_TEST(questions.size() == 5U);
    BOOST_TEST(outcome.code_rounds == 0U);
    BOOST_TEST(asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nor_does_what_cannot_be_a_signature)
{
    answer_mfa({mfa_answer::passkey(), mfa_answer::passkey(), mfa_answer::totp("123456")});
    sign_with({"no object", boost::json::object()});
    will(200, challenge);
    will(200, passkey_challenge);
    will(200, passkey_challenge);
    will(200, session_answer);
    BOOST_TEST(sign_in_now().end == step::signed_in);
    BOOST_TEST(questions.size() == 3U);
}

BOOST_AUTO_TEST_CASE(neither_of_a_passkey_alone)
{
    sign_with(std::vector<boost::json::value>(5, "no object"));
    for (int count = 0; count < 5; ++count)
        will(200, passkey_challenge);
    auto const outcome = run(context, sign_in(make(), passkey_credentials(), handlers, bounds));
    BOOST_TEST(outcome.end == step::exhausted);
    BOOST_TEST((outcome.error->code() == errc::invalid_request));
    BOOST_TEST(outcome.code_rounds == 0U);
    BOOST_TEST(asked.size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_ban_is_known_by_either_of_its_members)
{
    for (auto const* body :
         {R"({"ban_view_token":"made-up","ban_type":"temporary"})", R"({"ban_view_token":"made-up"})",
          R"({"ban_type":"temporary"})"}) {
        will(200, body);
        auto const outcome = sign_in_now();
        BOOST_TEST(outcome.end == step::banned, body);
        BOOST_TEST(outcome.other.has_value());
    }
    will(200, R"({"ban_view_token":null,"ban_type":null,"news":1})");
    BOOST_TEST(sign_in_now().end == step::other);
}

BOOST_AUTO_TEST_CASE(a_site_key_goes_with_its_own_provider_only)
{
    std::vector<captcha_question> captchas;
    handlers.captcha = [&](captcha_question question) -> asio::awaitable<std::optional<captcha_proof>> {
        captchas.push_back(std::move(question));
        co_return std::nullopt;
    };
    bounds.captcha_site_key = "key of the site";
    auto const ask_for = [&](std::string ours, std::string const& theirs) {
        bounds.captcha_provider = std::move(ours);
        will(400, R"({"code":"CAPTCHA_REQUIRED","message":"m")" + theirs + "}");
        BOOST_TEST(sign_in_now().end == step::declined);
        return captchas.back();
    };
    auto asked_for = ask_for("hcaptcha", R"(,"captcha_provider":"turnstile")");
    BOOST_TEST(asked_for.provider == "turnstile");
    BOOST_TEST(asked_for.site_key.empty());
    asked_for = ask_for("hcaptcha", R"(,"captcha_provider":"hcaptcha")");
    BOOST_TEST(asked_for.provider == "hcaptcha");
    BOOST_TEST(asked_for.site_key == "key of the site");
    asked_for = ask_for("hcaptcha", "");
    BOOST_TEST(asked_for.provider == "hcaptcha");
    BOOST_TEST(asked_for.site_key == "key of the site");
    asked_for = ask_for("", R"(,"captcha_provider":"hcaptcha")");
    BOOST_TEST(asked_for.site_key == "key of the site");
}

BOOST_AUTO_TEST_CASE(options_of_the_wait_are_looked_at_first)
{
    bounds.poll.jitter_percent = 101;
    auto outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::failed);
    BOOST_TEST((outcome.error->code() == errc::invalid_option));
    BOOST_TEST(outcome.error->message() == "poll.jitter_percent is 101; it must be 0-100");
    BOOST_TEST(asked.empty());
    // It is not used.
    bounds.poll.jitter_percent = 20;
    bounds.poll.deadline = -1ms;
    will(200, session_answer);
    BOOST_TEST(sign_in_now().end == step::signed_in);
}

// A challenge that ended hours ago by this machine's clock; the server's may say otherwise.
BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_keeps_nobody_out)
{
    auto const ended = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - 2h;
    auto const salt = "pepper?expires=" + std::to_string(ended.time_since_epoch().count());
    will(400, proof_wanted(salt, sha256_of(salt + "7")));
    will(200, session_answer);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(seen.back().header_value("X-Captcha-Type") == "altcha");
}

BOOST_AUTO_TEST_CASE(a_challenge_that_cannot_be_alive_brings_a_fresh_one)
{
    auto const salt = std::string("pepper?expires=1");
    will(400, proof_wanted(salt, sha256_of(salt + "7")));
    will(400, proof_wanted("pepper", sha256_of("pepper7")));
    will(200, session_answer);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(outcome.captcha_rounds == 2U);
    BOOST_TEST(asked.size() == 3U);
    BOOST_TEST(seen[1].header_value("X-Captcha-Token").empty());
}

BOOST_AUTO_TEST_CASE(but_not_without_end)
{
    auto const salt = std::string("pepper?expires=1");
    for (int count = 0; count < 10; ++count)
        will(400, proof_wanted(salt, sha256_of(salt + "7")));
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::exhausted);
    BOOST_TEST(outcome.captcha_rounds == 3U);
    BOOST_TEST((outcome.error->code() == errc::captcha_required));
    BOOST_TEST(asked.size() == 4U);
}

// The server refuses a proof without setting another.
BOOST_AUTO_TEST_CASE(a_refused_proof_of_work_brings_a_fresh_one)
{
    will(400, proof_wanted("pepper", sha256_of("pepper7")));
    will(400, captcha_refused);
    will(400, proof_wanted("salt", sha256_of("salt7")));
    will(200, session_answer);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(asked.size() == 4U);
    BOOST_TEST(!seen[1].header_value("X-Captcha-Token").empty());
    BOOST_TEST(seen[2].header_value("X-Captcha-Token").empty());
}

BOOST_AUTO_TEST_CASE(refused_proofs_have_a_bound)
{
    for (int count = 0; count < 5; ++count) {
        will(400, proof_wanted("pepper", sha256_of("pepper7")));
        will(400, captcha_refused);
    }
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::exhausted);
    BOOST_TEST(outcome.captcha_rounds == 3U);
    BOOST_TEST(asked.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_notice_ends_before_what_its_wait_throws_is_thrown)
{
    auto running = false;
    handlers.ip_authorization = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        running = true;
        try {
            co_await for_ever();
        } catch (...) {
            running = false;
            throw;
        }
        co_return true;
    };
    bounds.poll.on_progress = [](poll_progress const&) { throw std::runtime_error("no display"); };
    will(403, mail_wanted);
    will(200, R"({"completed":false})");
    BOOST_CHECK_THROW(sign_in_now(), std::runtime_error);
    BOOST_TEST(!running);
    BOOST_TEST(asked.size() == 2U);
}

/// Wakes a handler as soon as the answer to a poll is understood.
struct waker final : observer
{
    explicit waker(asio::steady_timer& of)
        : timer(of)
    {}

    void on_event(event const& what) override
    {
        if (what.kind == event_kind::call_end && what.operation == operation::poll_ip_authorization)
            timer.cancel();
    }

    asio::steady_timer& timer;
};

BOOST_AUTO_TEST_CASE(a_session_outweighs_what_the_notice_throws)
{
    asio::steady_timer told(context, 1h);
    auto thrown = false;
    handlers.ip_authorization = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        boost::system::error_code ignored;
        co_await told.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        auto const state = co_await asio::this_coro::cancellation_state;
        // By itself, in the turn in which the poll was answered.
        thrown = state.cancelled() == asio::cancellation_type::none;
        throw std::runtime_error("no display");
        co_return true;
    };
    options.observer = std::make_shared<waker>(told);
    will(403, mail_wanted);
    will(200, authorized);
    auto const outcome = sign_in_now();
    BOOST_TEST(outcome.end == step::signed_in);
    BOOST_TEST(thrown);
    options.observer.reset();
}

BOOST_AUTO_TEST_SUITE_END()
