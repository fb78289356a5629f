#include "flows/sign_in_work.hpp"

#include "client/crossing.hpp"
#include "flows/ask.hpp"
#include "flows/beside.hpp"
#include "flows/life_times.hpp"
#include "wire/webauthn.hpp"

#include <fluxer/auth/altcha.hpp>
#include <fluxer/auth/flows.hpp>

#include <algorithm>

namespace fluxer::auth::flows_detail {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr unsigned most_sms = 3;
constexpr char const* proof_of_work = "altcha";

error without_challenge(operation what)
{
    error_info info;
    info.code = errc::unexpected_answer;
    info.operation = what;
    info.phase = phase::decode;
    info.message = "the options for the passkey have no challenge";
    return error(std::move(info));
}

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

/// What this library does not even send, because of what a handler gave: no code or signature can be like that. Other
/// fields are the server's own.
bool is_wrong_by_itself(error const& failure)
{
    if (failure.code() != errc::invalid_request)
        return false;
    auto const& fields = failure.fields();
    return !fields.empty() && std::all_of(fields.begin(), fields.end(), [](field_error const& one) {
        return one.path == "code" || one.path.starts_with("response");
    });
}

/// Something that can be stopped while it waits.
class ip_wait
{
public:
    ip_wait(client client, ip_authorization ticket, poll_options options)
        : client_(std::move(client))
        , ticket_(std::move(ticket))
        , options_(std::move(options))
    {}

    asio::awaitable<wait_outcome> operator()()
    {
        return wait_for_ip_authorization(client_, ticket_, options_);
    }

    static wait_outcome refuse()
    {
        wait_outcome outcome;
        outcome.status = wait_status::cancelled;
        return outcome;
    }

private:
    client client_;
    ip_authorization ticket_;
    poll_options options_;
};

} // namespace

sign_in_work::sign_in_work(
    client client, sign_in_credentials credentials, sign_in_handlers handlers, sign_in_options options)
    : client_(std::move(client))
    , credentials_(std::move(credentials))
    , handlers_(std::move(handlers))
    , options_(std::move(options))
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
        return event::challenge;
    }
    outcome_.other = std::get<other_answer>(std::move(made));
    return is_ban(*outcome_.other) ? event::banned : event::other;
}

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
    auto solved = co_await solve_altcha(std::move(challenge));
    if (solved.has_error())
        co_return explain(solved.error());
    captcha_ = *std::move(solved);
    proof_sent_ = true;
    co_return event::captcha_ready;
}

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
    question.problem = problem_;
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
    if (made.has_error())
        co_return explain_mfa(made.error());
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
}

sign_in_work::step_result sign_in_work::check_passkey()
{
    webauthn_authenticate_request request(std::move(signature_), wire::challenge_in(passkey_options_));
    auto made = co_await client_.authenticate_with_webauthn(std::move(request), options_.call);
    if (made.has_error()) {
        auto const meaning = explain(made.error());
        problem_ = made.error();
        if (is_wrong_by_itself(made.error()))
            co_return event::refused;
        if (meaning == event::refused)
            ++outcome_.code_rounds;
        co_return meaning;
    }
    ++outcome_.code_rounds;
    co_return took(*std::move(made));
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

sign_in_work::step_result sign_in_work::wait_for_ip()
{
    if (!handlers_.ip_authorization)
        co_return event::unhandled;
    auto const ticket = *outcome_.error->ip_authorization();
    auto options = options_.poll;
    options.call = options_.call;
    options.deadline = std::max(left(), milliseconds(1));

    using waiting = client_detail::crossing<wait_outcome, ip_wait>;
    auto const here = co_await asio::this_coro::executor;
    auto const wait = std::make_shared<waiting>(here, ip_wait(client_, ticket, std::move(options)));
    auto asked = handlers_.ip_authorization(ip_authorization_notice(client_, ticket));
    auto declined = false;
    beside<bool> notice(here, std::move(asked), [&] {
        declined = !notice.value().value_or(false);
        if (declined)
            wait->stop(asio::cancellation_type::terminal);
    });
    wait_outcome waited;
    std::exception_ptr thrown;
    try {
        waited = co_await client_detail::cross(wait);
    } catch (...) {
        thrown = std::current_exception();
    }
    auto const by_itself = notice.ended();
    // Whatever came of the wait: the notice's coroutine must not outlive its handler.
    co_await notice.stop();
    if (thrown)
        std::rethrow_exception(thrown);
    // A session is not given up for a notice that fails in the very turn in which it comes.
    if (by_itself && notice.thrown() && !waited.session)
        std::rethrow_exception(notice.thrown());
    co_return judge_wait(waited, declined);
}

sign_in_work::event sign_in_work::judge_wait(wait_outcome const& waited, bool declined)
{
    if (waited.error)
        outcome_.error = waited.error;
    switch (waited.status) {
    case wait_status::completed:
        return took(*waited.session);
    case wait_status::expired:
        return event::expired;
    case wait_status::cancelled:
        return declined ? event::declined : interrupted();
    case wait_status::gave_up:
        if (left() == milliseconds(0))
            return event::timed_out;
        return waited.error ? explain(*waited.error) : event::failed;
    case wait_status::denied:
        return event::declined;
    case wait_status::lost:
        break;
    }
    return event::failed;
}

sign_in_work::event sign_in_work::took(session made)
{
    outcome_.session = std::move(made);
    return event::session;
}

sign_in_work::event sign_in_work::explain(error const& failure)
{
    outcome_.error = failure;
    switch (static_cast<errc>(failure.code().value())) {
    case errc::cancelled:
        return interrupted();
    case errc::timed_out:
        return left() == milliseconds(0) ? event::timed_out : event::failed;
    case errc::captcha_required:
    case errc::captcha_invalid:
    case errc::captcha_expired:
        return event::captcha_wanted;
    case errc::ip_authorization_required:
        return failure.ip_authorization() == nullptr ? event::failed : event::ip_wanted;
    case errc::suspended:
        return event::suspended;
    case errc::sso_required:
        return event::sso_required;
    case errc::rate_limited:
        return event::rate_limited;
    case errc::forbidden:
        return failure.api_code() == api_code::ip_banned ? event::banned : event::failed;
    case errc::rejected_input:
    case errc::rejected:
    case errc::passkey_failed:
        return event::refused;
    default:
        return event::failed;
    }
}

sign_in_work::event sign_in_work::explain_mfa(error const& failure)
{
    problem_ = failure;
    auto const meaning = explain(failure);
    // Newer servers may have no MFA by SMS (contract 14): another factor may do.
    if (failure.code() == errc::feature_disabled || is_wrong_by_itself(failure))
        return event::refused;
    if (meaning != event::refused)
        return meaning;
    if (outcome_.last != sign_in_step::send_sms && outcome_.last != sign_in_step::get_mfa_challenge)
        ++outcome_.code_rounds;
    // Newer servers name the ticket; for the others its age has to do (contract 5.6, 5.7, 14).
    if (failure.field("ticket") != nullptr || ticket_is_over())
        return ticket_ended();
    return event::refused;
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

milliseconds sign_in_work::left() const
{
    return std::max(
        std::chrono::ceil<milliseconds>(start_ + options_.deadline - clock::now()), milliseconds(0));
}

} // namespace fluxer::auth::flows_detail
