#include "run.hpp"

#include <fluxer/auth/discovery.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace auth = fluxer::auth;
using auth::errc;

namespace {

constexpr auto smallest = R"({"endpoints":{"api":"https://a.example"}})";

auth::raw_response answer(int status, std::string body, std::string type = "application/json")
{
    auth::raw_response made;
    made.status = status;
    made.headers.emplace_back("Content-Type", std::move(type));
    made.body = auth::secret(std::move(body));
    return made;
}

/// A host as discovery sees it; what it has no page for is an app's own page, as with single-page apps.
struct web_host
{
    auth::result<auth::instance> discover(std::string typed, asio::cancellation_slot cancel = {})
    {
        return auth::test::run_to_end(
            context, auth::discover(context.get_executor(), std::move(typed), options()), cancel);
    }

    auth::result<auth::instance> discover_with_plain_http(std::string typed)
    {
        auto made = options();
        made.client.allow_plain_http = true;
        return auth::test::run_to_end(
            context, auth::discover(context.get_executor(), std::move(typed), std::move(made)));
    }

    auth::discovery_options options()
    {
        auth::discovery_options made;
        made.client.retry.max_attempts = 1;
        made.client.transport = [this](auth::transport_request request, auth::transport_reply reply) {
            std::string const target(request.target.reveal());
            asked.push_back(std::string(request.header_value("Host")) + target);
            BOOST_TEST(request.method == "GET");
            BOOST_TEST(request.header_value("Authorization").empty());
            if (on_request)
                return on_request(std::move(reply));
            auto const page = pages.find(target);
            reply(page != pages.end() ? page->second : answer(200, "<html>", "text/html"));
        };
        return made;
    }

    asio::io_context context{1};
    std::map<std::string, auth::raw_response> pages;
    std::function<void(auth::transport_reply)> on_request;
    std::vector<std::string> asked;
};

using strings = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(discovering)

BOOST_AUTO_TEST_CASE(the_root_is_enough)
{
    web_host host;
    host.pages["/.well-known/fluxer"] = answer(200, smallest);
    auto const found = host.discover("fluxer.example").value();
    BOOST_TEST(found.api_base == "https://a.example/v1");
    BOOST_TEST((host.asked == strings{"fluxer.example/.well-known/fluxer"}));
}

BOOST_AUTO_TEST_CASE(an_all_in_one_server_is_found_below_api)
{
    web_host host;
    host.pages["/api/.well-known/fluxer"] = answer(200, smallest);
    BOOST_TEST(host.discover("fluxer.example:8443").has_value());
    BOOST_TEST(
        (host.asked ==
         strings{"fluxer.example:8443/.well-known/fluxer", "fluxer.example:8443/api/.well-known/fluxer"}));
    host.asked.clear();
    BOOST_TEST(host.discover("https://fluxer.example/api/v1").has_value());
    BOOST_TEST(
        (host.asked ==
         strings{"fluxer.example/api/v1/.well-known/fluxer", "fluxer.example/api/.well-known/fluxer"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_instance_says_why_for_each_place)
{
    web_host host;
    host.pages["/api/.well-known/fluxer"] = answer(404, "{}");
    auto const failed = host.discover("fluxer.example");
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::not_an_instance));
    BOOST_TEST((failed.error().code() == auth::condition::protocol));
    BOOST_TEST(
        failed.error().to_string() ==
        "not a Fluxer instance: /.well-known/fluxer: text/html instead of JSON; /api/.well-known/fluxer: "
        "status 404; do not retry unchanged (attempt 1)");
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed)
{
    web_host host;
    auto redirect = answer(301, "");
    redirect.headers.emplace_back("Location", "https://evil.example/.well-known/fluxer");
    host.pages["/.well-known/fluxer"] = redirect;
    auto const failed = host.discover("fluxer.example");
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::not_an_instance));
    BOOST_TEST((host.asked.size() == 2U));
    BOOST_TEST(failed.error().message().find("a redirect, which is not followed") != std::string::npos);
    BOOST_TEST(failed.error().message().find("evil") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_document_that_is_refused_ends_the_search)
{
    web_host host;
    host.pages["/.well-known/fluxer"] = answer(200, R"({"endpoints":{"api":"http://a.example"}})");
    host.pages["/api/.well-known/fluxer"] = answer(200, smallest);
    auto const failed = host.discover("fluxer.example");
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::not_an_instance));
    BOOST_TEST(failed.error().http_status() == 200);
    BOOST_TEST(host.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_in_trouble_ends_the_search)
{
    web_host host;
    host.pages["/.well-known/fluxer"] =
        answer(429, R"({"code":"RATE_LIMITED","message":"m","retry_after":7,"global":false})");
    auto const limited = host.discover("fluxer.example");
    BOOST_REQUIRE(limited.has_error());
    BOOST_TEST((limited.error().code() == errc::rate_limited));
    BOOST_TEST((limited.error().retry_after() == auth::milliseconds(7000)));
    BOOST_TEST(limited.error().to_string().starts_with("discover: 429 RATE_LIMITED: "), limited.error());
    BOOST_TEST(host.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_bad_host_or_option_is_refused_before_anything_is_sent)
{
    web_host host;
    for (auto const* typed :
         {"", "http://fluxer.example", "b\u00FC\u202Echer.example", "me@fluxer.example"}) {
        auto const failed = host.discover(typed);
        BOOST_REQUIRE(failed.has_error());
        BOOST_TEST((failed.error().code() == errc::invalid_request));
        BOOST_TEST(failed.error().field("host") != nullptr);
        BOOST_TEST(
            failed.error().to_string().starts_with("discover: invalid request: host: "), failed.error());
        BOOST_TEST(!failed.error().request_was_sent());
    }
    auto options = host.options();
    options.client.max_body_bytes = 1;
    auto const failed = auth::test::run_to_end(
        host.context, auth::discover(host.context.get_executor(), "fluxer.example", std::move(options)));
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::invalid_option));
    BOOST_TEST(host.asked.empty());
}

BOOST_AUTO_TEST_CASE(plain_http_takes_the_option_and_says_so)
{
    web_host host;
    host.pages["/.well-known/fluxer"] = answer(200, R"({"endpoints":{"api":"http://a.example:8080/api"}})");
    auto const refused = host.discover("http://fluxer.example");
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code() == errc::invalid_request));
    BOOST_TEST(refused.error().to_string().find("the option allow_plain_http") != std::string::npos);
    BOOST_TEST(host.asked.empty());

    auto const found = host.discover_with_plain_http("http://fluxer.example:80");
    BOOST_TEST(found.value().api_base == "http://a.example:8080/api/v1");
    BOOST_TEST((host.asked == strings{"fluxer.example/.well-known/fluxer"}));
}

BOOST_AUTO_TEST_CASE(no_option_leads_from_https_to_plain_http)
{
    web_host host;
    host.pages["/.well-known/fluxer"] = answer(200, R"({"endpoints":{"api":"http://a.example"}})");
    for (auto const* typed : {"fluxer.example", "https://fluxer.example", "fluxer.example:80"}) {
        auto const failed = host.discover_with_plain_http(typed);
        BOOST_REQUIRE(failed.has_error());
        BOOST_TEST((failed.error().code() == errc::not_an_instance));
        BOOST_TEST(
            failed.error().message().find("though the document came over https://") != std::string::npos);
    }
    host.pages["/.well-known/fluxer"] =
        answer(200, R"({"endpoints":{"api":"https://a.example","webapp":"http://w.example"}})");
    BOOST_TEST(host.discover_with_plain_http("fluxer.example").has_error());
}

BOOST_AUTO_TEST_CASE(it_can_be_cancelled)
{
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial,
          asio::cancellation_type::total}) {
        web_host host;
        asio::cancellation_signal signal;
        host.on_request = [&host, &signal, type](auth::transport_reply const&) {
            asio::post(host.context, [&signal, type] { signal.emit(type); });
        };
        auto const failed = host.discover("fluxer.example", signal.slot());
        BOOST_REQUIRE(failed.has_error());
        BOOST_TEST((failed.error().code() == errc::cancelled));
        BOOST_TEST(host.asked.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(errors_hide_what_the_call_carried)
{
    web_host host;
    auto options = host.options();
    options.call.sudo_token = auth::secret("Sudo-token.of-mine");
    host.pages["/.well-known/fluxer"] =
        answer(503, R"({"code":"SERVICE_UNAVAILABLE","message":"bad Sudo-token.of-mine"})");
    auto const failed = auth::test::run_to_end(
        host.context, auth::discover(host.context.get_executor(), "fluxer.example", std::move(options)), {});
    BOOST_REQUIRE(failed.has_error());
    auto const text = failed.error().to_string() + failed.error().info().body_excerpt;
    BOOST_TEST(text.find("of-mine") == std::string::npos, text);
    BOOST_TEST(text.find("bad ") != std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
