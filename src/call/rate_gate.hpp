#ifndef FLUXER_AUTH_CALL_RATE_GATE_HPP
#define FLUXER_AUTH_CALL_RATE_GATE_HPP

#include "call/rate_permit.hpp"
#include "wire/codec.hpp"

#include <fluxer/auth/options.hpp>
#include <fluxer/auth/snowflake.hpp>

#include <memory>
#include <string>

namespace fluxer::auth::call {

/// What a client has to do with its rate governor: names the limits of a request (contract 4, 10), and passes on what
/// answers say.
class rate_gate
{
public:
    explicit rate_gate(client_options const& options);

    rate_mode mode(call_options const& options) const noexcept { return options.rate_mode.value_or(mode_); }

    /// For each request to be sent.
    rate_permit permit_for(wire::request const& request, call_options const& options) const;

    /// @param permit the request's own
    /// @param refusal what the answer says, unless it is a success
    /// @param age since the request was sent
    void learn(
        rate_permit& permit, wire::request const& request, call_options const& options,
        wire::answer const& answer, error_info const* refusal, milliseconds age) const;

    /// A session that an answer brought.
    ///
    /// @param learned whether learn() was told of that answer
    void introduce(operation by, bool learned, session const& made) const;

    /// One from elsewhere.
    void introduce(session const& kept) const;

private:
    rate_request describe(wire::request const& request, call_options const& options) const;

    rate_mode mode_;
    std::shared_ptr<rate_governor> governor_;
    std::string address_; ///< that the client's headers state
};

} // namespace fluxer::auth::call

#endif
