#ifndef FLUXER_AUTH_WIRE_DISCOVERY_HPP
#define FLUXER_AUTH_WIRE_DISCOVERY_HPP

#include "wire/answer.hpp"
#include "wire/own_secrets.hpp"

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/instance.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::wire {

/// What an answer to the request for a discovery document is.
struct discovery_answer
{
    enum class kind {
        found,
        elsewhere, ///< no document; there may be one at another place
        refused,   ///< a document that cannot be used, or a server that fails: no reason to look further
    };

    kind what = kind::elsewhere;
    auth::instance instance; ///< when found
    error_info why;          ///< otherwise
};

/// @param hidden what no error may show, if the status is not good
/// @param came_plain the document came over plain HTTP, and may name `http://` addresses: nothing that was protected
///     becomes readable by that
discovery_answer read_discovery(answer const& from, own_secrets const& hidden = {}, bool came_plain = false);

/// Understands the document. On failure nothing, `problem` says what is wrong, and `is_document` whether it is a
/// discovery document at all.
std::optional<instance> decode_instance(
    std::string_view body, std::string& problem, bool& is_document, bool came_plain = false);

} // namespace fluxer::auth::wire

#endif
