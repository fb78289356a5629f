#include "flows/sign_in_work.hpp"

#include "flows/ask.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::flows_detail {

namespace {

namespace asio = boost::asio;

/// Contract 14: newer servers report bans so, with the status of success. Absent and null mean the same (contract 2.2).
bool is_ban(other_answer const& answer)
{
    auto const* const object = answer.body.if_object();
    if (object == nullptr)
        return false;
    auto const has = [&](char const* name) {
        auto const* const member = object->if_contains(name);
        return member != nullptr && !member->is_null();
    };
    return has("ban_view_token") || has("ban_type");
}

} // namespace

sign_in_work::sign_in_work(
    client client, sign_in_credentials credentials, sign_in_handlers handlers, sign_in_options options)
    : client_(std::move(client))
    , credentials_(std::move(credentials))
    , handlers_(std::move(handlers))
    , options_(std::move(options))
    , captcha_(
          std::exchange(options_.call.captcha, std::nullopt)) // once, and with the login only (contract 7)
{}

asio::awaitable<sign_in_outcome> sign_in_work::operator()()
{
    auto step = first_step();
    while (!is_end(step)) {
        outcome_.last = step;
        auto const came_to = co_await take(step);
        step = core::next_step(step, came_to);
    }
    outcome_.end = step;
    if (step == sign_in_step::signed_in)
        outcome_.error.reset();
    outcome_.elapsed = std::chrono::duration_cast<milliseconds>(clock::now() - start_);
    co_return std::move(outcome_);
}

sign_in_outcome sign_in_work::refuse()
{
    outcome_.end = sign_in_step::cancelled;
    outcome_.last = first_step();
    return std::move(outcome_);
}

sign_in_step sign_in_work::first_step() const noexcept
{
    if (std::holds_alternative<passkey_credentials>(credentials_))
        return sign_in_step::get_challenge;
    if (std::holds_alternative<sso_credentials>(credentials_))
        return sign_in_step::complete_sso;
    return sign_in_step::log_in;
}

sign_in_work::step_result sign_in_work::take(sign_in_step step)
{
    auto const before = co_await asio::this_coro::cancellation_state;
    if (before.cancelled() != asio::cancellation_type::none || late_)
        co_return interrupted();
    // The call before this has put the coroutine's filter back to terminal only.
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    switch (step) {
    case sign_in_step::log_in:
        co_return co_await log_in();
    case sign_in_step::ask_captcha:
        co_return co_await ask_captcha();
    case sign_in_step::ask_mfa:
        co_return co_await ask_mfa();
    case sign_in_step::check_totp:
        co_return co_await check_totp();
    case sign_in_step::send_sms:
        co_return co_await send_sms();
    case sign_in_step::check_sms:
        co_return co_await check_sms();
    case sign_in_step::get_mfa_challenge:
        co_return co_await get_mfa_challenge();
    case sign_in_step::sign_mfa_challenge:
        co_return co_await sign(true);
    case sign_in_step::check_mfa_passkey:
        co_return co_await check_mfa_passkey();
    case sign_in_step::wait_for_ip:
        co_return co_await wait_for_ip();
    case sign_in_step::get_challenge:
        co_return co_await get_challenge();
    case sign_in_step::sign_challenge:
        co_return co_await sign(false);
    case sign_in_step::check_passkey:
        co_return co_await check_passkey();
    case sign_in_step::complete_sso:
        co_return co_await complete_sso();
    case sign_in_step::ask_about_other:
        co_return co_await ask_about_other();
    default:
        co_return event::failed;
    }
}

sign_in_work::step_result sign_in_work::log_in()
{
    auto const& with = std::get<password_credentials>(credentials_);
    login_request request(with.email, with.password);
    request.invite_code = with.invite_code;
    auto limits = options_.call;
    limits.captcha = std::exchange(captcha_, std::nullopt);
    auto made = co_await client_.login_user(std::move(request), std::move(limits));
    if (made.has_error()) {
        if (made.error().http_status() != 0)
            ++outcome_.logins;
        co_return explain(made.error());
    }
    ++outcome_.logins;
    co_return judge_login(*std::move(made));
}

sign_in_work::event sign_in_work::judge_login(login_result made)
{
    if (auto* const got = std::get_if<session>(&made))
        return took(std::move(*got));
    if (auto* const challenge = std::get_if<mfa_challenge>(&made)) {
        outcome_.challenge = std::move(*challenge);
        challenged_at_ = clock::now();
        code_rounds_ = 0;
        sms_tries_ = 0;
        sms_sent_ = false;
        problem_.reset();
        signature_problem_.reset();
        return event::challenge;
    }
    outcome_.other = std::get<other_answer>(std::move(made));
    return is_ban(*outcome_.other) ? event::banned : event::other;
}

sign_in_work::step_result sign_in_work::complete_sso()
{
    auto const& with = std::get<sso_credentials>(credentials_);
    sso_complete_request request(with.code, with.state);
    auto made = co_await client_.complete_sso(std::move(request), options_.call);
    if (made.has_error())
        co_return explain(made.error());
    outcome_.redirect_to = made->redirect_to;
    co_return took(session(std::move(made->token), std::move(made->user_id)));
}

sign_in_work::step_result sign_in_work::ask_about_other()
{
    if (!handlers_.other)
        co_return event::other;
    auto asked = handlers_.other(*outcome_.other);
    auto answered = co_await ask(std::move(asked));
    if (!answered)
        co_return interrupted();
    if (!*answered)
        co_return event::other;
    co_return took(**std::move(answered));
}

sign_in_work::event sign_in_work::took(session made)
{
    outcome_.session = std::move(made);
    return event::session;
}

milliseconds sign_in_work::left() const
{
    return std::max(
        std::chrono::ceil<milliseconds>(start_ + options_.deadline - clock::now()), milliseconds(0));
}

} // namespace fluxer::auth::flows_detail
