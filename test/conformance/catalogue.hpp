#ifndef FLUXER_AUTH_TEST_CONFORMANCE_CATALOGUE_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_CATALOGUE_HPP

#include "recording.hpp"

#include <fluxer/auth/operation.hpp>

#include <span>
#include <string_view>

namespace fluxer::auth::conformance {

/// What stands in an answer with a status of success (contract 5).
enum class answer_family {
    nothing,
    sso_status,
    sso_start,
    sso_completion,
    session,
    login,
    sessions,
    ip_poll,
    webauthn_options,
    suggestions,
    handoff,
    handoff_status,
};

/// One operation as the contract's sections 4 and 5 have it.
struct catalogue_row
{
    auth::operation operation;
    std::string_view method;
    std::string_view path; ///< `{}`: the code or ticket
    bool has_session = false;
    bool has_body = false;
    answer_family family = answer_family::nothing;
    std::string_view parameter = {}; ///< of a request that is good as far as the client can tell
    std::string_view body = {};      ///< the same
};

std::span<catalogue_row const> catalogue() noexcept;

/// nullptr: none of the 28 has that id.
catalogue_row const* find_operation(std::string_view id) noexcept;

/// The operation that a request belongs to by method and path; nullptr: none.
catalogue_row const* find_operation(recorded_request const& request);

/// The parameter in a target, decoded; nothing if the target is not the operation's. Empty for paths without one.
std::optional<std::string> parameter_of(catalogue_row const& row, std::string_view target);

/// A good request of the operation, in place of one that its types can't express.
recorded_request substitute_of(catalogue_row const& row);

/// What stands in front of the paths of contract section 4 in a recorded path: "/v1", or nothing.
std::string_view prefix_of(std::string_view path) noexcept;

} // namespace fluxer::auth::conformance

#endif
