#include "core/proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <string>

using namespace fluxer::auth;
using core::bypasses_proxy;
using core::parse_proxy;

namespace {

std::string parsed_proxy(std::string_view url)
{
    std::string problem;
    auto const found = parse_proxy(url, problem);
    BOOST_TEST(found.has_value() == problem.empty(), url);
    return found ? found->host + " " + std::to_string(found->port) : "!" + problem;
}

bool refused(std::string_view url, std::string_view word)
{
    auto const text = parsed_proxy(url);
    return text.starts_with('!') && text.find(word) != std::string::npos;
}

std::map<std::string, std::string>& environment()
{
    static std::map<std::string, std::string> all;
    return all;
}

proxy_options from(std::map<std::string, std::string> variables)
{
    environment() = std::move(variables);
    return core::proxy_from([](char const* name) { return environment()[name]; });
}

std::string password_of(proxy_options const& options)
{
    return std::string(options.password.reveal());
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_AUTO_TEST_CASE(urls_are_read)
{
    BOOST_TEST(parsed_proxy("http://proxy.example:3128") == "proxy.example 3128");
    BOOST_TEST(parsed_proxy("http://proxy.example:3128/") == "proxy.example 3128");
    BOOST_TEST(parsed_proxy("proxy.example:3128") == "proxy.example 3128");
    BOOST_TEST(parsed_proxy("HTTP://proxy.example:3128") == "proxy.example 3128");
    BOOST_TEST(parsed_proxy("http://10.0.0.1:1") == "10.0.0.1 1");
    BOOST_TEST(parsed_proxy("http://[2001:db8::1]:65535") == "2001:db8::1 65535");
    BOOST_TEST(parsed_proxy("[::1]:80") == "::1 80");
}

BOOST_AUTO_TEST_CASE(what_is_no_proxy_is_refused)
{
    BOOST_TEST(refused("https://proxy.example:3128", "http://"));
    BOOST_TEST(refused("socks5://proxy.example:1080", "http://"));
    BOOST_TEST(refused("http://ada:lovelace@proxy.example:3128", "proxy.username"));
    BOOST_TEST(refused("http://ada@proxy.example:3128", "proxy.username"));
    for (auto const* url :
         {"http://proxy.example", "http://proxy.example:", "http://proxy.example:0", "http://:3128",
          "proxy.example", "http://proxy.example:65536", "http://proxy.example:99999",
          "http://proxy.example:4294967297"})
        BOOST_TEST(refused(url, "port"), url);
    for (auto const* url :
         {"http://proxy.example:1/x", "http://proxy.example:1?x", "http://proxy.example:1#x"})
        BOOST_TEST(refused(url, "path"), url);
    for (auto const* url :
         {"http://proxy example:1", "http://proxy.example:1x", "http://[::1:80", "", "\n",
          "http://proxy.example:1\r\nX: y"})
        BOOST_TEST(parsed_proxy(url).starts_with('!'), url);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_show_credentials)
{
    BOOST_TEST(parsed_proxy("http://ada:lovelace@proxy.example:3128").find("lovelace") == std::string::npos);
    BOOST_TEST(parsed_proxy("http://ada:lovelace@proxy example").find("lovelace") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_and_domains_lead_past_the_proxy)
{
    auto const past = [](std::string_view list) { return bypasses_proxy(list, "API.example.test", 443); };
    for (auto const* list :
         {"*", "api.example.test", "API.EXAMPLE.TEST", "example.test", ".example.test", "test", ".test",
          "a.b,example.test", "a.b example.test", "a.b\texample.test", ",, ,example.test,",
          "api.example.test:443", "example.test:443", ".example.test:443"})
        BOOST_TEST(past(list), list);
    for (auto const* list :
         {"", ",", " ", ".", "..", "xample.test", "pi.example.test", "x.api.example.test", "example",
          "api.example.test:80", "example.test:4430", "api.example.testing", ":443", "[", "[]", "]",
          "https://api.example.test"})
        BOOST_TEST(!past(list), list);
}

BOOST_AUTO_TEST_CASE(addresses_lead_past_the_proxy)
{
    BOOST_TEST(bypasses_proxy("10.0.0.1", "10.0.0.1", 443));
    BOOST_TEST(bypasses_proxy("10.0.0.1:443", "10.0.0.1", 443));
    BOOST_TEST(!bypasses_proxy("10.0.0.1:444", "10.0.0.1", 443));
    BOOST_TEST(!bypasses_proxy("0.0.1", "10.0.0.1", 443));
    BOOST_TEST(!bypasses_proxy("1", "10.0.0.1", 443));
    BOOST_TEST(bypasses_proxy("2001:db8::1", "2001:db8::1", 443));
    BOOST_TEST(bypasses_proxy("2001:DB8::1", "2001:db8::1", 443));
    BOOST_TEST(bypasses_proxy("[2001:db8::1]", "2001:db8::1", 443));
    BOOST_TEST(bypasses_proxy("[2001:db8::1]:443", "2001:db8::1", 443));
    BOOST_TEST(!bypasses_proxy("[2001:db8::1]:80", "2001:db8::1", 443));
    BOOST_TEST(!bypasses_proxy("2001:db8::2", "2001:db8::1", 443));
    BOOST_TEST(!bypasses_proxy("[2001:db8::1", "2001:db8::1", 443));
}

BOOST_AUTO_TEST_CASE(variables_go_in_their_order)
{
    BOOST_TEST(from({}).url.empty());
    BOOST_TEST(from({{"http_proxy", "http://plain:1"}}).url.empty());
    std::map<std::string, std::string> all;
    for (auto const* name : {"ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"}) {
        all[name] = std::string("http://") + name + ":1";
        BOOST_TEST(from(all).url == all[name]);
    }
    all["https_proxy"] = "";
    BOOST_TEST(from(all).url == "http://HTTPS_PROXY:1");
    BOOST_TEST(from({{"NO_PROXY", "a"}}).no_proxy == "a");
    BOOST_TEST(from({{"NO_PROXY", "a"}, {"no_proxy", "b"}}).no_proxy == "b");
}

BOOST_AUTO_TEST_CASE(variables_may_hold_credentials)
{
    auto const both = from({{"https_proxy", "http://ada:love%20l%40ce@proxy.example:3128"}});
    BOOST_TEST(both.url == "http://proxy.example:3128");
    BOOST_TEST(both.username == "ada");
    BOOST_TEST(password_of(both) == "love l@ce");
    auto const name_only = from({{"https_proxy", "http://ada@proxy.example:3128"}});
    BOOST_TEST(name_only.url == "http://proxy.example:3128");
    BOOST_TEST(name_only.username == "ada");
    BOOST_TEST(name_only.password.empty());
    auto const odd = from({{"https_proxy", "ada:%zz%4%@x:b@proxy.example:1"}});
    BOOST_TEST(odd.url == "proxy.example:1");
    BOOST_TEST(odd.username == "ada");
    BOOST_TEST(password_of(odd) == "%zz%4%@x:b");
    auto const with_slash = from({{"https_proxy", "http://proxy.example:1/"}});
    BOOST_TEST(with_slash.url == "http://proxy.example:1/");
    BOOST_TEST(with_slash.username.empty());
    auto const empty = from({{"https_proxy", "http://@proxy.example:1"}});
    BOOST_TEST(
        parsed_proxy(empty.url) ==
        "!holds a user or password; they belong into proxy.username and proxy.password");
}

BOOST_AUTO_TEST_CASE(the_environment_is_read_when_asked)
{
    ::setenv("https_proxy", "http://ada:love@proxy.example:3128", 1); // NOLINT(concurrency-mt-unsafe)
    ::setenv("no_proxy", "localhost", 1);                             // NOLINT(concurrency-mt-unsafe)
    auto const options = proxy_options::from_environment();
    ::unsetenv("https_proxy"); // NOLINT(concurrency-mt-unsafe)
    ::unsetenv("no_proxy");    // NOLINT(concurrency-mt-unsafe)
    BOOST_TEST(options.url == "http://proxy.example:3128");
    BOOST_TEST(options.username == "ada");
    BOOST_TEST(password_of(options) == "love");
    BOOST_TEST(options.no_proxy == "localhost");
}

BOOST_AUTO_TEST_SUITE_END()
