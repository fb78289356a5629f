#include "flows/sign_in_work.hpp"

#include "flows/ask.hpp"

#include <utility>

namespace fluxer::auth::flows_detail {

namespace {

constexpr char const* proof_of_work = "altcha";

} // namespace

sign_in_work::step_result sign_in_work::ask_captcha()
{
    if (captcha_rounds_ >= options_.max_captcha_rounds)
        co_return event::exhausted;
    auto const* const details = outcome_.error->captcha();
    auto const by_itself = options_.solve_altcha && details != nullptr && details->altcha;
    auto const worked_before = std::exchange(proof_sent_, false);
    auto const again = worked_before && !by_itself && outcome_.error->code() == errc::captcha_invalid &&
                       wants_proof_of_work(details);
    if (!by_itself && !again && !handlers_.captcha)
        co_return event::unhandled;
    ++captcha_rounds_;
    ++outcome_.captcha_rounds;
    if (by_itself)
        co_return co_await solve_captcha(*details->altcha);
    // A proof was refused, and no other set: a login without any brings a fresh one.
    if (again)
        co_return event::captcha_wanted;
    auto asked = handlers_.captcha(captcha_to_ask_for(details));
    auto answered = co_await ask(std::move(asked));
    if (!answered)
        co_return interrupted();
    if (!*answered)
        co_return event::declined;
    captcha_ = **std::move(answered);
    co_return event::captcha_ready;
}

bool sign_in_work::wants_proof_of_work(captcha_details const* details)
{
    return details == nullptr || details->provider.empty() || details->provider == proof_of_work;
}

captcha_question sign_in_work::captcha_to_ask_for(captcha_details const* details) const
{
    captcha_question question;
    auto const named = details != nullptr && !details->provider.empty();
    auto const& ours = options_.captcha_provider;
    question.provider = named ? details->provider : ours;
    // One provider's key is of no use with another's widget.
    if (ours.empty() || question.provider == ours)
        question.site_key = options_.captcha_site_key;
    question.round = captcha_rounds_;
    question.problem = outcome_.error;
    return question;
}

sign_in_work::step_result sign_in_work::solve_captcha(altcha_challenge challenge)
{
    auto solved = co_await solve_altcha(std::move(challenge), options_.altcha);
    if (solved.has_error())
        co_return explain(solved.error());
    captcha_ = *std::move(solved);
    proof_sent_ = true;
    co_return event::captcha_ready;
}

} // namespace fluxer::auth::flows_detail
