#ifndef FLUXER_AUTH_CALL_OUTCOME_HPP
#define FLUXER_AUTH_CALL_OUTCOME_HPP

#include "wire/answer.hpp"

#include <fluxer/auth/error.hpp>

#include <memory>
#include <optional>

namespace fluxer::auth::call {

/// How a call ended: an error, or an answer that is still to be decoded. Non-aggregate on purpose (trap T1).
struct outcome
{
    outcome() = default;

    outcome(auth::error error_) // NOLINT(google-explicit-constructor): an error is an outcome
        : error(std::move(error_))
    {}

    std::optional<auth::error> error;
    wire::answer answer;
    /// What an error would say that is only found when the answer is decoded.
    std::shared_ptr<error_info> context;
};

} // namespace fluxer::auth::call

#endif
