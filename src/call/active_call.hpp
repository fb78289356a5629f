#ifndef FLUXER_AUTH_CALL_ACTIVE_CALL_HPP
#define FLUXER_AUTH_CALL_ACTIVE_CALL_HPP

#include "call/engine.hpp"
#include "call/rate_permit.hpp"
#include "http/exchange.hpp"

#include <optional>
#include <string_view>

namespace fluxer::auth::call {

/// The bookkeeping of one call from its start to its end, whichever way it ends: counters, events, limits, and what
/// an error has to say. Lives in the call's coroutine.
class active_call final : public call_link, public http::exchange_listener
{
public:
    /// @param max_attempts as call_options and retry_options have it
    active_call(
        std::shared_ptr<engine> of, operation what, bool repeatable, milliseconds timeout,
        unsigned max_attempts);
    active_call(active_call const&) = delete;
    active_call& operator=(active_call const&) = delete;
    ~active_call();

    bool const repeatable;
    unsigned const max_attempts;
    unsigned attempts = 0;
    bool repeated_fresh = false; ///< because of a pooled connection that the server had closed
    unsigned failures = 0;       ///< those that the retry policy was asked about
    milliseconds pause{0};       ///< before the next attempt
    rate_permit permit;          ///< of the next or present attempt
    bool request_was_sent = false;
    bool answer_began = false;
    std::shared_ptr<std::string const> remote; ///< of the last connection, if there was any
    std::uint64_t connection = 0;
    net::time_point attempt_start{};

    operation what() const noexcept { return operation_; }

    /// What is known now; the rest is up to the caller.
    error_info describe() const;
    answered_call answered() const;

    /// Ends a call that must not begin: its options are wrong, the client was shut down, or its time is over.
    std::optional<error> refusal(call_options const& options);

    /// Ends the call.
    error fail(net::failure const& why);
    error fail(error_info info);
    error_info describe(net::failure const& why) const;
    error fail_cancelled(phase where);
    void succeed(int status);

    void emit(event_kind kind, event what = {}) const;

    /// With the time since `start` as its duration.
    void emit_since(event_kind kind, net::time_point start, event what = {}) const;

    void request_sent() override;
    void first_byte() override;

private:
    enum class ending { none, succeeded, failed, cancelled };

    void end(ending how, boost::system::error_code code, int status);

    std::shared_ptr<engine> of_;
    operation operation_;
    std::uint64_t number_;
    ending ended_ = ending::none;
};

} // namespace fluxer::auth::call

#endif
