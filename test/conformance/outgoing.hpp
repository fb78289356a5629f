#ifndef FLUXER_AUTH_TEST_CONFORMANCE_OUTGOING_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_OUTGOING_HPP

#include "recording.hpp"

#include <fluxer/auth/options.hpp>
#include <fluxer/auth/raw.hpp>

#include <string>
#include <string_view>

namespace fluxer::auth::conformance {

/// Whether the library decides about this header of a request by itself.
bool is_librarys_own(std::string_view name);

/// The recorded headers as options of a typed call: those with an option of their own, and the rest as they are.
call_options options_of(recorded_request const& request);

/// The recorded request as it is.
raw_request raw_of(recorded_request const& request);

/// Why a client of this library can't send the recorded headers; empty: it can.
std::string header_problem(recorded_request const& request);

} // namespace fluxer::auth::conformance

#endif
