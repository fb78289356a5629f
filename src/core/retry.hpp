#ifndef FLUXER_AUTH_CORE_RETRY_HPP
#define FLUXER_AUTH_CORE_RETRY_HPP

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
/// so it is never the cause of a retry.
constexpr bool retry_on_fresh_connection(attempt_facts const& facts) noexcept
{
    return facts.lost && facts.reused && !facts.received_any && !facts.retried &&
           (!facts.sent_any || facts.repeatable);
}

} // namespace fluxer::auth::core

#endif
