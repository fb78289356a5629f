#ifndef FLUXER_AUTH_SIGN_IN_HPP
#define FLUXER_AUTH_SIGN_IN_HPP

#include <fluxer/auth/altcha.hpp>
#include <fluxer/auth/client.hpp>
#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/sign_in_step.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace fluxer::auth {

/// Log in with e-mail address and password; MFA and IP authorization may follow.
struct FLUXER_AUTH_DECL password_credentials
{
    password_credentials() = default;
    password_credentials(std::string email_, secret password_);

    std::string email;
    secret password;
    std::optional<std::string> invite_code; ///< used only if no second factor is asked for
};

/// Log in with a passkey alone: sign_in_handlers::passkey has it sign. Neither MFA nor IP authorization follow.
struct FLUXER_AUTH_DECL passkey_credentials
{
    passkey_credentials() = default;
};

/// Log in with what the SSO provider's redirect brought (contract 5.3). Neither MFA nor IP authorization follow.
struct FLUXER_AUTH_DECL sso_credentials
{
    sso_credentials() = default;
    sso_credentials(secret code_, secret state_);

    secret code;
    secret state;
};

using sign_in_credentials = std::variant<password_credentials, passkey_credentials, sso_credentials>;

/// A second factor is wanted.
struct FLUXER_AUTH_DECL mfa_question
{
    mfa_question() = default;

    mfa_challenge challenge;
    unsigned round = 1;                 ///< counts the answers so far, this one included
    unsigned rounds_left = 0;           ///< after this one
    bool sms_sent = false;              ///< a code has been sent by SMS: the server said so
    unsigned sms_left = 3;              ///< how often one may still be asked for; once more ends as exhausted
    milliseconds expires_in{0};         ///< until the challenge ends
    std::optional<auth::error> problem; ///< why the last answer did not do
};

/// What to do about it.
class FLUXER_AUTH_DECL mfa_answer
{
public:
    enum class kind : std::uint8_t { give_up, totp, send_sms, sms, passkey };

    /// The sign-in ends as declined.
    mfa_answer() = default;

    static mfa_answer give_up() { return {}; }

    /// @param code six digits of the authenticator app, or a backup code
    static mfa_answer totp(secret code);
    /// Has a code sent, three times for one challenge at most; the handler is asked again for it.
    static mfa_answer send_sms();
    static mfa_answer sms(secret code);
    /// sign_in_handlers::passkey is asked to sign.
    static mfa_answer passkey();

    kind what() const noexcept { return what_; }

    secret const& code() const noexcept { return code_; }

private:
    mfa_answer(kind what, secret code);

    kind what_ = kind::give_up;
    secret code_;
};

/// A passkey has to sign.
struct FLUXER_AUTH_DECL passkey_question
{
    passkey_question() = default;

    boost::json::value options; ///< for the authenticator, as the server sent them
    bool second_factor = false; ///< for MFA; false: the passkey is the login
    unsigned round = 1;
    std::optional<auth::error> problem; ///< why the last one did not do
};

/// A captcha has to be solved.
struct FLUXER_AUTH_DECL captcha_question
{
    captcha_question() = default;

    std::string provider; ///< as the server says, else sign_in_options::captcha_provider
    std::string site_key; ///< sign_in_options::captcha_site_key; empty: the server wants another provider
    unsigned round = 1;
    std::optional<auth::error> problem; ///< errc::captcha_required or errc::captcha_invalid
};

/// What a sign-in asks its user; each may be empty, then a sign-in that needs it ends as unhandled. They run as part of
/// the sign-in, one thread at a time, and are cancelled (terminal) when its deadline passes or it is cancelled. They have
/// to end then: a sign-in waits for its handler, and one that does not listen holds it beyond its deadline. What they
/// throw ends the sign-in and is thrown by it, unless a session came in the same moment.
struct FLUXER_AUTH_DECL sign_in_handlers
{
    sign_in_handlers() = default;

    /// Which second factor to use, and its code.
    std::function<boost::asio::awaitable<mfa_answer>(mfa_question)> mfa;

    /// Has a passkey sign.
    /// @returns the assertion (AuthenticationResponseJSON); nothing: the user does not want to
    std::function<boost::asio::awaitable<std::optional<boost::json::value>>(passkey_question)> passkey;

    /// Has a captcha solved; asked for a fresh token each time. ALTCHA challenges are solved without it.
    /// @returns nothing: the user does not want to
    std::function<boost::asio::awaitable<std::optional<captcha_proof>>(captcha_question)> captcha;

    /// Tells the user to look into the mail. Runs beside the wait for it, and may outlast or precede its end: when the
    /// link is opened it is cancelled.
    /// @returns true: the wait goes on without it; false: the user does not want to wait
    std::function<boost::asio::awaitable<bool>(ip_authorization_notice)> ip_authorization;

    /// What to make of an answer of a newer server (contract 14).
    /// @returns a session; nothing: the sign-in ends as other
    std::function<boost::asio::awaitable<std::optional<session>>(other_answer)> other;
};

/// Bounds of a sign-in.
struct FLUXER_AUTH_DECL sign_in_options
{
    sign_in_options() = default;

    milliseconds deadline{900'000}; ///< 1 ms-24 h; over everything, what handlers do included
    unsigned max_code_rounds =
        5; ///< 1-100; answers of the MFA handler for one challenge, SMS wishes aside; signatures of a passkey
    unsigned max_captcha_rounds = 3; ///< 1-100; captchas for one login
    bool new_login_after_expiry =
        false; ///< log in once more when the MFA challenge has run out; counts as an attempt
    std::string captcha_provider; ///< of discovery, for captcha_question: whose the site key is
    std::string captcha_site_key; ///< of discovery, for captcha_question
    bool solve_altcha = true;     ///< solve proofs of work that newer servers set, without a handler
    altcha_options altcha;        ///< bounds of each, and where it is worked on
    poll_options poll;            ///< of the wait for IP authorization; its deadline and call are not used
    call_options call;            ///< for each call; its captcha for the first login only

    sign_in_options&& with_deadline(milliseconds value) &&;
    sign_in_options&& with_new_login_after_expiry() &&;
};

/// How a sign-in ended.
struct FLUXER_AUTH_DECL sign_in_outcome
{
    sign_in_outcome() = default;

    sign_in_step end = sign_in_step::failed;  ///< one of the ends
    sign_in_step last = sign_in_step::log_in; ///< the step that led there
    std::optional<auth::session> session;     ///< set when signed_in
    std::optional<auth::error> error;         ///< the last one; none when signed_in
    std::optional<other_answer> other;        ///< set when other, and when a ban came as an answer
    std::optional<mfa_challenge> challenge;   ///< the last one: to go on by hand where a handler was missing
    std::string redirect_to;                  ///< of SSO: the path given to start_sso
    unsigned logins = 0;                      ///< calls of login_user that the server judged
    unsigned code_rounds = 0;                 ///< codes and signatures that the server judged
    unsigned captcha_rounds = 0;
    milliseconds elapsed{0};

    /// True if there is a session.
    explicit operator bool() const noexcept { return session.has_value(); }
};

/// Goes from credentials to a session, whatever the server asks on the way: captcha, second factor, IP authorization.
/// Requests are repeated by the client's own rules only: what must not be sent twice never is, the steps that may be
/// (options for a passkey, polls) are after a failure that may pass. See docs/flows.md for all ways.
///
/// @param client makes the calls; kept alive until the end
/// @param credentials what to begin with
/// @param handlers answer what the server asks
/// @param options bounds
/// @returns how it ended, each reason its own
/// Errors: none but std::bad_alloc and what handlers throw; failures are in the outcome. An option out of its range is
///   the outcome failed with errc::invalid_option.
/// Cancellation: terminal, partial and total at every point; the outcome is then cancelled. A request that was under way
///   may have taken effect: outcome.error tells.
/// Executor: any; handlers and waits run on the caller's, on a strand over it where it has several threads. Thread
///   safety: as the client's.
/// Source: contract 5.1-5.10, 5.20-5.23, 7, 9.2, 9.3, 14.
FLUXER_AUTH_DECL boost::asio::awaitable<sign_in_outcome> sign_in(
    client client, sign_in_credentials credentials, sign_in_handlers handlers, sign_in_options options = {});

} // namespace fluxer::auth

#endif
