#ifndef FLUXER_AUTH_FLOWS_HPP
#define FLUXER_AUTH_FLOWS_HPP

#include <fluxer/auth/client.hpp>

#include <functional>
#include <optional>

namespace fluxer::auth {

/// How a wait ended, each for its own reason.
enum class wait_status : std::uint8_t {
    completed, ///< session is set
    expired,   ///< the ticket or code ended; for a handoff also: cancelled, or fetched by somebody else
    denied,    ///< the other device refused (newer servers, contract 14)
    lost, ///< the handoff was completed, but the answer that held its session did not arrive; start a new one
    gave_up,   ///< poll_options::deadline passed, or an error that waiting does not mend: see error
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
    std::optional<milliseconds> expires_in; ///< until the ticket or code ends
};

/// How to poll. Both polls share 60 per minute for all clients behind one address (contract 11).
struct FLUXER_AUTH_DECL poll_options
{
    poll_options() = default;

    milliseconds interval{2'000}; ///< 2 s-1 h; less is taken as 2 s
    unsigned jitter_percent = 20; ///< 0-100: each interval is lengthened by up to this, at random
    milliseconds max_backoff{
        30'000}; ///< 2 s-1 h: longest pause after transport errors and 5xx, which double it
    std::optional<milliseconds>
        deadline;      ///< from the start of the wait; the ticket's own end comes first if earlier
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
/// @param client makes the polls; kept alive until the end
/// @param ticket error::ip_authorization() of the login; ends 15 minutes after it was received
/// @param options interval, deadline, progress
/// @returns completed, expired, gave_up or cancelled; an answer 400 is confirmed by further polls
/// (contract 9.2) Errors: none but std::bad_alloc and what the progress callback throws; failures are in the
/// outcome. Cancellation: terminal, partial and total at every point; the ticket stays good, a new wait may
/// follow. Executor: any; sleeps on the caller's. Thread safety: as the client's. Source:
/// contract 5.21, 9.2, 11.
FLUXER_AUTH_DECL boost::asio::awaitable<wait_outcome> wait_for_ip_authorization(
    client client, ip_authorization ticket, poll_options options = {});

/// Waits until another device has completed a handoff that this one initiated.
///
/// @param client makes the polls; kept alive until the end
/// @param ticket what client::initiate_handoff returned; ends 5 minutes after it was received
/// @param options interval, deadline, progress
/// @returns completed, expired, denied, lost, gave_up or cancelled
/// Errors: none but std::bad_alloc and what the progress callback throws; failures are in the outcome.
/// Cancellation: terminal, partial and total at every point. If the handoff is completed at that very moment
/// its
///   session may be lost; cancel_handoff ends the code.
/// Executor: any; sleeps on the caller's. Thread safety: as the client's.
/// Source: contract 5.27, 9.1, 11.
FLUXER_AUTH_DECL boost::asio::awaitable<wait_outcome> wait_for_handoff(
    client client, handoff ticket, poll_options options = {});

} // namespace fluxer::auth

#endif
