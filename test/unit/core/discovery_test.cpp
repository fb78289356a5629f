#include "core/discovery.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace core = fluxer::auth::core;

namespace {

/// "base: target target …", or "problem: …".
std::string places(std::string_view typed)
{
    std::string problem;
    auto const found = core::find_discovery_places(typed, problem);
    if (!found)
        return "problem: " + problem;
    auto text = found->base_url + ":";
    for (auto const& target : found->targets)
        text += " " + target;
    return text;
}

std::string api_base(std::string_view url)
{
    std::string problem;
    return core::versioned_api_base(url, problem).value_or("problem: " + problem);
}

bool complains(std::string_view typed, std::string_view of)
{
    auto const text = places(typed);
    return text.starts_with("problem: ") && text.find(of) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(discovery)

BOOST_AUTO_TEST_CASE(a_host_is_asked_at_its_root_and_below_api)
{
    auto const both = std::string(": /.well-known/fluxer /api/.well-known/fluxer");
    BOOST_TEST(places("fluxer.example") == "https://fluxer.example" + both);
    BOOST_TEST(places("  Fluxer.Example\r\n") == "https://fluxer.example" + both);
    BOOST_TEST(places("fluxer.example:8443") == "https://fluxer.example:8443" + both);
    BOOST_TEST(places("fluxer.example:443") == "https://fluxer.example" + both);
    BOOST_TEST(places("https://fluxer.example") == "https://fluxer.example" + both);
    BOOST_TEST(places("https://fluxer.example/") == "https://fluxer.example" + both);
    BOOST_TEST(places("https://fluxer.example/.well-known/fluxer") == "https://fluxer.example" + both);
    BOOST_TEST(places("xn--bcher-kva.example") == "https://xn--bcher-kva.example" + both);
    BOOST_TEST(places("192.0.2.7") == "https://192.0.2.7" + both);
    BOOST_TEST(places("[2001:db8::1]:8443") == "https://[2001:db8::1]:8443" + both);
    BOOST_TEST(places("localhost") == "https://localhost" + both);
}

BOOST_AUTO_TEST_CASE(a_path_is_asked_first)
{
    BOOST_TEST(
        places("fluxer.example/api") ==
        "https://fluxer.example: /api/.well-known/fluxer /.well-known/fluxer");
    BOOST_TEST(
        places("https://fluxer.example/chat/api/v1/") ==
        "https://fluxer.example: /chat/api/v1/.well-known/fluxer /chat/api/.well-known/fluxer "
        "/.well-known/fluxer");
    BOOST_TEST(
        places("https://fluxer.example/v1") ==
        "https://fluxer.example: /v1/.well-known/fluxer /.well-known/fluxer");
    BOOST_TEST(
        places("https://fluxer.example/api/.well-known/fluxer") ==
        "https://fluxer.example: /api/.well-known/fluxer /.well-known/fluxer");
}

BOOST_AUTO_TEST_CASE(what_is_no_https_host_is_refused)
{
    BOOST_TEST(complains("", "is empty"));
    BOOST_TEST(complains(" \t", "is empty"));
    BOOST_TEST(complains("http://fluxer.example", "only https:// is supported"));
    BOOST_TEST(complains("ftp://fluxer.example", "does not begin with https://"));
    BOOST_TEST(complains("me:pw@fluxer.example", "user name or password"));
    BOOST_TEST(complains("fluxer.example?x=1", "query"));
    BOOST_TEST(complains("fluxer.example#x", "fragment"));
    BOOST_TEST(complains("fluxer example", "blank"));
    BOOST_TEST(complains("fluxer.example:0", "port"));
    BOOST_TEST(complains("fluxer.example:99999", "port"));
    BOOST_TEST(complains("fluxer.example/../x", "segment"));
    BOOST_TEST(complains("-bad-.example", "host"));
    BOOST_TEST(complains(std::string(3000, 'a'), "longer"));
}

BOOST_AUTO_TEST_CASE(the_version_is_added_once)
{
    BOOST_TEST(api_base("https://api.example") == "https://api.example/v1");
    BOOST_TEST(api_base("https://api.example/") == "https://api.example/v1");
    BOOST_TEST(api_base("https://Example:8443/api") == "https://example:8443/api/v1");
    BOOST_TEST(api_base("https://api.example/v1") == "https://api.example/v1");
    BOOST_TEST(api_base("https://api.example/v1/") == "https://api.example/v1");
    BOOST_TEST(api_base("https://api.example/api/v12") == "https://api.example/api/v12");
    BOOST_TEST(api_base("https://api.example/v1/api") == "https://api.example/v1/api/v1");
    BOOST_TEST(api_base("https://api.example/v") == "https://api.example/v/v1");
    BOOST_TEST(api_base("https://api.example/v1a") == "https://api.example/v1a/v1");
    BOOST_TEST(api_base("https://api.example/dev1") == "https://api.example/dev1/v1");
    BOOST_TEST(api_base("http://api.example").starts_with("problem: begins with http://"));
}

BOOST_AUTO_TEST_CASE(only_the_official_web_hosts_insist_on_an_origin)
{
    BOOST_TEST(
        core::required_origin("https://web.fluxer.app/api/v1").value_or("") == "https://web.fluxer.app");
    BOOST_TEST(
        core::required_origin("https://web.canary.fluxer.app/api/v1").value_or("") ==
        "https://web.canary.fluxer.app");
    BOOST_TEST(!core::required_origin("https://api.fluxer.app/v1").has_value());
    BOOST_TEST(!core::required_origin("https://web.fluxer.app.evil.example/v1").has_value());
}

BOOST_AUTO_TEST_CASE(only_what_says_http_is_asked_so)
{
    using core::plain_http;
    std::string problem;
    auto const base_of = [&](std::string_view typed) {
        auto const found = core::find_discovery_places(typed, problem, plain_http::allowed);
        BOOST_REQUIRE_MESSAGE(found.has_value(), problem);
        BOOST_TEST(found->is_plain == found->base_url.starts_with("http://"));
        return found->base_url;
    };
    BOOST_TEST(base_of("fluxer.example") == "https://fluxer.example");
    BOOST_TEST(base_of("fluxer.example:80") == "https://fluxer.example:80");
    BOOST_TEST(base_of("http://fluxer.example") == "http://fluxer.example");
    BOOST_TEST(base_of("http://127.0.0.1:8080/api") == "http://127.0.0.1:8080");
    BOOST_TEST(!core::find_discovery_places("http://fluxer.example", problem, plain_http::not_allowed));
    BOOST_TEST(problem.find("allow_plain_http") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
