#ifndef FLUXER_AUTH_ALTCHA_HPP
#define FLUXER_AUTH_ALTCHA_HPP

#include <fluxer/auth/altcha_challenge.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

namespace fluxer::auth {

/// How much work solve_altcha may do.
struct FLUXER_AUTH_DECL altcha_options
{
    altcha_options() = default;

    /// Greater numbers are not tried, whatever the challenge says: a hostile server could ask for years of work.
    std::uint64_t max_number = 50'000'000;
    milliseconds timeout{120'000}; ///< 1 ms-24 h
    /// Where the work is done, which keeps one of its threads busy to the end; never the caller's own. Empty: on threads
    /// that the process has for all such work, one for each core. Proofs that find them busy wait for their turn, within
    /// their time.
    std::optional<boost::asio::any_io_executor> executor;
};

/// Solves the proof of work that newer servers set as a captcha: call_options::captcha then takes the proof, and goes
/// with the call that had failed with errc::captcha_required or errc::captcha_invalid. A proof works once. Whether the
/// challenge has ended is for the server to say: this machine's clock may be wrong.
///
/// @param challenge error::captcha()->altcha, or altcha_challenge::parse
/// @param options bounds of the work
/// @returns the proof, of type "altcha"
/// Errors: errc::captcha_expired: by this machine's clock the challenge ended more than 24 h ago, or before the timeout
///   came; errc::captcha_unsolved: no number up to the challenge's and the options' bound is right, or no thread could be made; errc::timed_out;
///   errc::cancelled; errc::invalid_request with the challenge's member that is malformed; errc::invalid_option: timeout
///   is out of its range.
/// Cancellation: terminal, partial and total; the work stops within a millisecond. Nothing has happened on the server.
/// Executor: any; the caller's does no work but wait. Thread safety: any thread.
/// Source: contract 7, 14; ALTCHA's documentation of its proof of work.
FLUXER_AUTH_DECL boost::asio::awaitable<result<captcha_proof>> solve_altcha(
    altcha_challenge challenge, altcha_options options = {});

} // namespace fluxer::auth

#endif
