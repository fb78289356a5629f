#ifndef FLUXER_AUTH_TEST_CONFORMANCE_ANSWER_CHECK_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_ANSWER_CHECK_HPP

#include "catalogue.hpp"
#include "findings.hpp"
#include "typed_call.hpp"

#include <fluxer/auth/raw.hpp>

namespace fluxer::auth::conformance {

/// Compares what a typed operation returned with the recorded answer, read here without the library's help.
findings check_outcome(catalogue_row const& row, recorded_response const& expected, outcome const& actual);

/// Compares the error of an operation (contract 6, 10).
findings check_error(auth::operation operation, recorded_response const& expected, error const& actual);

/// What the library's own validation says about a request must agree with what the server said (contract 6.1).
findings check_refusal(recorded_response const& expected, error const& actual);

/// @param sent the headers that were really sent
findings check_raw(recorded_response const& expected, header_list const& sent, raw_response const& actual);

} // namespace fluxer::auth::conformance

#endif
