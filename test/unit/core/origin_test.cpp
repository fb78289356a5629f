#include "core/origin.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using fluxer::auth::core::is_host_name;
using fluxer::auth::core::origin;
using fluxer::auth::core::parse_origin;

namespace {

origin parsed(std::string_view base_url)
{
    std::string problem;
    auto const result = parse_origin(base_url, problem);
    BOOST_REQUIRE_MESSAGE(result, base_url << " " << problem);
    BOOST_TEST(problem.empty());
    return *result;
}

std::string problem_of(std::string_view base_url)
{
    std::string problem;
    BOOST_TEST(!parse_origin(base_url, problem), base_url);
    BOOST_TEST(!problem.empty());
    return problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(origins)

BOOST_AUTO_TEST_CASE(official_instance)
{
    auto const o = parsed("https://api.fluxer.app/v1");
    BOOST_TEST(o.scheme == "https");
    BOOST_TEST(o.host == "api.fluxer.app");
    BOOST_TEST(o.port == 443);
    BOOST_TEST(!o.is_address);
    BOOST_TEST(o.host_header == "api.fluxer.app");
    BOOST_TEST(o.path_prefix == "/v1");
}

BOOST_AUTO_TEST_CASE(case_port_and_trailing_slash)
{
    auto const o = parsed("HTTPS://LocalHost:8443/api/v1/");
    BOOST_TEST(o.scheme == "https");
    BOOST_TEST(o.host == "localhost");
    BOOST_TEST(o.port == 8443);
    BOOST_TEST(o.host_header == "localhost:8443");
    BOOST_TEST(o.path_prefix == "/api/v1");
    BOOST_TEST(parsed("https://a.example/").path_prefix == "");
    BOOST_TEST(parsed("https://a.example").path_prefix == "");
    BOOST_TEST(parsed("https://a.example:443").host_header == "a.example");
    BOOST_TEST(parsed("https://a.example:/x").port == 443);
    BOOST_TEST(parsed("https://a.example:65535").port == 65535);
    BOOST_TEST(parsed("https://xn--bcher-kva.example").host == "xn--bcher-kva.example");
}

BOOST_AUTO_TEST_CASE(addresses)
{
    auto const v4 = parsed("https://127.0.0.1:8443");
    BOOST_TEST(v4.host == "127.0.0.1");
    BOOST_TEST(v4.is_address);
    BOOST_TEST(v4.host_header == "127.0.0.1:8443");
    auto const v6 = parsed("https://[::1]:8443/v1");
    BOOST_TEST(v6.host == "::1");
    BOOST_TEST(v6.is_address);
    BOOST_TEST(v6.host_header == "[::1]:8443");
    BOOST_TEST(parsed("https://[2001:DB8::1]").host_header == "[2001:db8::1]");
}

BOOST_AUTO_TEST_CASE(other_schemes_are_refused)
{
    BOOST_TEST(problem_of("http://a.example") == "begins with http://; only https:// is supported");
    BOOST_TEST(problem_of("ftp://a.example") == "does not begin with https://");
    BOOST_TEST(problem_of("a.example/v1") == "does not begin with https://");
    BOOST_TEST(problem_of("") == "is empty; it must be https://host[:port][/path]");
    BOOST_TEST(problem_of("https:/v1") == "has no host; it must be https://host[:port][/path]");
}

BOOST_AUTO_TEST_CASE(parts_that_a_base_url_must_not_have)
{
    auto const problem = problem_of("https://me:hunter2@a.example");
    BOOST_TEST(problem == "has a user name or password; it must not");
    BOOST_TEST(problem_of("https://a.example/?q=1") == "has a query; it must not");
    BOOST_TEST(problem_of("https://a.example/#f") == "has a fragment; it must not");
    for (auto const* path : {"//", "/v1//", "/a//b", "/./a", "/a/..", "/a/../b"})
        BOOST_TEST(
            problem_of(std::string("https://a.example") + path) ==
            "has a path with an empty, '.' or '..' segment");
}

BOOST_AUTO_TEST_CASE(hosts_that_are_refused)
{
    BOOST_TEST(problem_of("https://") == "has an empty host");
    BOOST_TEST(problem_of("https://:8443") == "has an empty host");
    for (auto const* host : {"a..b", ".a", "a.", "-a", "a-", "256.1.1.1", "127.1", "a%41", "a!b"})
        BOOST_TEST(
            problem_of(std::string("https://") + host) ==
            "has a host that is not a valid name or IP address");
    problem_of("https://[::1");
    problem_of("https://[v1.x]");
    problem_of("https://a b");
    problem_of("https://a\r\nHost: b");
    problem_of("https://" + std::string(64, 'a'));
    problem_of("https://a.example/" + std::string(3000, 'a'));
}

BOOST_AUTO_TEST_CASE(ports_out_of_range_are_refused)
{
    for (auto const* port : {"0", "65536", "99999999999999999999"})
        BOOST_TEST(
            problem_of(std::string("https://a.example:") + port) ==
            "has a port that is out of its range; it must be 1-65535");
    for (auto const* host : {"a.example:http", "a.example:-1", "a.example:80x", "[::1]x", "1.2.3.4x"})
        BOOST_TEST(problem_of(std::string("https://") + host) == "has a host or port that is not valid");
}

BOOST_AUTO_TEST_CASE(host_names)
{
    BOOST_TEST(is_host_name("localhost"));
    BOOST_TEST(is_host_name("a_b.example"));
    BOOST_TEST(is_host_name("3com.com"));
    BOOST_TEST(is_host_name(std::string(63, 'a') + ".example"));
    BOOST_TEST(!is_host_name(""));
    BOOST_TEST(!is_host_name("1.2.3.4"));
    BOOST_TEST(!is_host_name("a/b"));
    std::string long_name = "a";
    while (long_name.size() <= 253)
        long_name += ".a";
    BOOST_TEST(!is_host_name(long_name));
}

BOOST_AUTO_TEST_CASE(plain_http_is_taken_where_it_is_allowed)
{
    using fluxer::auth::core::allowed_if;
    using fluxer::auth::core::plain_http;
    std::string problem;
    auto const plain = parse_origin("HTTP://A.example/api/", problem, plain_http::allowed);
    BOOST_REQUIRE_MESSAGE(plain.has_value(), problem);
    BOOST_TEST(plain->is_plain());
    BOOST_TEST(plain->scheme == "http");
    BOOST_TEST(plain->port == 80);
    BOOST_TEST(plain->host_header == "a.example");
    BOOST_TEST(plain->path_prefix == "/api");
    BOOST_TEST(to_string(*plain) == "http://a.example");
    auto const elsewhere = parse_origin("http://[::1]:443", problem, plain_http::allowed);
    BOOST_REQUIRE(elsewhere.has_value());
    BOOST_TEST(to_string(*elsewhere) == "http://[::1]:443");
    auto const https = parse_origin("https://a.example:80", problem, plain_http::allowed);
    BOOST_REQUIRE(https.has_value());
    BOOST_TEST(!https->is_plain());
    BOOST_TEST(to_string(*https) == "https://a.example:80");
    BOOST_TEST(!parse_origin("http://me:hunter2@a.example", problem, plain_http::allowed));
    BOOST_TEST(!parse_origin("ws://a.example", problem, plain_http::allowed));
    BOOST_TEST(problem == "does not begin with https://");

    BOOST_TEST((allowed_if(true) == plain_http::allowed));
    BOOST_TEST(!parse_origin("http://a.example", problem, allowed_if(false)));
    BOOST_TEST(problem.find("the option allow_plain_http") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
