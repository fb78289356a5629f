#ifndef FLUXER_AUTH_TEST_FAULTS_ANSWERS_HPP
#define FLUXER_AUTH_TEST_FAULTS_ANSWERS_HPP

#include "conformance/typed_call.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace fluxer::auth::faults {

/// An operation's result in the words of the API.
boost::json::value json_of(conformance::answer const& from);

/// The enumerator's own name: "connection_lost".
std::string_view name_of(errc value);
/// 0: there is no such code.
errc errc_named(std::string_view name);

std::string_view name_of(retry_advice value);

} // namespace fluxer::auth::faults

#endif
