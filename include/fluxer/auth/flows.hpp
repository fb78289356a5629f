#ifndef FLUXER_AUTH_FLOWS_HPP
#define FLUXER_AUTH_FLOWS_HPP

#include <fluxer/auth/client.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace fluxer::auth {

/// How a wait ended, each for its own reason.
enum class wait_status : std::uint8_t {
    completed, ///< session is set
    expired,   ///< the ticket or code ended; for a handoff also: cancelled, or fetched by somebody else
    denied,    ///< the other device refused (newer servers, contract 14)
    lost, ///< an answer that may have held the session did not arrive, and the code is over: start a new one
    gave_up, ///< poll_options::deadline passed, an error that waiting does not mend, or a bad option: see error
    cancelled, ///< by the caller
};

FLUXER_AUTH_DECL std::string_view to_string(wait_status value) noexcept;

/// What a progress callback is told after each poll.
struct FLUXER_AUTH_DECL poll_progress
{
    poll_progress() = default;

    unsigned polls = 0;             ///< so far
    unsigned failures_in_a_row = 0; ///< 0: the last poll was answered
    milliseconds elapsed{0};        ///< since the wait began
    milliseconds next_poll_in{0};
    std::optional<milliseconds>
        expires_in; ///< until the ticket or code ends; zero: it has, and is looked at beyond
};

/// How to poll. Both polls share 60 per minute for all clients behind one address (contract 11). A pause is lengthened by
/// up to 8 ms more than said here, so that thousands of waits wake together and not one by one.
struct FLUXER_AUTH_DECL poll_options
{
    poll_options() = default;

    milliseconds interval{2'000}; ///< up to 1 h; less than 2 s is taken as 2 s
    unsigned jitter_percent = 20; ///< 0-100: each interval is lengthened by up to this, at random
    milliseconds max_backoff{
        30'000}; ///< 2 s-1 h: longest pause after what may pass, which doubles it; jitter comes on top
    std::optional<milliseconds>
        deadline;      ///< 1 ms-24 h from the start of the wait; the ticket's own end comes first if earlier
    call_options call; ///< for each poll
    std::function<void(poll_progress const&)>
        on_progress; ///< on the caller's executor; what it throws ends the wait

    poll_options&& with_interval(milliseconds value) &&;
    poll_options&& with_deadline(milliseconds value) &&;
    poll_options&& with_progress(std::function<void(poll_progress const&)> value) &&;
};

/// How a wait ended.
struct FLUXER_AUTH_DECL wait_outcome
{
    wait_outcome() = default;

    wait_status status = wait_status::gave_up;
    std::optional<auth::session> session; ///< set when completed
    std::optional<auth::error> error;     ///< the last error there was, if any
    unsigned polls = 0;
    milliseconds elapsed{0};

    /// True if there is a session.
    explicit operator bool() const noexcept { return session.has_value(); }
};

/// Waits until the user has opened the link in the mail that a login from a new address caused.
///
/// An answer 400 is confirmed by a further poll, 2 seconds later plus jitter. After a lost answer, which may have held the
/// session, polls follow each other within 10 seconds whatever the options say, unless the server wants more time, and
/// so they do behind a poll at the ticket's end that failed, up to 60 seconds beyond it: that long a session can be read.
/// A page that says 404 is no answer of the API, and waited out.
///
/// @param client makes the polls; kept alive until the end
/// @param ticket error::ip_authorization() of the login; ends 15 minutes after it was received
/// @param options interval, deadline, progress
/// @returns completed, expired, gave_up or cancelled
/// Errors: none but std::bad_alloc and what the progress callback throws; failures are in the outcome. An option out of
///   its range is the outcome gave_up with errc::invalid_option, before any I/O.
/// Cancellation: terminal, partial and total at every point; the ticket stays good, a new wait may follow.
/// Executor: any; sleeps on the caller's. Thread safety: as the client's. Source: contract 5.21, 9.2, 11.
FLUXER_AUTH_DECL boost::asio::awaitable<wait_outcome> wait_for_ip_authorization(
    client client, ip_authorization ticket, poll_options options = {});

/// Waits until another device has completed a handoff that this one initiated. With a poll_secret it polls by POST and
/// never by GET (contract 14), unless the server says that it has no such path, or anybody answers 405, before a POST was
/// answered well, and the GET that follows is: then by GET to the end. The last poll comes a second before the code's end.
///
/// The server hands the session out once. So no poll but the first begins within the last second before the deadline. If
/// one that began before is cut off by it, `error->request_was_sent()` tells that the session may be lost: start anew. If
/// the code ends behind an answer that did not arrive, that is `lost`: whether it held the session nobody knows.
///
/// @param client makes the polls; kept alive until the end
/// @param ticket what client::initiate_handoff returned; ends 5 minutes after it was received
/// @param options interval, deadline, progress
/// @returns completed, expired, denied, lost, gave_up or cancelled
/// Errors: none but std::bad_alloc and what the progress callback throws; failures are in the outcome. An option out of
///   its range is the outcome gave_up with errc::invalid_option, before any I/O.
/// Cancellation: terminal, partial and total at every point. If the handoff is completed at that very moment its
///   session may be lost; cancel_handoff ends the code.
/// Executor: any; sleeps on the caller's. Thread safety: as the client's.
/// Source: contract 5.27, 9.1, 11, 14.
FLUXER_AUTH_DECL boost::asio::awaitable<wait_outcome> wait_for_handoff(
    client client, handoff ticket, poll_options options = {});

/// How start_handoff begins, and ends.
struct FLUXER_AUTH_DECL start_handoff_options
{
    start_handoff_options() = default;

    /// When the wait ends by cancellation, at its deadline, by an error or by what its progress callback throws, or with
    /// its last poll, a second before the code does, the code is cancelled behind it: by one call of at most 5 s that
    /// nobody waits for. Not when the handoff is merely destroyed: nobody may be there to send it; nor where the wait did
    /// not begin, as its options are out of range.
    bool cancel_on_abandon = false;
    call_options call; ///< for initiate_handoff

    start_handoff_options&& with_cancel_on_abandon(bool value = true) &&;
};

/// A login that this device waits to be given by one that is logged in. Copies stand for the same handoff.
///
/// Thread safety: as the client's.
class FLUXER_AUTH_DECL pending_handoff
{
public:
    pending_handoff(client client, handoff ticket, bool cancel_on_abandon);

    /// `XXXX-XXXX`, to be shown to the user only: who reads it can fetch the session, or stop it.
    secret const& code() const noexcept { return ticket_.code; }

    /// By the server's clock.
    timestamp expires_at() const noexcept { return ticket_.expires_at; }

    /// By this process's clock: 5 minutes after the code was received.
    std::chrono::steady_clock::time_point ends_at() const noexcept;

    handoff const& ticket() const noexcept { return ticket_; }

    /// Waits as wait_for_handoff does, with start_handoff_options::cancel_on_abandon. `completed` is delivered once, so
    /// wait once at a time.
    ///
    /// @param options interval, deadline, progress
    /// @returns, errors, cancellation, executor, thread safety, source: as wait_for_handoff
    boost::asio::awaitable<wait_outcome> wait(poll_options options = {}) const;

    /// client::cancel_handoff with all that is known of the handoff.
    boost::asio::awaitable<result<void>> cancel(call_options options = {}) const;

private:
    client client_;
    handoff ticket_;
    bool cancel_on_abandon_;
};

/// Begins to move a login to this device.
///
/// @param client makes the calls; kept alive by what is returned
/// @param options what becomes of the code if the wait is abandoned
/// @returns the code to show, with its wait
/// Errors: as client::initiate_handoff. Cancellation: as client::initiate_handoff. Executor: any. Thread safety: as the
/// client's. Source: contract 5.25, 9.1, 14.
FLUXER_AUTH_DECL boost::asio::awaitable<result<pending_handoff>> start_handoff(
    client client, start_handoff_options options = {});

/// How approve_handoff decides.
struct FLUXER_AUTH_DECL approve_handoff_options
{
    approve_handoff_options() = default;

    /// Ask the server about the other device first. Also keeps a wrong code from leaving a session behind. Newer servers may
    /// insist on it.
    bool ask_info = true;
    /// Asked before anything is approved, with what the server told, if it did: on the caller's executor. False refuses
    /// the handoff: by deny_handoff, or by cancel_handoff where the server has no such thing, or by leaving it to
    /// expire where it takes neither. Empty: approve.
    std::function<boost::asio::awaitable<bool>(std::optional<handoff_info>)> confirm;
    call_options call; ///< for each call

    approve_handoff_options&& with_confirm(
        std::function<boost::asio::awaitable<bool>(std::optional<handoff_info>)> value) &&;
};

/// Lets another device log in, from a device that is logged in.
///
/// Warning: the server makes the other device's session before it looks at the code (contract 5.26). A wrong, expired
/// or used code, and a lost answer, can leave a session behind that nobody holds: so do not repeat blindly, and end it
/// with client::logout_all_sessions (it is the newest that client::list_auth_sessions lists). The code's form is
/// checked here, and with newer servers get_handoff_info is asked, before complete_handoff is sent.
///
/// @param client makes the calls; kept alive until the end
/// @param approver this device's own session; it is sent to the server, and the other device gets one of its own
/// @param code as the user typed it: blanks, hyphens and case do not matter
/// @param options whether and how to ask first
/// @returns approved, with return_url if the server gives one; or not approved, since `confirm` refused
/// Errors: errc::invalid_request with field `code`, before any I/O; as client::get_handoff_info, but for
///   errc::not_supported_by_server; errc::rejected if that tells of a code which is expired, denied or used; as
///   client::complete_handoff and client::deny_handoff; what `confirm` throws.
/// Cancellation: terminal, partial and total at every point; during a call with its effect as with that, during `confirm`
///   nothing is approved. `confirm` has to end when it is cancelled.
/// Executor: any. Thread safety: as the client's.
/// Source: contract 5.26, 9.1, 14.
FLUXER_AUTH_DECL boost::asio::awaitable<result<handoff_approval>> approve_handoff(
    client client, session approver, secret code, approve_handoff_options options = {});

/// A login that waits for the link in a mail: to whom it went, when it may be sent again, and the wait for it.
///
/// Executor: any. Thread safety: one thread at a time, or coroutines of one executor, all copies together; a resend may
/// run while a wait does.
class FLUXER_AUTH_DECL ip_authorization_notice
{
public:
    /// @param client makes the calls; kept alive
    /// @param ticket error::ip_authorization() of the login
    ip_authorization_notice(client client, ip_authorization ticket);
    // Without moves: one that was moved from would have nothing to say.
    ip_authorization_notice(ip_authorization_notice const&) = default;
    ip_authorization_notice& operator=(ip_authorization_notice const&) = default;
    ~ip_authorization_notice() = default;

    /// Where the mail went.
    std::string const& email() const noexcept { return ticket_.email; }

    ip_authorization const& ticket() const noexcept { return ticket_; }

    /// 15 minutes after the ticket was received.
    std::chrono::steady_clock::time_point ends_at() const noexcept;

    /// How long resend() would refuse yet, rounded up to milliseconds; 0: not at all, unless may_resend() says so.
    milliseconds resend_available_in() const;

    /// False: the one further mail that a ticket has was sent, or is being sent.
    bool may_resend() const noexcept;

    /// Has the mail sent again: once, and not in the first 30 seconds. The same link is mailed.
    ///
    /// @param options what differs for this call
    /// @returns nothing
    /// Errors: errc::resend_cooldown with retry_after(), and errc::resend_limit, both before any I/O if this object
    ///   knows, else as the server says; as client::resend_ip_authorization. After a lost answer it may be called again:
    ///   the server sends no third mail. Copies count together. This object has to outlive the call.
    /// Cancellation: as client::resend_ip_authorization. Source: contract 5.20, 9.2.
    boost::asio::awaitable<result<void>> resend(call_options options = {});

    /// wait_for_ip_authorization with the ticket.
    boost::asio::awaitable<wait_outcome> wait(poll_options options = {}) const;

private:
    struct resends;

    client client_;
    ip_authorization ticket_;
    std::shared_ptr<resends> resends_;
};

} // namespace fluxer::auth

#endif
