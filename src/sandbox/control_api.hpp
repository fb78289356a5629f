#ifndef FLUXER_AUTH_SANDBOX_CONTROL_API_HPP
#define FLUXER_AUTH_SANDBOX_CONTROL_API_HPP

#include "sandbox/exchange.hpp"

namespace fluxer::auth::sandbox_detail {

class engine;

/// Whether a request is for the sandbox itself and not for the API (path below `/_sandbox/`).
bool is_control_request(request const& in);

/// The control API of docs/sandbox.md: what the C++ interface can do, as JSON.
reply answer_control_request(engine& server, request const& in);

} // namespace fluxer::auth::sandbox_detail

#endif
