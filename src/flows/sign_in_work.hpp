#ifndef FLUXER_AUTH_FLOWS_SIGN_IN_WORK_HPP
#define FLUXER_AUTH_FLOWS_SIGN_IN_WORK_HPP

#include "core/sign_in_table.hpp"

#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace fluxer::auth::flows_detail {

/// One sign-in from its first step to its end. Each step does one thing and says what it came to; the table in core
/// says what follows.
class sign_in_work
{
public:
    sign_in_work(
        client client, sign_in_credentials credentials, sign_in_handlers handlers, sign_in_options options);

    boost::asio::awaitable<sign_in_outcome> operator()();

    /// It was cancelled before it began.
    sign_in_outcome refuse();

    /// The cancellation that follows is the deadline's.
    void deadline_passed() noexcept { late_ = true; }

private:
    using event = core::sign_in_event;
    using step_result = boost::asio::awaitable<event>;
    using clock = std::chrono::steady_clock;

    step_result take(sign_in_step step);
    step_result log_in();
    step_result ask_captcha();
    static bool wants_proof_of_work(captcha_details const* details);
    captcha_question captcha_to_ask_for(captcha_details const* details) const;
    step_result solve_captcha(altcha_challenge challenge);
    step_result ask_mfa();
    step_result check_totp();
    step_result send_sms();
    step_result check_sms();
    step_result get_mfa_challenge();
    step_result sign(bool second_factor);
    step_result check_mfa_passkey();
    step_result wait_for_ip();
    step_result get_challenge();
    step_result check_passkey();
    step_result complete_sso();
    step_result ask_about_other();

    sign_in_step first_step() const noexcept;
    event follow(mfa_answer answer);
    event took(session made);
    event took_options(boost::json::value options);
    event judge_login(login_result made);
    event judge_wait(wait_outcome const& waited, bool declined);
    /// What the failure of a call means.
    event explain(error const& failure);
    /// The same, of a call that had the MFA challenge's ticket.
    event explain_mfa(error const& failure);

    /// What this library does not even send, because of what a handler gave: no code or signature can be like that. Other
    /// fields are the server's own.
    static bool is_wrong_by_itself(error const& failure);

    event interrupted() const noexcept { return late_ ? event::timed_out : event::cancelled; }

    event ticket_ended();
    bool ticket_is_over() const noexcept;
    milliseconds left() const;

    client client_;
    sign_in_credentials credentials_;
    sign_in_handlers handlers_;
    sign_in_options options_;
    clock::time_point start_ = clock::now();
    sign_in_outcome outcome_;
    bool late_ = false;

    std::optional<captcha_proof> captcha_; ///< for the next login
    unsigned captcha_rounds_ = 0;          ///< of this login
    bool proof_sent_ = false;              ///< the last captcha was a proof of work

    clock::time_point challenged_at_{};
    unsigned code_rounds_ = 0; ///< of this challenge
    unsigned sms_tries_ = 0;   ///< to send one, of this challenge
    bool sms_sent_ = false;    ///< one of them was
    bool logged_in_again_ = false;
    secret code_;
    std::optional<error> problem_;           ///< of the last answer
    std::optional<error> signature_problem_; ///< of the last signature, whatever was answered since

    boost::json::value passkey_options_;
    boost::json::value signature_;
};

} // namespace fluxer::auth::flows_detail

#endif
