#include "generations.hpp"

#include <fluxer/auth/discovery.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace fluxer::auth {

namespace {

using namespace test;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;

class discovery_fixture : public bare_generation_fixture
{
public:
    discovery_options asking() const { return discovery_options(options()); }

    boost::asio::awaitable<result<instance>> find(std::string host_or_url, discovery_options how)
    {
        return discover(run.executor(), std::move(host_or_url), std::move(how));
    }

    std::uint64_t new_requests() const { return requests() - before_; }

    std::string host() const { return "localhost:" + std::to_string(server.port()); }

private:
    std::uint64_t const before_ = requests();
};

sandbox_fault answering(int status, std::string body)
{
    sandbox_fault fault(sandbox_fault_kind::answer);
    fault.status = status;
    fault.body = std::move(body);
    return fault;
}

BOOST_FIXTURE_TEST_SUITE(discovery, discovery_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE(a_host_leads_to_a_client_that_works, data::make(generations), generation)
{
    play(generation);
    server.set_captcha(true);
    server.set_sso(true);
    auto const found = ok(find(host(), asking()));
    BOOST_TEST(found.api_base == server.base_url());
    BOOST_TEST(found.webapp == "https://web.fluxer.test");
    BOOST_TEST(found.api_code_version.value_or(0) == 1U);
    BOOST_TEST(found.captcha.provider == (newer ? "altcha" : "hcaptcha"));
    BOOST_TEST(found.captcha.site_key() == (newer ? "" : "sandbox-site-key"));
    BOOST_TEST(found.features.self_hosted);
    BOOST_TEST(found.sso.enabled);
    BOOST_TEST(found.raw.as_object().contains("endpoints"));
    BOOST_TEST(new_requests() == 1U);
    auto used = make_client(found.options(options()));
    BOOST_TEST(ok(used.get_sso_status()).enforced);
    BOOST_TEST(new_requests() == 2U);
}

BOOST_DATA_TEST_CASE(it_is_answered_below_the_version_too, data::make(generations), generation)
{
    play(generation);
    auto const found = ok(find(server.base_url(), asking()));
    BOOST_TEST(found.api_base == server.base_url());
    BOOST_TEST(new_requests() == 1U);
}

BOOST_DATA_TEST_CASE(a_path_without_a_document_falls_back_to_the_root, data::make(generations), generation)
{
    play(generation);
    auto const found = ok(find("https://" + host() + "/elsewhere", asking()));
    BOOST_TEST(found.api_base == server.base_url());
    BOOST_TEST(new_requests() == 2U);
}

BOOST_DATA_TEST_CASE(its_limit_is_counted, data::make(generations), generation)
{
    play(generation);
    server.set_rate_limits(true);
    // Slots come back while it runs.
    std::optional<error> e;
    for (int count = 0; count < 1'000 && !e; ++count) {
        auto const got = run(find(host(), asking()));
        if (got.has_error())
            e = got.error();
        else
            BOOST_REQUIRE(count < 999);
    }
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST((e->code() == errc::rate_limited));
    BOOST_TEST(e->retry_after().has_value());
}

BOOST_DATA_TEST_CASE(an_answer_that_is_too_large_is_not_read, data::make(generations), generation)
{
    play(generation);
    auto how = asking();
    how.client.max_body_bytes = 1024;
    server.set_fault("*", answering(200, std::string(5000, ' ')));
    BOOST_TEST((fails(find(host(), how)).code() == errc::body_too_large));
}

BOOST_DATA_TEST_CASE(another_servers_answers_are_no_instance, data::make(generations), generation)
{
    play(generation);
    server.set_fault("*", answering(200, R"({"endpoints":{"api":"http://localhost"}})"));
    auto const plain = fails(find(host(), asking()));
    BOOST_TEST((plain.code() == errc::not_an_instance));
    BOOST_TEST(plain.message().find("begins with http://") != std::string::npos);
    server.set_fault("*", answering(200, R"({"hello":"world"})"));
    BOOST_TEST(ok(find(host() + "/elsewhere", asking())).api_base == server.base_url());
}

BOOST_DATA_TEST_CASE(a_certificate_has_to_be_trusted, data::make(generations), generation)
{
    play(generation);
    auto how = asking();
    how.client.tls.ca_pem.clear();
    auto const e = fails(find(host(), how));
    BOOST_TEST((e.code() == errc::tls_untrusted));
    BOOST_TEST(new_requests() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
