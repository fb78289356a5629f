#ifndef FLUXER_AUTH_TEST_UNIT_FLOWS_ALTCHA_SUPPORT_HPP
#define FLUXER_AUTH_TEST_UNIT_FLOWS_ALTCHA_SUPPORT_HPP

#include <fluxer/auth/options.hpp>

#include <boost/json/object.hpp>

#include <string>

namespace fluxer::auth::test {

/// SHA-256 in lower-case hexadecimal digits.
std::string hash_of(std::string const& text);

/// What the server finds in a proof.
boost::json::object content_of(captcha_proof const& proof);

} // namespace fluxer::auth::test

#endif
