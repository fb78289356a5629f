#define BOOST_TEST_MODULE sandbox
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace {

/// OpenSSL's sockets write without MSG_NOSIGNAL, also to connections that the sandbox has reset.
struct without_sigpipe
{
    without_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(without_sigpipe);
