#define BOOST_TEST_MODULE unit_flows
#include <boost/test/unit_test.hpp>
