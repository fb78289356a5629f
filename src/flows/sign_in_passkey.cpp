#include "flows/sign_in_work.hpp"

#include "flows/ask.hpp"
#include "wire/webauthn.hpp"

#include <utility>

namespace fluxer::auth::flows_detail {

namespace {

namespace json = boost::json;

error without_challenge(operation what)
{
    error_info info;
    info.code = errc::unexpected_answer;
    info.operation = what;
    info.phase = phase::decode;
    info.message = "the options for the passkey have no challenge";
    return error(std::move(info));
}

} // namespace

sign_in_work::step_result sign_in_work::get_mfa_challenge()
{
    mfa_ticket_request request(outcome_.challenge->ticket);
    auto got = co_await client_.get_webauthn_mfa_options(std::move(request), options_.call);
    if (got.has_error())
        co_return explain_mfa(got.error());
    co_return took_options(*std::move(got));
}

sign_in_work::step_result sign_in_work::get_challenge()
{
    if (code_rounds_ >= options_.max_code_rounds)
        co_return event::exhausted;
    auto got = co_await client_.get_webauthn_authentication_options(options_.call);
    if (got.has_error())
        co_return explain(got.error());
    ++code_rounds_;
    co_return took_options(*std::move(got));
}

sign_in_work::event sign_in_work::took_options(json::value options)
{
    passkey_options_ = std::move(options);
    if (!wire::challenge_in(passkey_options_).empty())
        return event::options_ready;
    outcome_.error = without_challenge(
        outcome_.last == sign_in_step::get_challenge ? operation::get_webauthn_authentication_options
                                                     : operation::get_webauthn_mfa_options);
    return event::failed;
}

sign_in_work::step_result sign_in_work::sign(bool second_factor)
{
    if (!handlers_.passkey)
        co_return event::unhandled;
    passkey_question question;
    question.options = passkey_options_;
    question.second_factor = second_factor;
    question.round = code_rounds_;
    question.problem = signature_problem_;
    auto asked = handlers_.passkey(std::move(question));
    auto answered = co_await ask(std::move(asked));
    if (!answered)
        co_return interrupted();
    if (!*answered)
        co_return event::declined;
    signature_ = **std::move(answered);
    co_return event::signature_ready;
}

sign_in_work::step_result sign_in_work::check_mfa_passkey()
{
    webauthn_mfa_request request(
        std::move(signature_), wire::challenge_in(passkey_options_), outcome_.challenge->ticket);
    auto made = co_await client_.login_with_webauthn_mfa(std::move(request), options_.call);
    if (made.has_error()) {
        signature_problem_ = made.error();
        co_return explain_mfa(made.error());
    }
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
}

sign_in_work::step_result sign_in_work::check_passkey()
{
    webauthn_authenticate_request request(std::move(signature_), wire::challenge_in(passkey_options_));
    auto made = co_await client_.authenticate_with_webauthn(std::move(request), options_.call);
    if (made.has_error()) {
        auto const meaning = explain(made.error());
        signature_problem_ = made.error();
        if (is_wrong_by_itself(made.error()))
            co_return event::refused;
        if (meaning == event::refused)
            ++outcome_.code_rounds;
        co_return meaning;
    }
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
}

} // namespace fluxer::auth::flows_detail
