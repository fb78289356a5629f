#ifndef FLUXER_AUTH_TEST_FAULTS_VALUES_HPP
#define FLUXER_AUTH_TEST_FAULTS_VALUES_HPP

#include "item.hpp"

#include <string>

namespace fluxer::auth::faults {

/// The bytes that a value stands for: a string, a list of values one behind the other, or an object that makes them.
std::string bytes_of(item const& from);

/// The bytes of an answer of HTTP: what {"response": ...} and the step "respond" take.
std::string response_of(item const& from);

} // namespace fluxer::auth::faults

#endif
