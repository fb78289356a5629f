#include "wire/discovery.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace auth = fluxer::auth;
namespace wire = fluxer::auth::wire;
using auth::errc;
using kind = wire::discovery_answer::kind;

namespace {

std::string problem_of(std::string_view body)
{
    std::string problem;
    bool is_document = false;
    return wire::decode_instance(body, problem, is_document) ? "none" : problem;
}

auth::instance decoded(std::string_view body)
{
    std::string problem;
    bool is_document = false;
    auto found = wire::decode_instance(body, problem, is_document);
    BOOST_REQUIRE_MESSAGE(found.has_value(), problem);
    BOOST_TEST(is_document);
    return *std::move(found);
}

std::string with_endpoints(std::string const& members)
{
    return "{\"endpoints\":{" + members + "}}";
}

auth::instance decoded_from_plain(std::string_view body)
{
    std::string problem;
    bool is_document = false;
    auto found = wire::decode_instance(body, problem, is_document, true);
    BOOST_REQUIRE_MESSAGE(found.has_value(), problem);
    return *std::move(found);
}

wire::discovery_answer answered(
    int status, std::string_view body, std::string_view content_type = "application/json")
{
    wire::answer from;
    from.status = status;
    if (!content_type.empty())
        from.headers.add("content-type", content_type);
    from.body.append(body);
    return wire::read_discovery(from);
}

constexpr std::string_view smallest = R"({"endpoints":{"api":"https://a.example"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(discovery)

BOOST_AUTO_TEST_CASE(a_whole_document_is_read)
{
    auto const made = decoded(R"({
        "api_code_version": 1,
        "endpoints": {"api": "https://chat.example/api", "api_client": "https://web.chat.example/api",
                      "api_public": "https://api.chat.example", "gateway": "wss://gw.chat.example",
                      "webapp": "https://web.chat.example/"},
        "captcha": {"provider": "turnstile", "hcaptcha_site_key": "", "turnstile_site_key": "0x4"},
        "features": {"sms_mfa_enabled": true, "voice_enabled": true, "self_hosted": true},
        "sso": {"enabled": true, "enforced": true, "display_name": "Corp", "redirect_uri": "https://web/x"},
        "limits": {"a": [1, 2, {"b": null}]}})");
    BOOST_TEST(made.api_base == "https://api.chat.example/v1");
    BOOST_TEST(made.webapp == "https://web.chat.example");
    BOOST_TEST(made.api_code_version.value_or(0) == 1U);
    BOOST_TEST(made.endpoints.api.value_or("") == "https://chat.example/api");
    BOOST_TEST(made.endpoints.api_client.value_or("") == "https://web.chat.example/api");
    BOOST_TEST(made.captcha.provider == "turnstile");
    BOOST_TEST(made.captcha.site_key() == "0x4");
    BOOST_TEST(made.features.sms_mfa_enabled);
    BOOST_TEST(made.features.voice_enabled);
    BOOST_TEST(made.features.self_hosted);
    BOOST_TEST(!made.features.stripe_enabled);
    BOOST_TEST(made.sso.enabled);
    BOOST_TEST(made.sso.enforced);
    BOOST_TEST(made.sso.display_name.value_or("") == "Corp");
    BOOST_TEST(made.raw.as_object().at("limits").as_object().at("a").as_array().size() == 3U);
}

BOOST_AUTO_TEST_CASE(one_address_is_all_it_takes)
{
    auto const made = decoded(smallest);
    BOOST_TEST(made.api_base == "https://a.example/v1");
    BOOST_TEST(made.webapp.empty());
    BOOST_TEST(!made.api_code_version.has_value());
    BOOST_TEST(made.captcha.provider == "none");
    BOOST_TEST(made.captcha.site_key().empty());
    BOOST_TEST(!made.sso.enabled);
}

BOOST_AUTO_TEST_CASE(the_public_address_comes_first)
{
    BOOST_TEST(
        decoded(with_endpoints(R"("api":"https://a.example","api_client":"https://c.example")")).api_base ==
        "https://c.example/v1");
    BOOST_TEST(
        decoded(with_endpoints(R"("api":"https://a.example","api_client":"","api_public":null)")).api_base ==
        "https://a.example/v1");
    BOOST_TEST(
        decoded(with_endpoints(R"("api_public":"https://p.example/v1","api":"https://a.example")"))
            .api_base == "https://p.example/v1");
}

BOOST_AUTO_TEST_CASE(members_of_wrong_types_count_as_absent)
{
    auto const made = decoded(
        R"({"endpoints":{"api":"https://a.example","webapp":7},"captcha":"x","features":[],"sso":{"enabled":"yes",
            "display_name":null},"api_code_version":"1"})");
    BOOST_TEST(made.webapp.empty());
    BOOST_TEST(made.captcha.provider == "none");
    BOOST_TEST(!made.sso.enabled);
    BOOST_TEST(!made.api_code_version.has_value());
    for (auto const* odd : {"-1", "1.5", "1e40", "18446744073709551615", "4294967296"})
        BOOST_TEST(
            !decoded(
                 std::string(R"({"endpoints":{"api":"https://a.example"},"api_code_version":)") + odd + "}")
                 .api_code_version.has_value());
}

BOOST_AUTO_TEST_CASE(a_captcha_without_provider_is_none)
{
    for (auto const* captcha : {"{}", "null", "{\"provider\":null}", "{\"provider\":5}", "[]"})
        BOOST_TEST(
            decoded(std::string(R"({"endpoints":{"api":"https://a.example"},"captcha":)") + captcha + "}")
                .captcha.provider == "none");
}

BOOST_AUTO_TEST_CASE(what_is_no_document)
{
    for (auto const* body :
         {"", "<html>", "[]", "null", "5", "{}", R"({"endpoints":null})", R"({"endpoints":[]})",
          R"({"endpoints":"https://a.example"})", R"({"api":"https://a.example"})", "{\"endpoints\":{}",
          "\xEF\xBB\xBF{\"endpoints\":{\"api\":\"https://a.example\"}}"}) {
        std::string problem;
        bool is_document = true;
        BOOST_TEST(!wire::decode_instance(body, problem, is_document).has_value(), body);
        BOOST_TEST(!is_document, body);
        BOOST_TEST(!problem.empty(), body);
    }
}

BOOST_AUTO_TEST_CASE(documents_that_are_refused)
{
    BOOST_TEST(problem_of(with_endpoints("")) == "`endpoints` names no API");
    BOOST_TEST(
        problem_of(with_endpoints(R"("api":5,"webapp":"https://w.example")")) == "`endpoints` names no API");
    BOOST_TEST(
        problem_of(with_endpoints(R"("api":"http://a.example")")) ==
        "`endpoints.api` begins with http://, though the document came over https://");
    // Also where another one would be chosen.
    BOOST_TEST(problem_of(with_endpoints(R"("api_public":"https://p.example","api":"http://a.example")"))
                   .starts_with("`endpoints.api` begins with http://"));
    BOOST_TEST(problem_of(with_endpoints(R"("api":"https://a.example","webapp":"http://w.example")"))
                   .starts_with("`endpoints.webapp` begins with http://"));
    for (auto const* url :
         {"/api", "https://", "https://me:pw@a.example", "https://a.example?x", "https://a.example#x",
          "https://a.example/../b", "javascript:alert(1)", "https://a.example\\r\\nX: y",
          "https://a b.example", "https://\\u202e.example"})
        BOOST_TEST(
            problem_of(with_endpoints(std::string(R"("api":")") + url + "\""))
                .starts_with("`endpoints.api` "),
            url);
    BOOST_TEST(
        problem_of(R"({"endpoints":{"api":"https://a.example"},"api_code_version":0})") ==
        "`api_code_version` is lower than 1");
}

BOOST_AUTO_TEST_CASE(the_answer_must_be_json_with_200)
{
    BOOST_TEST((answered(200, smallest).what == kind::found));
    BOOST_TEST((answered(200, smallest, "Application/JSON; charset=utf-8").what == kind::found));
    for (auto const* type : {"", "text/html", "text/html; charset=utf-8", "application/jsonp", "text/json"}) {
        auto const seen = answered(200, smallest, type);
        BOOST_TEST((seen.what == kind::elsewhere), type);
        BOOST_TEST((seen.why.code == errc::not_an_instance), type);
    }
    for (auto const status : {201, 204, 206, 301, 302, 307, 308, 400, 401, 404, 405}) {
        auto const seen = answered(status, smallest);
        BOOST_TEST((seen.what == kind::elsewhere), status);
        BOOST_TEST((seen.why.code == errc::not_an_instance), status);
        BOOST_TEST(seen.why.http_status == status);
    }
    BOOST_TEST(answered(301, "").why.message == "a redirect, which is not followed");
}

BOOST_AUTO_TEST_CASE(a_server_in_trouble_is_not_taken_for_no_instance)
{
    auto const limited =
        answered(429, R"({"code":"RATE_LIMITED","message":"m","retry_after":3,"global":false})");
    BOOST_TEST((limited.what == kind::refused));
    BOOST_TEST((limited.why.code == errc::rate_limited));
    BOOST_TEST((limited.why.retry_after == auth::milliseconds(3000)));
    BOOST_TEST((answered(502, "<html>", "text/html").why.code == errc::proxy_error));
    BOOST_TEST(
        (answered(500, R"({"code":"INTERNAL_SERVER_ERROR","message":"m"})").why.code == errc::server_error));
    BOOST_TEST((answered(503, R"({"message":"m"})").why.code == errc::overloaded));
    auto const banned = answered(403, R"({"code":"IP_BANNED","message":"m"})");
    BOOST_TEST((banned.what == kind::refused));
    BOOST_TEST((banned.why.code == errc::forbidden));
    // Some other server's own page.
    BOOST_TEST((answered(403, "<html>", "text/html").what == kind::elsewhere));
}

BOOST_AUTO_TEST_CASE(options_are_those_of_the_instance)
{
    auto base = auth::client_options("https://ignored.example");
    base.user_agent = "mine";
    auto const plain = decoded(smallest).options(base);
    BOOST_TEST(plain.base_url == "https://a.example/v1");
    BOOST_TEST(plain.user_agent == "mine");
    BOOST_TEST(plain.headers.empty());
    auto const official = decoded(with_endpoints(R"("api_client":"https://web.fluxer.app/api")")).options();
    BOOST_TEST(official.base_url == "https://web.fluxer.app/api/v1");
    BOOST_REQUIRE(official.headers.size() == 1U);
    BOOST_TEST((official.headers[0] == auth::header("Origin", "https://web.fluxer.app")));
}

BOOST_AUTO_TEST_CASE(what_came_over_plain_http_may_name_either)
{
    auto const plain = decoded_from_plain(
        with_endpoints(R"("api":"http://a.example:8080/api","webapp":"http://w.example:80")"));
    BOOST_TEST(plain.api_base == "http://a.example:8080/api/v1");
    BOOST_TEST(plain.webapp == "http://w.example");
    BOOST_TEST(plain.options().base_url == plain.api_base);
    BOOST_TEST(!plain.options().allow_plain_http);
    auto const upwards = decoded_from_plain(with_endpoints(R"("api":"https://a.example")"));
    BOOST_TEST(upwards.api_base == "https://a.example/v1");
}

BOOST_AUTO_TEST_SUITE_END()
