#include "altcha_support.hpp"
#include "run.hpp"

#include <fluxer/auth/altcha.hpp>
#include <fluxer/auth/client.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>
#include <variant>

namespace asio = boost::asio;
namespace auth = fluxer::auth;
namespace json = boost::json;
using auth::errc;
using auth::test::content_of;
using auth::test::hash_of;

namespace {

/// A server that wants a proof of work, by the transport.
struct strict_server
{
    void operator()(auth::transport_request const& request, auth::transport_reply const& reply) const
    {
        auth::raw_response answer;
        auto const token = request.header_value("X-Captcha-Token");
        if (token.empty()) {
            answer.status = 400;
            json::object what;
            what["algorithm"] = "SHA-256";
            what["challenge"] = hash_of("pepper77");
            what["salt"] = "pepper";
            what["signature"] = "signed";
            what["maxnumber"] = 1000;
            json::object body;
            body["code"] = "CAPTCHA_REQUIRED";
            body["message"] = "m";
            body["captcha_provider"] = "altcha";
            body["altcha_challenge"] = std::move(what);
            answer.body = auth::secret(json::serialize(body));
        } else {
            auto const proof = content_of(auth::captcha_proof(auth::secret(token)));
            auto const good = request.header_value("X-Captcha-Type") == "altcha" &&
                              proof.at("number").to_number<int>() == 77;
            answer.status = good ? 200 : 400;
            answer.body = auth::secret(
                good ? R"({"token":"flx_x","user_id":"1"})" : R"({"code":"INVALID_CAPTCHA","message":"m"})");
        }
        answer.headers.emplace_back("Content-Type", "application/json");
        reply(std::move(answer));
    }
};

asio::awaitable<auth::result<auth::login_result>> log_in(auth::client client)
{
    auth::login_request const credentials("me@example.com", "correct horse");
    auto first = co_await client.login_user(credentials);
    if (first || first.error().code() != errc::captcha_required || !first.error().captcha()->altcha)
        co_return first;
    auto proof = co_await auth::solve_altcha(*first.error().captcha()->altcha);
    if (!proof)
        co_return proof.error();
    auth::call_options options;
    options.captcha = *proof;
    auto second = co_await client.login_user(credentials, options);
    co_return second;
}

} // namespace

BOOST_AUTO_TEST_SUITE(altcha_as_a_captcha)

BOOST_AUTO_TEST_CASE(a_login_passes_with_it)
{
    asio::io_context context(1);
    auth::client_options options("https://api.example.test/v1");
    options.transport = strict_server();
    auto const got =
        auth::test::run_to_end(context, log_in(auth::client(context.get_executor(), std::move(options))));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(std::holds_alternative<auth::session>(*got));
}

BOOST_AUTO_TEST_SUITE_END()
