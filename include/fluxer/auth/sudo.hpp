#ifndef FLUXER_AUTH_SUDO_HPP
#define FLUXER_AUTH_SUDO_HPP

#include <fluxer/auth/client.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>

namespace fluxer::auth {

/// A proof for sudo mode (contract 8). An account without MFA gives its password, one with MFA any of the others.
class FLUXER_AUTH_DECL sudo_proof
{
public:
    /// @param value 8-256 UTF-16 units, without the blanks around it, which the server strips
    static sudo_proof password(secret value);

    /// @param code of the authenticator app, or a backup code; works once
    static sudo_proof totp(secret code);

    /// @param code that send_sudo_sms_code() had sent; works once
    static sudo_proof sms(secret code);

    /// @param response the authenticator's, a JSON object; works once
    /// @param challenge member `challenge` of what get_sudo_webauthn_options() returned
    static sudo_proof passkey(boost::json::value response, std::string challenge);

    /// Whether one proof is good for any number of requests.
    bool is_password() const noexcept { return method_.empty(); }

    /// Puts the proof into a request, in place of the one it had.
    void add_to(logout_auth_sessions_request& request) const;

private:
    sudo_proof() = default;

    std::string method_; ///< `mfa_method`; empty: the password
    secret answer_;      ///< password or code
    std::optional<boost::json::value> response_;
    std::string challenge_;
};

/// Why a proof is asked for.
struct FLUXER_AUTH_DECL sudo_question
{
    sudo_question() = default;

    bool has_mfa = false; ///< true: only an MFA proof is accepted, a password is not looked at
    /// What the account has, if it has MFA and the server told.
    std::optional<sudo_methods> methods;
    /// What the server answered to the last proof, or to the request without any.
    error last_error;
    bool last_was_wrong = false; ///< the last proof was refused
    unsigned round = 1;          ///< counts from 1 to end_sessions_options::max_rounds
};

/// Gets a proof from whoever has it; nothing gives up. Runs on the caller's executor, or a strand of it. Cancellation of
/// the flow, and its time's end, reach it as cancellation of all three types; what it throws ends the flow.
using sudo_handler = std::function<boost::asio::awaitable<std::optional<sudo_proof>>(sudo_question)>;

struct FLUXER_AUTH_DECL end_sessions_options
{
    end_sessions_options() = default;

    bool keep_own = true;                ///< false: the session of the token ends too, as the last
    unsigned max_rounds = 3;             ///< 1-10: how often in a row a proof is asked for, until one is good
    std::optional<milliseconds> timeout; ///< 1 ms-24 h, for all of it, handlers included; empty: none
    call_options call;                   ///< for each request

    end_sessions_options&& with_keep_own(bool value) &&;
    end_sessions_options&& with_max_rounds(unsigned value) &&;
    end_sessions_options&& with_timeout(milliseconds value) &&;
};

/// What became of the sessions.
struct FLUXER_AUTH_DECL end_sessions_outcome
{
    end_sessions_outcome() = default;

    std::size_t ended = 0;            ///< the server confirmed it; the own one counts
    std::size_t left = 0;             ///< were to be ended and not confirmed
    bool own_ended = false;           ///< the token is good for nothing any more
    std::optional<auth::error> error; ///< what stopped it; empty: all were ended

    /// True if all were ended.
    explicit operator bool() const noexcept { return !error; }
};

/// Asks what an account can prove itself with. 20 per minute.
///
/// @param client makes the call; kept alive until the end
/// @param token a session of the account
/// @param options what differs for this call
/// @returns the methods
/// Errors: errc::unauthorized; errc::forbidden; errc::unexpected_answer; all of any call.
/// Cancellation: terminal, partial and total; nothing changes on the server.
/// Executor: any. Thread safety: as the client's.
/// Source: contract 8.5.
FLUXER_AUTH_DECL boost::asio::awaitable<result<sudo_methods>> get_sudo_methods(
    client client, secret token, call_options options = {});

/// Has a code sent by SMS, for sudo_proof::sms(). 5 per minute; never sent twice by itself.
///
/// @param client makes the call; kept alive until the end
/// @param token a session of the account
/// @param options what differs for this call
/// @returns nothing
/// Errors: errc::rejected with api_code::sms_mfa_not_enabled; errc::unauthorized; errc::forbidden; all of any call.
/// Cancellation: terminal, partial and total; once sent, an SMS may arrive.
/// Executor: any. Thread safety: as the client's.
/// Source: contract 8.5.
FLUXER_AUTH_DECL boost::asio::awaitable<result<void>> send_sudo_sms_code(
    client client, secret token, call_options options = {});

/// Asks for a passkey's challenge, for sudo_proof::passkey(). 10 per minute.
///
/// @param client makes the call; kept alive until the end
/// @param token a session of the account
/// @param options what differs for this call
/// @returns the authenticator's options, a JSON object with member `challenge`
/// Errors: errc::rejected with api_code::no_passkeys_registered; errc::unauthorized; errc::forbidden;
///   errc::unexpected_answer; all of any call.
/// Cancellation: terminal, partial and total; once sent, a challenge that nobody uses.
/// Executor: any. Thread safety: as the client's.
/// Source: contract 8.5.
FLUXER_AUTH_DECL boost::asio::awaitable<result<boost::json::value>> get_sudo_webauthn_options(
    client client, secret token, call_options options = {});

/// Ends all sessions of the account: lists them and ends them in blocks of 100, the own one last or not at all.
///
/// Sends without proof at first, which is enough with a remembered sudo token and for unclaimed accounts; asks the
/// handler when the server wants a proof, and again when it was wrong. A password goes with each further block. An MFA
/// proof is used once, further blocks go by the sudo token that it brought: with client_options::remember_sudo off the
/// handler is asked for each block.
///
/// @param client makes the calls; kept alive until the end
/// @param token a session of the account
/// @param handler asked for a proof; empty: gives up at once
/// @param options whether the own session ends too, rounds, time
/// @returns how many were ended, and the error that stopped it. Sessions made meanwhile are not ended.
/// Errors: in the outcome: errc::sudo_required or errc::rejected_input: the handler gave up, or too many rounds;
///   errc::invalid_request: so, behind a proof that breaks its rule and was not sent; errc::timed_out, errc::cancelled; errc::invalid_option; all of list_auth_sessions and logout_all_sessions.
///   Throws what the handler throws, and std::bad_alloc.
/// Cancellation: terminal, partial and total at every point; the blocks confirmed before are ended, and the one on its
///   way may be. To call again does no harm.
/// Executor: any. Thread safety: as the client's.
/// Source: contract 5.17, 5.18, 8.
FLUXER_AUTH_DECL boost::asio::awaitable<end_sessions_outcome> end_all_sessions(
    client client, secret token, sudo_handler handler, end_sessions_options options = {});

/// The same with a proof that is at hand and goes with the first block; a wrong one stops it. A password goes with all
/// further blocks too. A proof by MFA works once: they go by the sudo token that the server answered it with, which the
/// client remembers (client_options::remember_sudo). Where it does not, or the token has ended, the second block is
/// refused and stops it, with errc::sudo_required and what was ended before counted.
///
/// @param client, token, options as above; max_rounds plays no part
/// @param proof goes with the first block
/// @returns, errors, cancellation, executor, thread safety, source: as above, without a handler's part
FLUXER_AUTH_DECL boost::asio::awaitable<end_sessions_outcome> end_all_sessions(
    client client, secret token, sudo_proof proof, end_sessions_options options = {});

} // namespace fluxer::auth

#endif
