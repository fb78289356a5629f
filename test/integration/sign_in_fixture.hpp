#ifndef FLUXER_AUTH_TEST_INTEGRATION_SIGN_IN_FIXTURE_HPP
#define FLUXER_AUTH_TEST_INTEGRATION_SIGN_IN_FIXTURE_HPP

#include "generations.hpp"

#include "support/passkey.hpp"

#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth {

inline std::ostream& operator<<(std::ostream& out, sign_in_step value)
{
    return out << to_string(value);
}

} // namespace fluxer::auth

namespace fluxer::auth::test {

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

    void check_end(sign_in_outcome const& outcome, sign_in_step end, sign_in_step last)
    {
        BOOST_TEST(outcome.end == end);
        BOOST_TEST(outcome.last == last);
        BOOST_TEST(outcome.session.has_value() == (end == sign_in_step::signed_in));
        BOOST_TEST(static_cast<bool>(outcome) == (end == sign_in_step::signed_in));
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

    static boost::asio::awaitable<void> use(client through, secret token)
    {
        authorize_ip_request request(std::move(token));
        good(co_await through.authorize_ip_address(std::move(request)));
    }

    static boost::asio::awaitable<void> for_ever()
    {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    boost::asio::awaitable<mfa_answer> answer_mfa(mfa_question question)
    {
        mfa_questions.push_back(question);
        BOOST_REQUIRE(!mfa_answers.empty());
        auto const next = mfa_answers.front();
        mfa_answers.pop_front();
        co_return next();
    }

    boost::asio::awaitable<std::optional<boost::json::value>> answer_passkey(passkey_question question)
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

    boost::asio::awaitable<std::optional<captcha_proof>> answer_captcha(captcha_question question)
    {
        captcha_questions.push_back(question);
        if (captchas.empty())
            co_return std::nullopt;
        captcha_proof proof{secret(captchas.front())};
        captchas.pop_front();
        co_return proof;
    }

    boost::asio::awaitable<bool> answer_notice(ip_authorization_notice notice)
    {
        BOOST_TEST(notice.email() == email);
        BOOST_TEST((notice.ends_at() > std::chrono::steady_clock::now() + std::chrono::minutes(14)));
        BOOST_TEST((notice.resend_available_in() > std::chrono::seconds(25)));
        ++notices;
        auto const before = co_await boost::asio::this_coro::cancellation_state;
        BOOST_TEST((before.cancelled() == boost::asio::cancellation_type::none));
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
    std::function<boost::asio::awaitable<bool>(ip_authorization_notice)> on_notice;
    int notices = 0;
};

} // namespace fluxer::auth::test

#endif
