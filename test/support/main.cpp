#define BOOST_TEST_MODULE fluxer_auth
#include "support/descriptors.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fluxer::auth::test::descriptor_check;

BOOST_TEST_GLOBAL_FIXTURE(descriptor_check);

} // namespace
