#include "flows/sign_in_work.hpp"

#include "flows/ask.hpp"
#include "flows/life_times.hpp"

#include <utility>

namespace fluxer::auth::flows_detail {

namespace {

constexpr unsigned most_sms = 3;

} // namespace

sign_in_work::step_result sign_in_work::ask_mfa()
{
    if (!handlers_.mfa)
        co_return event::unhandled;
    if (ticket_is_over())
        co_return ticket_ended();
    if (code_rounds_ >= options_.max_code_rounds)
        co_return event::exhausted;
    mfa_question question;
    question.challenge = *outcome_.challenge;
    question.round = code_rounds_ + 1;
    question.rounds_left = options_.max_code_rounds - question.round;
    question.sms_sent = sms_sent_;
    question.sms_left = most_sms - sms_tries_;
    question.expires_in = std::chrono::ceil<milliseconds>(challenged_at_ + mfa_ticket_life - clock::now());
    question.problem = problem_;
    auto asked = handlers_.mfa(std::move(question));
    auto answered = co_await ask(std::move(asked));
    if (!answered)
        co_return interrupted();
    // The server cannot tell a ticket that is over from a wrong code (contract 5.6).
    if (ticket_is_over() && answered->what() != mfa_answer::kind::give_up)
        co_return ticket_ended();
    co_return follow(*std::move(answered));
}

sign_in_work::event sign_in_work::follow(mfa_answer answer)
{
    code_ = answer.code();
    problem_.reset();
    switch (answer.what()) {
    case mfa_answer::kind::totp:
        ++code_rounds_;
        return event::totp_given;
    case mfa_answer::kind::sms:
        ++code_rounds_;
        return event::sms_given;
    case mfa_answer::kind::passkey:
        ++code_rounds_;
        return event::passkey_wanted;
    case mfa_answer::kind::send_sms:
        if (sms_tries_ >= most_sms)
            return event::exhausted;
        ++sms_tries_;
        return event::sms_wanted;
    case mfa_answer::kind::give_up:
        break;
    }
    return event::declined;
}

sign_in_work::step_result sign_in_work::check_totp()
{
    mfa_totp_request request(std::exchange(code_, secret()), outcome_.challenge->ticket);
    auto made = co_await client_.login_with_totp(std::move(request), options_.call);
    if (made.has_error())
        co_return explain_mfa(made.error());
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
}

sign_in_work::step_result sign_in_work::send_sms()
{
    mfa_ticket_request request(outcome_.challenge->ticket);
    auto const sent = co_await client_.send_sms_mfa_code(std::move(request), options_.call);
    if (sent.has_error())
        co_return explain_mfa(sent.error());
    sms_sent_ = true;
    co_return event::sent;
}

sign_in_work::step_result sign_in_work::check_sms()
{
    mfa_sms_request request(std::exchange(code_, secret()), outcome_.challenge->ticket);
    auto made = co_await client_.login_with_sms_mfa(std::move(request), options_.call);
    if (made.has_error())
        co_return explain_mfa(made.error());
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
}

sign_in_work::event sign_in_work::ticket_ended()
{
    if (!options_.new_login_after_expiry || std::exchange(logged_in_again_, true))
        return event::expired;
    captcha_rounds_ = 0;
    return event::log_in_again;
}

bool sign_in_work::ticket_is_over() const noexcept
{
    return clock::now() - challenged_at_ >= mfa_ticket_life;
}

} // namespace fluxer::auth::flows_detail
