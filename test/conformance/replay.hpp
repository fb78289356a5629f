#ifndef FLUXER_AUTH_TEST_CONFORMANCE_REPLAY_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_REPLAY_HPP

#include "answer_check.hpp"
#include "clients.hpp"
#include "request_check.hpp"
#include "stage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::conformance {

/// One request that went out and what came back, kept so that it can be compared again.
struct observation
{
    catalogue_row const* row = nullptr; ///< nullptr: sent as it is
    recorded_request request;           ///< the recorded one, or its substitute
    bool is_substitute = false;
    std::string arrived;
    header_list sent_headers;
    std::optional<outcome> typed; ///< with `row`
    std::optional<result<raw_response>> raw;
};

/// How one recording fared.
struct verdict
{
    findings found;
    std::string skipped; ///< why its request can't be replayed; what could be was compared all the same
    std::vector<std::string> notes; ///< how it was replayed
    std::vector<observation> seen;
};

findings compare(observation const& seen, recorded_response const& response);

/// Replays one recording through the library.
verdict replay(recording const& recorded, stage& server, clients& callers);

} // namespace fluxer::auth::conformance

#endif
