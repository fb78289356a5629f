#include "support/every_call.hpp"
#include "support/fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

class common_fixture : public api_fixture
{
public:
    common_fixture()
        : calls((add_account(), every_call(add_session())))
    {}

    /// The call's error; there has to be one.
    error must_fail(any_call const& call, call_options options = {})
    {
        auto e = run(call.make(api, std::move(options)));
        BOOST_REQUIRE_MESSAGE(e.has_value(), to_string(call.what) << " succeeded");
        return *std::move(e);
    }

    void next(sandbox_fault_kind kind, int status = 502)
    {
        sandbox_fault fault(kind);
        fault.status = status;
        server.set_fault("*", fault);
    }

    std::vector<any_call> const calls;
};

/// What may be done after an answer that doesn't tell whether the operation took effect.
BOOST_FIXTURE_TEST_SUITE(common_to_all, common_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(every_operation_is_there)
{
    BOOST_TEST(calls.size() == sandbox::operation_ids().size());
    for (auto const& call : calls) {
        auto const before = requests_of(call.what);
        run(call.make(api, {}));
        BOOST_TEST_INFO(to_string(call.what));
        BOOST_TEST(requests_of(call.what) == before + 1);
    }
    BOOST_TEST(server.counters().requests_by_operation["unknown"] == 0U);
}

BOOST_AUTO_TEST_CASE(enforced_sso_refuses_other_logins)
{
    server.set_sso(true);
    for (auto const& call : calls) {
        auto const e = run(call.make(api, {}));
        if (call.refused_under_sso) {
            BOOST_REQUIRE(e.has_value());
            check_failure(*e, call.what, {errc::sso_required, 403, api_code::sso_required, "SSO_REQUIRED"});
        } else {
            BOOST_TEST_INFO(to_string(call.what));
            BOOST_TEST((!e || e->code() != errc::sso_required));
        }
    }
}

BOOST_AUTO_TEST_CASE(captchas_are_wanted_by_three_operations)
{
    server.set_captcha(true);
    for (auto const& call : calls) {
        auto const e = run(call.make(api, {}));
        auto const wanted = e && e->code() == errc::captcha_required;
        BOOST_TEST_INFO(to_string(call.what));
        BOOST_TEST(wanted == call.captcha);
        if (wanted)
            check_failure(
                *e, call.what, {errc::captcha_required, 400, api_code::captcha_required, "CAPTCHA_REQUIRED"});
    }
}

BOOST_AUTO_TEST_CASE(a_banned_address_is_refused_everywhere)
{
    server.ban_ip("127.0.0.1");
    for (auto const& call : calls)
        check_failure(must_fail(call), call.what, {errc::forbidden, 403, api_code::ip_banned, "IP_BANNED"});
    server.unban_ip("127.0.0.1");
    ok(api.get_sso_status());
    server.ban_ip(other_ip);
    call_options const forwarded = call_options().with_header("X-Forwarded-For", other_ip);
    check_failure(
        fails(api.get_sso_status(forwarded)), operation::get_sso_status,
        {errc::forbidden, 403, api_code::ip_banned, "IP_BANNED"});
}

BOOST_AUTO_TEST_CASE(a_wrong_base_url_is_not_found)
{
    auto wrong = options();
    wrong.base_url += "/nothing";
    auto lost = make_client(wrong);
    for (auto const& call : calls) {
        auto const e = run(call.make(lost, {}));
        BOOST_REQUIRE(e.has_value());
        // These have a ticket of this server's, so that a 404 is about the operation (contract 14).
        auto const by_sms =
            call.what == operation::send_sms_mfa_code || call.what == operation::login_with_sms_mfa;
        auto const code = by_sms ? errc::feature_disabled : errc::not_found;
        check_failure(*e, call.what, {code, 404, api_code::not_found, "NOT_FOUND"});
    }
}

BOOST_AUTO_TEST_CASE(a_broken_server_says_so)
{
    for (auto const& call : calls) {
        next(sandbox_fault_kind::status, 500);
        auto const e = must_fail(call);
        check_failure(
            e, call.what,
            {errc::server_error, 500, api_code::internal_server_error, "INTERNAL_SERVER_ERROR"});
        BOOST_TEST_INFO(to_string(call.what));
        BOOST_TEST((e.advice() == unless_it_ran(call)));
    }
}

BOOST_AUTO_TEST_CASE(each_status_has_its_code)
{
    struct row
    {
        int status;
        errc code;
        auth::api_code api;
        char const* text;
    };

    for (auto const& [status, code, number, text] :
         {row{400, errc::rejected, api_code::bad_request, "BAD_REQUEST"},
          row{401, errc::unauthorized, api_code::unauthorized, "UNAUTHORIZED"},
          row{403, errc::forbidden, api_code::forbidden, "FORBIDDEN"},
          row{404, errc::not_found, api_code::not_found, "NOT_FOUND"},
          row{504, errc::server_error, api_code::internal_server_error, "INTERNAL_SERVER_ERROR"}}) {
        next(sandbox_fault_kind::status, status);
        check_failure(
            fails(api.initiate_handoff()), operation::initiate_handoff, {code, status, number, text});
    }
}

BOOST_AUTO_TEST_CASE(a_rate_limit_names_the_wait)
{
    for (auto const& call : calls) {
        next(sandbox_fault_kind::status, 429);
        auto const e = must_fail(call);
        check_failure(e, call.what, {errc::rate_limited, 429, api_code::rate_limited, "RATE_LIMITED"});
        BOOST_TEST((e.retry_after() == 1s));
        BOOST_TEST((e.rate_limit()->retry_after == 1s));
        BOOST_TEST(!e.rate_limit()->global);
        BOOST_TEST((e.advice() == retry_advice::after_wait));
    }
}

BOOST_AUTO_TEST_CASE(an_overloaded_server_has_no_code)
{
    for (auto const& call : calls) {
        next(sandbox_fault_kind::overloaded);
        auto const e = must_fail(call);
        check_failure(e, call.what, {errc::overloaded, 503, api_code::none, ""});
        BOOST_TEST((e.retry_after() == 5s));
        BOOST_TEST((e.advice() == retry_advice::after_wait));
        BOOST_TEST(e.message() == "Server is at capacity, please retry shortly");
        BOOST_TEST(e.rate_limit() == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(a_proxys_page_is_no_answer_of_the_api)
{
    for (auto const& call : calls) {
        next(sandbox_fault_kind::html, 502);
        auto const e = must_fail(call);
        BOOST_TEST_CONTEXT(to_string(call.what))
        {
            BOOST_TEST(e.code() == make_error_code(errc::proxy_error));
            BOOST_TEST(to_string(e.operation()) == to_string(call.what));
            BOOST_TEST(e.http_status() == 502);
            BOOST_TEST((e.api_code() == api_code::none));
            BOOST_TEST(e.api_code_text().empty());
            BOOST_TEST(e.request_id().empty());
            BOOST_TEST(e.info().body_excerpt.find("502 Proxy Error") != std::string::npos);
            BOOST_TEST(e.request_was_sent());
            BOOST_TEST((e.advice() == unless_it_ran(call)));
        }
    }
    next(sandbox_fault_kind::html, 503);
    BOOST_TEST(fails(api.get_sso_status()).code() == make_error_code(errc::overloaded));
    next(sandbox_fault_kind::html, 404);
    BOOST_TEST(fails(api.get_sso_status()).code() == make_error_code(errc::not_found));
    next(sandbox_fault_kind::html, 403);
    BOOST_TEST(fails(api.get_sso_status()).code() == make_error_code(errc::proxy_error));
}

BOOST_AUTO_TEST_CASE(the_connection_outlives_errors)
{
    ok(api.get_sso_status());
    auto const before = server.counters().connections_accepted;
    for (auto const& call : calls)
        run(call.make(api, {}));
    for (auto const kind :
         {sandbox_fault_kind::status, sandbox_fault_kind::html, sandbox_fault_kind::overloaded}) {
        next(kind);
        fails(api.get_sso_status());
    }
    BOOST_TEST(server.counters().connections_accepted == before);
}

BOOST_AUTO_TEST_CASE(a_request_id_comes_back)
{
    next(sandbox_fault_kind::status, 500);
    auto const e = fails(api.get_sso_status(call_options().with_request_id("my-own-id")));
    BOOST_TEST(e.request_id() == "my-own-id");
    auto const answer = ok(api.send({"GET", "/auth/sso/status"}, call_options().with_request_id("another")));
    BOOST_TEST(answer.header_value("X-REQUEST-ID") == "another");
}

BOOST_AUTO_TEST_CASE(a_raw_request_takes_every_status_as_it_is)
{
    auto const good = ok(api.send({"GET", "/auth/sso/status"}));
    BOOST_TEST(good.status == 200);
    BOOST_TEST(good.header_value("content-type").starts_with("application/json"));
    BOOST_TEST(good.header_value("nothing").empty());
    BOOST_TEST(good.body.reveal().starts_with("{"));
    BOOST_TEST(ok(api.send({"POST", "/auth/sso/status"})).status == 404);
    BOOST_TEST(ok(api.send({"GET", "/auth/sessions"})).status == 401);
    next(sandbox_fault_kind::html, 502);
    BOOST_TEST(ok(api.send({"GET", "/auth/sso/status"})).status == 502);
    auto const head = ok(api.send({"HEAD", "/auth/sso/status"}));
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.body.empty());
    refused(
        api.send({"get", "auth"}), operation::raw,
        {{"method", "INVALID_FORMAT"}, {"target", "INVALID_FORMAT"}});
    refused(
        api.send(raw_request("GET", "/").with_header("Host", "evil.example").with_token("a\nb")),
        operation::raw, {{"token", "INVALID_FORMAT"}, {"headers", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
