#ifndef FLUXER_AUTH_RATE_HPP
#define FLUXER_AUTH_RATE_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/operation.hpp>
#include <fluxer/auth/secret.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth {

class clock;

/// What a client does when a request would go beyond a limit of the server (contract 10).
enum class rate_mode : std::uint8_t {
    wait,      ///< the call waits for its turn; it fails at once if that is beyond its own limit
    fail_fast, ///< the call fails with errc::rate_limited, nothing is sent
    off, ///< nothing is counted. A session that goes beyond 50 requests per second is revoked by the server
};

/// What a limit is about.
enum class rate_scope : std::uint8_t {
    global, ///< all requests of a session or address together; who goes beyond it with a session loses that (contract 10.4)
    bucket, ///< the requests of one operation, or of a few that share a bucket; announced by X-RateLimit fields
    inner, ///< an operation's own count of e-mail addresses or callers (contract 5.4, 5.5, 5.13, 5.14); never announced
};

/// One limit that a request counts against: `limit` at once, then one per `window / limit`.
struct FLUXER_AUTH_DECL rate_limit_key
{
    rate_limit_key() = default;

    rate_scope scope = rate_scope::bucket;
    std::string bucket; ///< as in contract section 4, e.g. "auth:login"; "global"
    /// Whom it counts: "session:" or "email:" and a fingerprint, "user:" and an id, or "address:" and what X-Forwarded-For
    /// says; no secret.
    std::string subject;
    unsigned limit = 1;         ///< 1 or more
    milliseconds window{1'000}; ///< longer than zero
};

/// A call that wants to send a request.
struct FLUXER_AUTH_DECL rate_request
{
    rate_request() = default;

    std::uint64_t ticket = 0; ///< tells calls apart, also those of several clients of this process
    auth::operation operation = auth::operation::raw;
    std::vector<rate_limit_key> keys; ///< all have to agree
};

/// Whether it may.
struct FLUXER_AUTH_DECL rate_verdict
{
    rate_verdict() = default;

    bool granted = false;
    milliseconds wait{0}; ///< until it is likely to be granted; ask again no later than in a second
    std::string bucket;   ///< the one in the way, for the error's text
};

/// What an answer says about limits.
struct FLUXER_AUTH_DECL rate_answer
{
    rate_answer() = default;

    int status = 0; ///< 0: there was no answer, or its 429 was about something else than requests
    bool announces_limits = false;           ///< it has an X-RateLimit field, of whatever kind
    std::optional<unsigned> limit;           ///< X-RateLimit-Limit
    std::optional<unsigned> remaining;       ///< X-RateLimit-Remaining
    std::optional<milliseconds> reset_after; ///< X-RateLimit-Reset-After: until the bucket is entirely free
    std::optional<milliseconds> retry_after; ///< of a 429
    bool global = false;                     ///< of a 429: it is the limit of all operations
    bool counted = true;                     ///< false: against the limit of all operations only
    milliseconds age{0};                     ///< since the request was sent
};

/// Takes a verdict, once; later ones are ignored. May be called within rate_governor::acquire, or afterwards on any
/// thread; once the client's io_context is gone it does nothing. A failure ends the call with that code.
using rate_reply = std::function<void(result<rate_verdict> verdict)>;

/// Decides when requests may go, for all clients that it is given to (client_options::rate). The library's own keeps
/// its counts in this process. Derive from it to share them with others behind the same address.
///
/// Errors: what acquire() throws, or answers as an error, fails the call as errc::rate_limited or with that
/// error; what learn() and introduce() throw behind an answer is dropped. One that never answers holds up the call until
/// its time is over. Thread safety: every function may be called on any thread.
class FLUXER_AUTH_DECL rate_governor
{
public:
    virtual ~rate_governor();

    /// Whether a request has to ask. Those that need not are only told of by learn().
    virtual bool concerns(auth::operation operation, bool has_session) const noexcept;

    /// Asks for leave to send one request. A call that was told to wait asks again under the same ticket and keeps its
    /// place. Must not block.
    virtual void acquire(rate_request const& request, rate_reply reply) = 0;

    /// The call gives up: it will not send this request, neither now nor later.
    /// @param granted it had heard that it has leave, which comes back; one that gave up before may have had it too
    virtual void withdraw(rate_request const& request, bool granted) = 0;

    /// A request is over. Comes once for each that had leave and was sent, answered or not; of those that did not ask, for
    /// those that are answered with limits or after they would have had to ask. What was answered the server has counted by
    /// now; that may have been long after leave was given, since connections are made in between.
    virtual void learn(rate_request const& request, rate_answer const& answer) = 0;

    /// A session's user, since the server counts all sessions of a user together.
    /// @param session its subject, as in rate_limit_key
    virtual void introduce(std::string_view session, std::string_view user_id);
};

/// The library's own governor: a leaky bucket per limit, as the server counts (contract 10.1), first come, first
/// served. What is under way may reach the server as late as what goes next, and counts as if it did. Buckets count from
/// the first answer on that shows the server to have limits; the limit of a session's requests counts always.
///
/// Thread safety: as rate_governor.
class FLUXER_AUTH_DECL local_rate_governor : public rate_governor
{
public:
    /// @param clock may be null: the system's steady clock
    explicit local_rate_governor(std::shared_ptr<auth::clock> clock = nullptr);
    ~local_rate_governor() override;

    bool concerns(auth::operation operation, bool has_session) const noexcept override;
    void acquire(rate_request const& request, rate_reply reply) override;
    void withdraw(rate_request const& request, bool granted) override;
    void learn(rate_request const& request, rate_answer const& answer) override;
    void introduce(std::string_view session, std::string_view user_id) override;

    /// All counts that are not at rest, to be kept over a restart or given to another process. Sessions and e-mail
    /// addresses are in it as SHA-256 digests, users by their ids, and callers by the IP addresses that X-Forwarded-For
    /// told. E-mail addresses can be guessed from theirs: it is as confidential as a log.
    boost::json::value save() const;

    /// Adds what save() wrote, less the time that has passed since by the system's clock.
    /// @param saved what save() returned; figures beyond their range count as the greatest
    /// @returns false, and nothing is changed: it is not of that form
    bool restore(boost::json::value const& saved);

    /// How many limits are counted at present.
    std::size_t size() const;

    /// Whether none is, and no call waits or is under way: whoever forgets it forgets no more than whose sessions are whose.
    bool is_at_rest() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The governor that all clients of this process with that host and port share, unless client_options::rate names another or
/// a clock is injected. Those of a few dozen servers are kept for the process's life; of more, those that nobody has any
/// more and that are at rest are forgotten.
///
/// @param base_url as client_options::base_url
/// Errors: throws exception with errc::invalid_option. Thread safety: any thread.
FLUXER_AUTH_DECL std::shared_ptr<local_rate_governor> shared_rate_governor(std::string_view base_url);

} // namespace fluxer::auth

#endif
