#ifndef FLUXER_AUTH_CALL_OUTCOME_HPP
#define FLUXER_AUTH_CALL_OUTCOME_HPP

#include "wire/answer.hpp"
#include "wire/own_secrets.hpp"

#include <fluxer/auth/error.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fluxer::auth::call {

/// What an error would say of a call that was answered, kept as little as possible: nearly all answers are understood.
struct answered_call
{
    auth::operation operation = auth::operation::raw;
    bool repeatable = false;
    bool echoes_secret = false; ///< the answer's request id has one of the request's
    unsigned attempts = 0;
    milliseconds elapsed{0};
    std::shared_ptr<std::string const> remote; ///< none: no connection
};

/// How a call ended: an error, or an answer that is still to be decoded. Non-aggregate on purpose (trap T1).
struct outcome
{
    outcome() = default;

    outcome(auth::error error_) // NOLINT(google-explicit-constructor): an error is an outcome
        : error(std::move(error_))
    {}

    std::optional<auth::error> error;
    wire::answer answer;
    answered_call call;
    std::unique_ptr<wire::own_secrets> hidden; ///< of a raw call, if its status is not good

    /// For an error that is only found when the answer is looked at.
    error_info describe() const;

    /// That it cannot be decoded, and why.
    auth::error unreadable(std::string problem) const;
};

} // namespace fluxer::auth::call

#endif
