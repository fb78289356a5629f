#ifndef FLUXER_AUTH_TEST_LIMITS_CANCELLATION_BITS_HPP
#define FLUXER_AUTH_TEST_LIMITS_CANCELLATION_BITS_HPP

#include <boost/asio/cancellation_type.hpp>
#include <boost/test/data/monomorphic.hpp>

namespace fluxer::auth::test {

/// The three cancellation types as numbers, since the names of data cases are made of printable values.
inline auto const cancellation_bits = boost::unit_test::data::make({1, 2, 4});

inline boost::asio::cancellation_type type_of(int bits)
{
    return static_cast<boost::asio::cancellation_type>(bits);
}

} // namespace fluxer::auth::test

#endif
