#ifndef FLUXER_AUTH_TEST_CONFORMANCE_REQUEST_CHECK_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_REQUEST_CHECK_HPP

#include "findings.hpp"
#include "recording.hpp"

#include <string_view>

namespace fluxer::auth::conformance {

enum class body_comparison {
    as_json, ///< the typed operations write the body: its meaning counts
    as_bytes
};

/// Compares a request that has arrived with the recorded one.
findings check_request(recorded_request const& expected, std::string_view arrived, body_comparison how);

} // namespace fluxer::auth::conformance

#endif
