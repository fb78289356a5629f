#ifndef FLUXER_AUTH_CLIENT_HPP
#define FLUXER_AUTH_CLIENT_HPP

#include <fluxer/auth/account.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/handoff.hpp>
#include <fluxer/auth/ip_authorization.hpp>
#include <fluxer/auth/login.hpp>
#include <fluxer/auth/mfa.hpp>
#include <fluxer/auth/options.hpp>
#include <fluxer/auth/raw.hpp>
#include <fluxer/auth/sessions.hpp>
#include <fluxer/auth/sso.hpp>
#include <fluxer/auth/stats.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace fluxer::auth {

namespace client_detail {
class client_handle;
struct client_access;
} // namespace client_detail

/// A client of one Fluxer server: 28 operations, and those of newer servers, over a pool of HTTPS connections. A cheap handle: copies share the
/// pool, and when the last one is gone the idle connections are closed, while calls in flight run to their end.
///
/// What holds for every operation below:
/// - Errors: the result's error has an errc, the phase and everything else known (see error). Beside those that an
///   operation names: errc::invalid_request before any I/O, with the field's name; errc::timed_out with phase and
///   limit; errc::cancelled; errc::queue_full; errc::shut_down; the transport, TLS and protocol codes;
///   errc::rate_limited; errc::not_found (a wrong base URL); errc::forbidden (a banned address);
///   errc::server_error, errc::overloaded, errc::proxy_error. Nothing but std::bad_alloc is thrown.
/// - Cancellation: terminal, partial and total are all honoured at every point, whatever the coroutine's own filter
///   lets pass. While the call waits for a connection, nothing happens on the server. Once a byte of the request may
///   have been written, the connection is closed and the operation may have taken effect:
///   error::request_was_sent() tells. Behind a call the filter of its coroutine is Asio's default, terminal: what must
///   not be cancelled at all is begun by a co_spawn of its own without a cancellation slot.
/// - Retries: operations that may be repeated (contract 13) go by client_options::retry. Beside that a call is sent a
///   second time, on a fresh connection, only if its first one went to a connection that the server had closed
///   meanwhile and nothing was written, or the operation may be repeated.
/// - Executor: awaiting from the client's own executor costs no hop. From any other the call runs on the client's
///   executor and the coroutine goes on where it was.
/// - Thread safety: the client may be used by any number of threads at once if it made its own strand or was given
///   one (see auth::threading); otherwise from the one thread that runs its executor, and from any coroutine on
///   another executor. The arguments are taken by value.
class FLUXER_AUTH_DECL client
{
public:
    using executor_type = boost::asio::any_io_executor;

    /// Makes a client. No I/O happens until the first call.
    ///
    /// @param executor where the client's work is done; its context must outlive the client
    /// @param options checked here
    /// Errors: throws exception with errc::invalid_option that names the option, its value's range, or the reason
    ///   why a certificate file cannot be used.
    /// Executor: see auth::threading. Thread safety: any thread.
    explicit client(executor_type executor, client_options options = {});

    client(client const&);
    client(client&&) noexcept;
    client& operator=(client const&);
    client& operator=(client&&) noexcept;
    ~client();

    /// Asks whether single sign-on is on.
    ///
    /// @param options what differs for this call
    /// @returns the status of the instance's SSO, not of a login
    /// Errors: none of its own.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 5.1.
    boost::asio::awaitable<result<sso_status>> get_sso_status(call_options options = {});

    /// Starts a single sign-on.
    ///
    /// @param request may name where the web app goes afterwards
    /// @param options what differs for this call
    /// @returns the URL for the user's browser, and the state that complete_sso wants back within 10 minutes
    /// Errors: errc::feature_disabled: the server has no SSO.
    /// Cancellation: once sent, its effect: a state that nobody uses, gone after 10 minutes.
    /// Source: contract 5.2.
    boost::asio::awaitable<result<sso_start>> start_sso(sso_start_request request, call_options options = {});

    /// Turns the provider's answer into a session. No MFA and no IP authorization follow.
    ///
    /// @param request code and state from the redirect
    /// @param options what differs for this call
    /// @returns the session and where to go
    /// Errors: errc::rejected_input with field `state`, `code`, `id_token`, `access_token`, `email`, `sso` or
    ///   `username`; errc::sso_required: no account and none is made automatically; errc::feature_disabled.
    /// Cancellation: once sent, its effect: the state may be used up and a session made that nobody holds.
    /// Source: contract 5.3.
    boost::asio::awaitable<result<sso_completion>> complete_sso(
        sso_complete_request request, call_options options = {});

    /// Makes an account and logs it in.
    ///
    /// @param request date of birth and consent are required; without e-mail and password the account is
    ///   unclaimed
    /// @param options what differs for this call
    /// @returns a session (the documented MFA variant does not occur); other_answer where newer servers want
    ///   an approval first
    /// Errors: errc::rejected_input with the field's name; errc::captcha_required, errc::captcha_invalid;
    ///   errc::sso_required; errc::rate_limited, possibly for many minutes.
    /// Cancellation: once sent, its effect: the account may have been made.
    /// Source: contract 5.4.
    boost::asio::awaitable<result<login_result>> register_account(
        register_request request, call_options options = {});

    /// Logs in with e-mail and password.
    ///
    /// @param request e-mail and password
    /// @param options what differs for this call
    /// @returns a session, an MFA challenge, or another answer of a newer server
    /// Errors: errc::rejected_input with fields `email` and `password`: either is wrong;
    ///   errc::ip_authorization_required: see error::ip_authorization() and wait_for_ip_authorization;
    ///   errc::captcha_required, errc::captcha_invalid; errc::suspended; errc::sso_required; errc::forbidden:
    ///   a bot account; errc::rate_limited, possibly for many minutes.
    /// Cancellation: once sent, its effect: a session may have been made that nobody holds; the attempt
    ///   counts against 5 per 15 minutes.
    /// Source: contract 5.5.
    boost::asio::awaitable<result<login_result>> login_user(login_request request, call_options options = {});

    /// Answers an MFA challenge with a time-based code.
    ///
    /// @param request code of the authenticator app or a backup code, and the challenge's ticket
    /// @param options what differs for this call
    /// @returns the session
    /// Errors: errc::rejected_input with field `code` (newer servers: `ticket`): wrong code or the ticket
    ///   ended, which is 5 minutes after the login; errc::not_found with api_code unknown_user: the account was deleted
    ///   meanwhile; errc::sso_required.
    /// Cancellation: once sent, its effect: the code may be used up, the ticket too.
    /// Source: contract 5.6.
    boost::asio::awaitable<result<session>> login_with_totp(
        mfa_totp_request request, call_options options = {});

    /// Has a code sent by SMS.
    ///
    /// @param request the challenge's ticket
    /// @param options what differs for this call
    /// @returns nothing; an instance without SMS service sends nothing and does not say so
    /// Errors: errc::rejected_input with field `ticket`; errc::rejected with api_code sms_mfa_not_enabled,
    ///   phone_required_for_sms_mfa or invalid_phone_number; errc::sso_required; errc::feature_disabled: newer servers
    ///   may have no MFA by SMS (contract 14).
    /// Cancellation: once sent, its effect: the SMS may have been sent.
    /// Source: contract 5.7.
    boost::asio::awaitable<result<void>> send_sms_mfa_code(
        mfa_ticket_request request, call_options options = {});

    /// Answers an MFA challenge with a code sent by SMS.
    ///
    /// @param request the code, and the challenge's ticket
    /// @param options what differs for this call
    /// @returns the session
    /// Errors: as login_with_totp, and errc::rejected with api_code sms_verification_unavailable;
    ///   errc::feature_disabled: newer servers may have no MFA by SMS (contract 14).
    /// Cancellation: once sent, its effect: the code may be used up, the ticket too.
    /// Source: contract 5.8.
    boost::asio::awaitable<result<session>> login_with_sms_mfa(
        mfa_sms_request request, call_options options = {});

    /// Asks for the options with which a passkey answers an MFA challenge.
    ///
    /// @param request the challenge's ticket
    /// @param options what differs for this call
    /// @returns the options of `navigator.credentials.get` in JSON form, untouched; the challenge in it lives
    ///   5 minutes and works once
    /// Errors: errc::rejected_input with field `ticket`; errc::rejected with api_code no_passkeys_registered;
    ///   errc::sso_required.
    /// Cancellation: once sent, its effect: a challenge that nobody uses.
    /// Source: contract 5.9.
    boost::asio::awaitable<result<boost::json::value>> get_webauthn_mfa_options(
        mfa_ticket_request request, call_options options = {});

    /// Answers an MFA challenge with a passkey.
    ///
    /// @param request the authenticator's answer, the challenge string and the ticket
    /// @param options what differs for this call
    /// @returns the session
    /// Errors: errc::passkey_failed: ask for new options before another try; errc::rejected_input with field
    ///   `ticket`; errc::sso_required.
    /// Cancellation: once sent, its effect: the challenge is used up, the ticket maybe too.
    /// Source: contract 5.10.
    boost::asio::awaitable<result<session>> login_with_webauthn_mfa(
        webauthn_mfa_request request, call_options options = {});

    /// Ends the session of a token.
    ///
    /// @param token the session to end
    /// @param options what differs for this call
    /// @returns nothing; the server answers the same for unknown tokens
    /// Errors: none of its own (newer servers: errc::unauthorized).
    /// Cancellation: once sent, its effect: the session may have ended.
    /// Source: contract 5.11.
    boost::asio::awaitable<result<void>> logout_user(secret token, call_options options = {});

    /// Confirms an e-mail address.
    ///
    /// @param request the token of the mail's link, see token_from_link
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::rejected_input with field `token`; errc::sso_required.
    /// Cancellation: once sent, its effect: the token may be used up.
    /// Source: contract 5.12.
    boost::asio::awaitable<result<void>> verify_email(
        verify_email_request request, call_options options = {});

    /// Has the verification mail sent again.
    ///
    /// @param token the session of the account
    /// @param options what differs for this call
    /// @returns nothing; also when the address is verified already
    /// Errors: errc::unauthorized; errc::forbidden: not a user's session; errc::rate_limited, also by 3 per
    ///   15 minutes; errc::server_error for an account without an address; errc::sso_required.
    /// Cancellation: once sent, its effect: the mail may have been sent.
    /// Source: contract 5.13.
    boost::asio::awaitable<result<void>> resend_verification_email(secret token, call_options options = {});

    /// Has a mail with a reset link sent.
    ///
    /// @param request the account's e-mail address
    /// @param options what differs for this call
    /// @returns nothing, whether or not such an account exists
    /// Errors: errc::rejected_input with field `email`; errc::captcha_required, errc::captcha_invalid;
    ///   errc::sso_required; errc::rate_limited, possibly for many minutes.
    /// Cancellation: once sent, its effect: the mail may have been sent.
    /// Source: contract 5.14.
    boost::asio::awaitable<result<void>> forgot_password(
        forgot_password_request request, call_options options = {});

    /// Sets a new password. All sessions of the account end.
    ///
    /// @param request the token of the mail's link and the new password
    /// @param options what differs for this call
    /// @returns a session or, for accounts with MFA, a challenge; the password is changed in both cases
    /// Errors: errc::rejected_input with field `token` or `password`; errc::suspended; errc::sso_required.
    /// Cancellation: once sent, its effect: the password may have been changed.
    /// Source: contract 5.15.
    boost::asio::awaitable<result<login_result>> reset_password(
        reset_password_request request, call_options options = {});

    /// Takes a change of the e-mail address back. Removes MFA, passkeys, phone and authorised addresses, and
    /// ends all sessions.
    ///
    /// @param request the token of the mail's link and a new password
    /// @param options what differs for this call
    /// @returns a session
    /// Errors: errc::rejected_input with field `token` or `password`; errc::suspended; errc::sso_required.
    /// Cancellation: once sent, its effect: the change may have been taken back.
    /// Source: contract 5.16.
    boost::asio::awaitable<result<login_result>> revert_email_change(
        email_revert_request request, call_options options = {});

    /// Lists the account's sessions, newest use first.
    ///
    /// @param token a session of the account
    /// @param options what differs for this call
    /// @returns the sessions; find your own by session_id_hash(token)
    /// Errors: errc::unauthorized; errc::forbidden: not a user's session.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 5.17.
    boost::asio::awaitable<result<std::vector<auth_session>>> list_auth_sessions(
        secret token, call_options options = {});

    /// Ends exactly the listed sessions, in spite of its name; end_all_sessions() ends all. Unknown ones are ignored.
    /// After an MFA proof the client remembers the sudo token that came with the answer (client_options::remember_sudo):
    /// until it ends, calls with the same session need no proof, and one that has one nevertheless does not use it up.
    ///
    /// @param token a session of the account
    /// @param request the sessions to end, and a proof for sudo mode
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::sudo_required: see error::sudo() for the kind of proof; errc::rejected_input with field
    ///   `session_id_hashes`, `password` or `mfa_code`; errc::unauthorized; errc::forbidden. With the caller's own
    ///   session in the list, errc::unauthorized and attempts() above 1 tell of success: the answer was lost, and the
    ///   request was sent again by a session that it had ended. end_all_sessions() takes it for that.
    /// Cancellation: once sent, its effect: the sessions may have ended.
    /// Source: contract 5.18, 8.
    boost::asio::awaitable<result<void>> logout_all_sessions(
        secret token, logout_auth_sessions_request request, call_options options = {});

    /// Lets a waiting login from a new address pass. May be called from any address.
    ///
    /// @param request the token of the mail's link
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::rejected_input with field `token`.
    /// Cancellation: once sent, its effect: the token may be used up and the login let pass.
    /// Source: contract 5.19.
    boost::asio::awaitable<result<void>> authorize_ip_address(
        authorize_ip_request request, call_options options = {});

    /// Has the mail of an IP authorization sent again: once, and not in the first 30 seconds.
    ///
    /// @param request ip_authorization::ticket
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::rejected_input with field `ticket`; errc::resend_cooldown with retry_after();
    ///   errc::resend_limit.
    /// Cancellation: once sent, its effect: the mail may have been sent, which is the only time.
    /// Source: contract 5.20.
    boost::asio::awaitable<result<void>> resend_ip_authorization(
        mfa_ticket_request request, call_options options = {});

    /// Looks once whether a login from a new address was let pass; wait_for_ip_authorization does so until it
    /// ends.
    ///
    /// @param ticket ip_authorization::ticket, 1-256
    /// @param options what differs for this call
    /// @returns not completed, or the session, which can be read for 60 seconds
    /// Errors: errc::rejected_input with field `ticket`: the ticket ended. Confirm that by another poll
    ///   (contract 9.2).
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 5.21.
    boost::asio::awaitable<result<ip_authorization_poll>> poll_ip_authorization(
        secret ticket, call_options options = {});

    /// Asks for the options with which a passkey logs in.
    ///
    /// @param options what differs for this call
    /// @returns the options of `navigator.credentials.get` in JSON form, untouched; the challenge in it lives
    ///   5 minutes and works once
    /// Errors: errc::sso_required.
    /// Cancellation: once sent, its effect: a challenge that nobody uses.
    /// Source: contract 5.22.
    boost::asio::awaitable<result<boost::json::value>> get_webauthn_authentication_options(
        call_options options = {});

    /// Logs in with a passkey. No MFA and no IP authorization follow.
    ///
    /// @param request the authenticator's answer and the challenge string
    /// @param options what differs for this call
    /// @returns the session
    /// Errors: errc::passkey_failed: ask for new options before another try; errc::suspended;
    ///   errc::sso_required.
    /// Cancellation: once sent, its effect: a session may have been made that nobody holds.
    /// Source: contract 5.23.
    boost::asio::awaitable<result<session>> authenticate_with_webauthn(
        webauthn_authenticate_request request, call_options options = {});

    /// Asks for a username that suits a name. Uses the rate limit of register_account.
    ///
    /// @param request the name to show, 1-32
    /// @param options what differs for this call
    /// @returns none or one suggestion
    /// Errors: errc::rejected_input with field `global_name`; errc::sso_required.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 5.24.
    boost::asio::awaitable<result<username_suggestions>> get_username_suggestions(
        username_suggestions_request request, call_options options = {});

    /// Starts to move a login to this device.
    ///
    /// @param options what differs for this call
    /// @returns the code to show to the user, and when it ends
    /// Errors: none of its own.
    /// Cancellation: once sent, its effect: a code that nobody uses, gone after 5 minutes.
    /// Source: contract 5.25.
    boost::asio::awaitable<result<handoff>> initiate_handoff(call_options options = {});

    /// Lets another device log in, from a device that is logged in. The server makes the other device's
    /// session before it looks at the code: a wrong code leaves an unused session behind, so do not repeat
    /// blindly.
    ///
    /// @param request the code that the other device shows, this device's session token and user id
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::unauthorized with api_code invalid_token; errc::rejected with api_code
    ///   session_token_mismatch, invalid_handoff_code or handoff_code_expired; errc::not_found with api_code
    ///   unknown_user.
    /// Cancellation: once sent, its effect: the other device may be logged in, or an unused session left
    ///   behind.
    /// Source: contract 5.26.
    boost::asio::awaitable<result<void>> complete_handoff(
        handoff_complete_request request, call_options options = {});

    /// Looks once whether a handoff was completed; wait_for_handoff does so until it ends. `completed` is
    /// delivered once.
    ///
    /// @param which handoff::code, or the handoff itself: if it has a poll_secret, a POST is sent instead of a GET
    ///   (contract 14)
    /// @param options what differs for this call
    /// @returns the state, with the session if completed
    /// Errors: errc::rejected with api_code invalid_handoff_code: not of a code's shape; newer servers: a wrong
    ///   poll_secret, or a caller that is locked out for 15 minutes after many bad codes. errc::not_found for a
    ///   POST: the server knows the GET only.
    /// Cancellation: once sent, its effect: if it was completed, its session may be lost.
    /// Source: contract 5.27, 14.
    boost::asio::awaitable<result<handoff_status>> get_handoff_status(
        handoff_reference which, call_options options = {});

    /// Ends a handoff. Anyone who knows the code can; newer servers want the poll_secret too.
    ///
    /// @param which handoff::code, or the handoff itself: if it has a poll_secret, that is sent along (contract 14)
    /// @param options what differs for this call
    /// @returns nothing, also for unknown codes
    /// Errors: errc::rejected with api_code invalid_handoff_code: as get_handoff_status.
    /// Cancellation: once sent, its effect: the handoff may have ended.
    /// Source: contract 5.28, 14.
    boost::asio::awaitable<result<void>> cancel_handoff(handoff_reference which, call_options options = {});

    /// API generation 2026-09 only; method and path are derived, as the contract does not fix them:
    /// `POST /auth/reset/validate`. Asks whether a token would be accepted by reset_password, and does not use it up.
    ///
    /// @param request the token of the mail's link
    /// @param options what differs for this call
    /// @returns whether it is valid
    /// Errors: errc::not_supported_by_server; errc::rejected_input with field `token`: unknown, expired or used, where
    ///   the server does not say so by reset_token_validity::valid.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 14 (derived), 5.15.
    boost::asio::awaitable<result<reset_token_validity>> validate_reset_token(
        validate_reset_token_request request, call_options options = {});

    /// API generation 2026-09 only; method and path are derived, as the contract does not fix them:
    /// `GET /auth/handoff/{code}/info`. Tells the approving device which one asks, before complete_handoff.
    /// approve_handoff makes both calls.
    ///
    /// @param code handoff::code, 1-256; sent as it is
    /// @param options what differs for this call
    /// @returns what the server says of the device
    /// Errors: errc::not_supported_by_server; errc::rejected with api_code invalid_handoff_code: malformed, unknown,
    ///   ended, or the caller is locked out for 15 minutes after many bad codes.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 14 (derived).
    boost::asio::awaitable<result<handoff_info>> get_handoff_info(secret code, call_options options = {});

    /// API generation 2026-09 only; method and path are derived, as the contract does not fix them:
    /// `POST /auth/handoff/{code}/deny`. Refuses a handoff: the waiting device reads `denied`.
    ///
    /// @param code handoff::code, 1-256; sent as it is
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::not_supported_by_server: cancel_handoff ends it there; errc::rejected with api_code
    ///   invalid_handoff_code: as get_handoff_info.
    /// Cancellation: once sent, its effect: the handoff may have been refused.
    /// Source: contract 14 (derived).
    boost::asio::awaitable<result<void>> deny_handoff(secret code, call_options options = {});

    /// API generation 2026-09 only; method and path are derived, as the contract does not fix them:
    /// `POST /auth/username/availability`. Asks whether a username could be registered.
    ///
    /// @param request the username, 1-32 of `[A-Za-z0-9_]`
    /// @param options what differs for this call
    /// @returns whether it was free at that moment
    /// Errors: errc::not_supported_by_server; errc::rejected_input with field `username`; errc::sso_required.
    /// Cancellation: once sent, its effect: nothing on the server.
    /// Source: contract 14 (derived).
    boost::asio::awaitable<result<username_availability>> check_username(
        check_username_request request, call_options options = {});

    /// Sends a request that no operation covers. Every status is a result, not an error. It counts against the limit of
    /// all requests, and those that discovery and the helpers of sudo send against theirs, which method and path tell.
    ///
    /// @param request method, target below the base URL, header, body and token
    /// @param options what differs for this call
    /// @returns the whole answer
    /// Errors: errc::invalid_request and those of the way to the server; never an API error.
    /// Cancellation: as every operation.
    /// Source: contract 1.1, 2, 3.
    boost::asio::awaitable<result<raw_response>> send(raw_request request, call_options options = {});

    /// Opens connections ahead of the first calls.
    ///
    /// @param connections how many should be ready, those there are included; at most pool.max_connections
    /// @param options its timeout bounds the whole
    /// @returns how many are ready
    /// Errors: errc::invalid_request for wrong options; if none could be opened, the first connection's error.
    /// Cancellation: connections that are being opened are opened all the same, for later calls.
    boost::asio::awaitable<result<std::size_t>> warm_up(std::size_t connections, call_options options = {});

    /// The counters at this moment.
    ///
    /// @returns a copy; gauges and totals were read one after the other while the client may have worked on
    /// Errors: none. Executor: any. Thread safety: any thread.
    client_stats stats() const;

    /// Tells the rate governor whose a session is that none of its clients made: one kept from an earlier run of the
    /// program, or brought by a user. The server counts all sessions of a user together (contract 10.1), and so does the
    /// governor for those of which it knows the user; of any other session it counts what that one does alone, so that
    /// two of them can cross their user's limit and be lost.
    ///
    /// To be called before the first request with the token: what was counted until then is not taken along.
    ///
    /// @param kept the token and its user's id; nothing happens if the token is empty, or the id no number
    /// Errors: none; throws what a governor of one's own throws, and std::bad_alloc. Executor: returns at once.
    /// Thread safety: any thread.
    /// Source: contract 10.1, 10.4.
    void introduce(session const& kept) const;

    /// Cancels all calls in flight, as their callers could have done; later calls work. A wait that pauses between two
    /// looks has none in flight, and goes on.
    ///
    /// Errors: none. Executor: returns at once, the work happens on the client's executor.
    /// Thread safety: any thread.
    void cancel();

    /// Ends the client: new calls and waiting ones fail with errc::shut_down, idle connections are closed, calls in
    /// flight may end.
    ///
    /// @param grace after this the calls still in flight are cancelled; 0 ms-24 h, what is beyond is taken as that
    /// @returns when nothing is left
    /// Errors: none. Cancellation: the calls still in flight are cancelled at once; if it was cancelled before it began,
    /// it shuts down like that too, but does not wait until nothing is left.
    boost::asio::awaitable<void> shutdown(milliseconds grace = milliseconds(5'000));

    /// The executor on which awaiting costs no hop: the given one, or the strand that the client made.
    executor_type get_executor() const noexcept;

private:
    friend struct client_detail::client_access;

    std::shared_ptr<client_detail::client_handle> handle_;
};

} // namespace fluxer::auth

#endif
