#define BOOST_TEST_MODULE threads
#include <boost/test/unit_test.hpp>

#include "limits/support.hpp"

namespace {

/// What a whole run leaves behind.
using fluxer::auth::test::descriptor_baseline;
BOOST_TEST_GLOBAL_FIXTURE(descriptor_baseline);

} // namespace
