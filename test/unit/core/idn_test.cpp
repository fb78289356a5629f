#include "core/ascii_url.hpp"
#include "core/discovery.hpp"
#include "core/idn.hpp"
#include "core/options_check.hpp"
#include "core/origin.hpp"

#include <fluxer/auth/rate.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <clocale>
#include <ostream>
#include <string>
#include <string_view>

namespace core = fluxer::auth::core;
namespace utf = boost::unit_test;

namespace {

struct host_pair
{
    char const* typed;
    char const* ascii;

    friend std::ostream& operator<<(std::ostream& out, host_pair const& each) { return out << each.ascii; }
};

constexpr std::array<host_pair, 9> converted_hosts{{
    {"b\u00FCcher.example", "xn--bcher-kva.example"},
    {"B\u00DCCHER.Example", "xn--bcher-kva.example"},
    {"bu\u0308cher.example", "xn--bcher-kva.example"},
    {"fa\u00DF.de", "xn--fa-hia.de"},
    {"\u65E5\u672C\u8A9E", "xn--wgv71a119e"},
    {"\u65E5\u672C\u8A9E\u3002\uFF45\uFF58\uFF41\uFF4D\uFF50\uFF4C\uFF45", "xn--wgv71a119e.example"},
    {"b\u00FCcher\uFF0Eexample", "xn--bcher-kva.example"},
    {"b\u00FCcher\uFF61example", "xn--bcher-kva.example"},
    {"b\u00FCcher.xn--bcher-kva.example", "xn--bcher-kva.xn--bcher-kva.example"},
}};

/// What is wrong with the URL, or nothing.
std::string problem_with(std::string_view url)
{
    std::string problem;
    auto const found = core::parse_origin(url, problem);
    BOOST_TEST(found.has_value() == problem.empty());
    return problem;
}

bool is_refused(std::string_view host, std::string_view why)
{
    auto const problem = problem_with("https://" + std::string(host));
    BOOST_TEST_INFO(problem);
    return problem.find(why) != std::string::npos;
}

std::string repeated(std::string_view text, int times)
{
    std::string all;
    for (int index = 0; index < times; ++index)
        all += text;
    return all;
}

boost::test_tools::assertion_result with_idn(utf::test_unit_id)
{
    return core::converts_host_names();
}

boost::test_tools::assertion_result without_idn(utf::test_unit_id)
{
    return !core::converts_host_names();
}

} // namespace

BOOST_AUTO_TEST_SUITE(international_host_names)

BOOST_AUTO_TEST_SUITE(converted, *utf::precondition(with_idn))

BOOST_DATA_TEST_CASE(in_every_part_of_an_origin, converted_hosts, host)
{
    std::string problem;
    auto const found = core::parse_origin("https://" + std::string(host.typed) + ":8443/v1", problem);
    BOOST_REQUIRE_MESSAGE(found.has_value(), problem);
    BOOST_TEST(found->host == host.ascii);
    BOOST_TEST(found->host_header == std::string(host.ascii) + ":8443");
    BOOST_TEST(found->port == 8443);
    BOOST_TEST(found->path_prefix == "/v1");
    BOOST_TEST(!found->is_address);
}

BOOST_AUTO_TEST_CASE(whatever_the_locale)
{
    for (auto const* locale : {"C", "C.UTF-8"}) {
        BOOST_REQUIRE(std::setlocale(LC_ALL, locale) != nullptr);
        BOOST_TEST(problem_with("https://b\u00FCcher.example").empty());
    }
    std::setlocale(LC_ALL, "C");
}

BOOST_AUTO_TEST_CASE(for_discovery)
{
    std::string problem;
    auto const found = core::find_discovery_places(" b\u00FCcher.example:8443/api", problem);
    BOOST_REQUIRE_MESSAGE(found.has_value(), problem);
    BOOST_TEST(found->base_url == "https://xn--bcher-kva.example:8443");
    BOOST_TEST(
        core::versioned_api_base("https://b\u00FCcher.example/api", problem).value_or("") ==
        "https://xn--bcher-kva.example/api/v1");
    BOOST_TEST(
        core::origin_of("https://b\u00FCcher.example", problem).value_or("") ==
        "https://xn--bcher-kva.example");
}

BOOST_AUTO_TEST_CASE(for_the_shared_governor)
{
    BOOST_TEST(
        fluxer::auth::shared_rate_governor("https://b\u00FCcher.example/v1") ==
        fluxer::auth::shared_rate_governor("https://XN--bcher-kva.example/v1"));
}

BOOST_AUTO_TEST_CASE(not_what_is_no_host_name)
{
    constexpr auto unfit = "cannot be converted: ";
    BOOST_TEST(is_refused("a\u202Eb.example", unfit));
    BOOST_TEST(is_refused("-\u00FC.example", unfit));
    BOOST_TEST(is_refused("\u0301a.example", unfit));
    BOOST_TEST(is_refused("[\u00FC]", unfit));
    BOOST_TEST(is_refused("\u00FC%41.example", unfit));
    BOOST_TEST(is_refused(repeated("\u00FC", 60), unfit));
    BOOST_TEST(is_refused(repeated("\u00FC.", 60) + "example", unfit));
    BOOST_TEST(is_refused(
        "b\u00FCcher.xn--zzzzzzzz999", "cannot be converted: string contains invalid punycode data"));
}

BOOST_AUTO_TEST_CASE(not_what_becomes_something_else)
{
    constexpr auto invalid = "has a host that is not a valid name or IP address";
    BOOST_TEST(is_refused("a\uFF0Fb.example", invalid));         // a slash
    BOOST_TEST(is_refused("a\uFF20b.example", invalid));         // an at sign
    BOOST_TEST(is_refused("a\uFF1A80", invalid));                // a colon
    BOOST_TEST(is_refused("a\uFF1Fb.example", invalid));         // a question mark
    BOOST_TEST(is_refused("\uFF11\uFF12\uFF17.0.0.1", invalid)); // an address
    BOOST_TEST(is_refused("\u00FC..example", invalid));
    BOOST_TEST(is_refused("\u00FC.example.", invalid));
}

BOOST_AUTO_TEST_CASE(with_a_reason_that_completes_the_option)
{
    auto const found = core::check(fluxer::auth::client_options("https://a\u202Eb.example"));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->code == fluxer::auth::errc::invalid_option));
    BOOST_TEST(
        found->message == "base_url has an international host name that cannot be converted: string contains "
                          "a disallowed character");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(refused_without_libidn2, *utf::precondition(without_idn))
{
    BOOST_TEST(is_refused("b\u00FCcher.example", "write an international host name in its xn-- form"));
}

BOOST_AUTO_TEST_CASE(ascii_stays_as_it_is)
{
    std::string problem;
    for (std::string const url :
         {"https://Me:Pw@A_b.Example:8443/V1?x#y", "https://xn--zzzzzzzz999.example", "https://ab--c.example",
          "https://[::1]:8443", "", "://"})
        BOOST_TEST(core::with_ascii_host(url, problem).value_or("refused: " + problem) == url);
    BOOST_TEST(core::parse_origin("https://xn--zzzzzzzz999.example", problem).has_value());
}

BOOST_AUTO_TEST_CASE(nowhere_but_in_the_host)
{
    constexpr auto beside = "has a character that is not ASCII beside its host name";
    BOOST_TEST(problem_with("https://a.example/\u00FC") == beside);
    BOOST_TEST(problem_with("https://a.example?\u00FC") == beside);
    BOOST_TEST(problem_with("https://a.example:\u00FC") == beside);
    BOOST_TEST(problem_with("https://hunter2\u00FC@a.example") == beside);
    BOOST_TEST(problem_with("https\u00FC://a.example") == beside);
    BOOST_TEST(problem_with("b\u00FCcher.example") == "does not begin with https://");
}

BOOST_AUTO_TEST_CASE(only_in_utf8)
{
    for (auto const* host :
         {"b\xFC"
          "cher.example",
          "\xC3.example", "\xED\xA0\x80.example", "\xC0\xAF.example"})
        BOOST_TEST(is_refused(host, "is not UTF-8"));
}

BOOST_AUTO_TEST_SUITE_END()
