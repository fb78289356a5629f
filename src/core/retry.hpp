#ifndef FLUXER_AUTH_CORE_RETRY_HPP
#define FLUXER_AUTH_CORE_RETRY_HPP

#include "core/backoff.hpp"

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/options.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxer::auth::core {

/// What the decision about a further attempt depends on; reported by the exchange, never guessed.
struct attempt_facts
{
    bool lost = false;         ///< the connection ended; no limit, cancellation or bad answer
    bool reused = false;       ///< another request went over it before, or it had been idle
    bool sent_any = false;     ///< any byte of the request was written
    bool received_any = false; ///< any byte of an answer came
    bool repeatable = false;   ///< the operation may be repeated after a lost answer (contract 13)
    bool retried = false;      ///< this was the second attempt already
};

/// Whether the same request goes out once more, on a fresh connection: only when the server had closed a pooled
/// connection meanwhile, and nothing can happen twice. A fresh connection that fails says something about the server,
/// so that the retry policy decides.
constexpr bool retry_on_fresh_connection(attempt_facts const& facts) noexcept
{
    return facts.lost && facts.reused && !facts.received_any && !facts.retried &&
           (!facts.sent_any || facts.repeatable);
}

/// Statuses of a server, or of something in front of it, that is not up to the request now.
bool passes_by_itself(int status) noexcept;

/// Whether the same may work a moment later. Limits that ran out are no such failures: time is what the caller has
/// least of then. Nor is a certificate that is not trusted.
bool passes_by_itself(error_info const& failed) noexcept;

/// How many further attempts all calls of a client may make together: each call brings in a part of one, up to a
/// reserve. When everything fails, a server gets that part more load, not a multiple of it.
class retry_budget
{
public:
    retry_budget(unsigned percent, unsigned reserve) noexcept;

    void call_started() noexcept;

    /// False: there is none left.
    bool take() noexcept;

private:
    std::uint64_t percent_;
    std::uint64_t most_;
    std::uint64_t balance_; // hundredths of an attempt
};

/// One failure of a call, as the policy wants to know it.
struct failed_attempt
{
    bool passing = false;    ///< of a kind that may go away by itself: 502, 503, 504, or a transport error
    bool repeatable = false; ///< the operation may be repeated (contract 13)
    unsigned failures = 1;   ///< of this call, this one included
    unsigned max_attempts = 1;
    std::optional<milliseconds> retry_after; ///< what the server asked for
    milliseconds time_left{0};               ///< until the call's end
};

/// What to do about a failure, and why in words.
struct retry_verdict
{
    bool again = false;
    bool worth_telling = false; ///< a refusal that had a reason beyond the kind of failure
    milliseconds pause{0};
    std::string_view reason;
};

/// Whether an attempt that failed is made again after a pause: the one place where that is decided.
class retry_policy
{
public:
    retry_policy(retry_options const& options, backoff::random_function random);

    void call_started() noexcept { budget_.call_started(); }

    retry_verdict decide(failed_attempt const& failed);

private:
    backoff backoff_;
    retry_budget budget_;
    backoff::random_function random_;
};

} // namespace fluxer::auth::core

#endif
