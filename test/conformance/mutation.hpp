#ifndef FLUXER_AUTH_TEST_CONFORMANCE_MUTATION_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_MUTATION_HPP

#include "replay.hpp"

namespace fluxer::auth::conformance {

/// Compares what was seen with falsified recordings: each member of the answer and of the request is changed in turn.
///
/// @returns a verdict of failure if each of them was noticed, as it should be; of success, with notes, if not
verdict falsify(recording const& recorded, verdict fared);

} // namespace fluxer::auth::conformance

#endif
