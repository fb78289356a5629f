#include "net/tunnel.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace fluxer::auth;

namespace {

std::string request_for(
    std::string host, unsigned short port, std::string user = {}, std::string password = {})
{
    proxy_options options("http://proxy.example:3128");
    options.username = std::move(user);
    options.password = secret(std::move(password));
    core::origin origin;
    origin.host = std::move(host);
    origin.port = port;
    return std::string(net::connect_request(options, origin).view());
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_request)

BOOST_AUTO_TEST_CASE(fault_099_names_the_origin)
{
    BOOST_TEST(
        request_for("api.example.test", 443) ==
        "CONNECT api.example.test:443 HTTP/1.1\r\nHost: api.example.test:443\r\n\r\n");
    BOOST_TEST(
        request_for("10.0.0.1", 8443) == "CONNECT 10.0.0.1:8443 HTTP/1.1\r\nHost: 10.0.0.1:8443\r\n\r\n");
    BOOST_TEST(
        request_for("2001:db8::1", 1) == "CONNECT [2001:db8::1]:1 HTTP/1.1\r\nHost: [2001:db8::1]:1\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(fault_099_credentials_are_basic)
{
    auto const head = std::string("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nProxy-Authorization: Basic ");
    BOOST_TEST(
        request_for("a", 1, "Aladdin", "open sesame") == head + "QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
    BOOST_TEST(request_for("a", 1, "u") == head + "dTo=\r\n\r\n");
    BOOST_TEST(request_for("a", 1, "u", "a:b\r\nX: y") == head + "dTphOmINClg6IHk=\r\n\r\n");
    // No user, no credentials: a password alone was refused before.
    BOOST_TEST(request_for("a", 1, "", "p").find("Basic") == std::string::npos);
    // However long they are, it is one line.
    BOOST_TEST(request_for("a", 1, "u", std::string(10'000, 'x')).find("\r\n\r\n") > 13'000U);
}

BOOST_AUTO_TEST_SUITE_END()
