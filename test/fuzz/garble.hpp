#ifndef FLUXER_AUTH_TEST_FUZZ_GARBLE_HPP
#define FLUXER_AUTH_TEST_FUZZ_GARBLE_HPP

#include <boost/json/value.hpp>

#include <random>

namespace fluxer::auth::fuzz {

using random_numbers = std::minstd_rand;

/// Puts something wrong into a document: a value of another type or out of its range, one from elsewhere in it, a member
/// under another name, or one thing less. Bytes that are changed at random seldom leave JSON behind.
void garble(boost::json::value& document, random_numbers& random);

} // namespace fluxer::auth::fuzz

#endif
