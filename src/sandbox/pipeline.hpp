#ifndef FLUXER_AUTH_SANDBOX_PIPELINE_HPP
#define FLUXER_AUTH_SANDBOX_PIPELINE_HPP

#include "sandbox/call.hpp"

namespace fluxer::auth::sandbox_detail {

/// Answers one request to the API: everything that operations have in common, in the order of contract
/// section 4, then the operation's handler.
reply answer_request(state& server, request const& in, time_point now);

} // namespace fluxer::auth::sandbox_detail

#endif
