#ifndef FLUXER_AUTH_CLI_SOAK_LEDGER_HPP
#define FLUXER_AUTH_CLI_SOAK_LEDGER_HPP

#include "cli/duration_histogram.hpp"

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/stats.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::cli {

/// The calls that a soak makes.
enum class soak_call : std::uint8_t {
    login,
    wrong_password, ///< a login that has to be refused
    list,
    logout,
    logout_all,
    suggestions, ///< the answer repeats the name that the request has: a nonce
    raw_status,  ///< client::send; the answer repeats X-Request-ID: a nonce
    raw_forgot,  ///< likewise
};

inline constexpr std::size_t soak_calls = 8;

struct soak_call_traits
{
    std::string_view name;
    std::string_view operation; ///< what the sandbox counts it as
    bool repeatable;            ///< whether the library may send it more than once
};

soak_call_traits const& traits_of(soak_call what) noexcept;

/// How a call ended.
struct soak_end
{
    soak_end() = default;

    bool succeeded = false;
    errc code = errc::unexpected_answer; ///< if it did not succeed
    bool answered = false;               ///< by the server, with whatever
    bool was_sent = false;               ///< any byte of it
    std::string text;                    ///< the error in one line

    static soak_end success();
    static soak_end failure(error const& why);
};

/// Who has called and what came of it: each call is entered when it begins and when it ends. Not for several threads.
class soak_ledger
{
public:
    using clock = std::chrono::steady_clock;
    using ticket = std::uint64_t;

    struct counts
    {
        counts() = default;

        std::uint64_t started = 0;
        std::uint64_t succeeded = 0;
        std::uint64_t refused = 0;   ///< by the server, as it has to be
        std::uint64_t failed = 0;    ///< anything else
        std::uint64_t cancelled = 0; ///< by the caller
        std::uint64_t answered = 0;  ///< by the server: surely received by it once
        std::uint64_t uncertain = 0; ///< sent, at least partly, and not answered: received by it or not
    };

    ticket start(soak_call what, clock::time_point now);

    void end(ticket call, soak_end const& how, clock::time_point now);

    /// A call that ended by an exception instead of a result, which none may.
    void end_by_exception(ticket call, std::string what);

    /// An answer that belongs to another call, or to another caller.
    void foreign_answer(std::string what);

    counts const& of(soak_call what) const noexcept { return counts_[static_cast<std::size_t>(what)]; }

    counts total() const noexcept;

    std::map<errc, std::uint64_t> const& failures() const noexcept { return failures_; }

    duration_histogram const& latency() const noexcept { return latency_; } ///< of calls that were answered

    /// Everything that is wrong by the callers' own accounts; one line each.
    std::vector<std::string> complaints() const;

private:
    struct open_call
    {
        soak_call what;
        clock::time_point begin;
    };

    std::optional<open_call> take(ticket call);
    void unexpected(std::string what);
    void note(std::string what);

    std::map<ticket, open_call> open_;
    ticket last_ = 0;
    std::array<counts, soak_calls> counts_{};
    std::map<errc, std::uint64_t> failures_;
    duration_histogram latency_;
    std::uint64_t ended_again_ = 0;
    std::uint64_t foreign_ = 0;
    std::uint64_t unexpected_ = 0;
    std::uint64_t exceptions_ = 0;
    std::vector<std::string> notes_; ///< the first few of what should not be
};

/// Whether faults of the network are a reason for a call to fail so.
bool is_network_failure(errc code) noexcept;

/// Compares the client's own counters with the callers' accounts.
std::vector<std::string> stats_complaints(soak_ledger const& ledger, client_stats const& stats);

/// Compares what the server counted with the callers' accounts: each answered call was received, and no operation
/// that must not be repeated was received more often than it was sent.
/// @param by_operation sandbox_counters::requests_by_operation
std::vector<std::string> server_complaints(
    soak_ledger const& ledger, client_stats const& stats,
    std::map<std::string, std::uint64_t> const& by_operation);

} // namespace fluxer::auth::cli

#endif
