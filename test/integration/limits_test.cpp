#include "generations.hpp"
#include "support/every_call.hpp"

#include <charconv>
#include <set>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;

/// Slots come back while a test runs, so how many calls pass is only known from below.
constexpr int more_than_enough = 20'000;

class limits_fixture : public bare_generation_fixture
{
public:
    limits_fixture() { server.set_rate_limits(true); }

    /// Makes the call until the server refuses it for its number.
    /// @param passed how many were let through
    template <class Make>
    error until_limited(Make make, int& passed)
    {
        for (passed = 0; passed < more_than_enough; ++passed) {
            std::optional<error> const e = run(make());
            if (e && e->code() == errc::rate_limited)
                return *e;
        }
        BOOST_FAIL("the server never limits");
        return error();
    }

    void check_limit(error const& e, operation what, unsigned limit)
    {
        check_failure(e, what, {errc::rate_limited, 429, api_code::rate_limited, "RATE_LIMITED"});
        BOOST_TEST_CONTEXT(to_string(what))
        {
            auto const& details = *e.rate_limit();
            BOOST_TEST(details.limit.value_or(0) == limit);
            BOOST_TEST(details.remaining.value_or(99) == 0U);
            BOOST_REQUIRE(details.reset.has_value());
            BOOST_TEST((*details.reset > server.now() - 1min));
            // Whole seconds, and in newer servers decimals (contract 14).
            BOOST_TEST((details.retry_after >= (newer ? 1ms : 1s)));
            BOOST_TEST((e.retry_after() == details.retry_after));
            BOOST_TEST((e.advice() == retry_advice::after_wait));
        }
    }
};

std::uint64_t number_in(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

BOOST_FIXTURE_TEST_SUITE(rate_limits, limits_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE(small_buckets_run_out, data::make(generations), generation)
{
    play(generation);
    // The rest has inner limits, needs a session, or more requests than the limit of all together allows.
    std::set<operation> const left_out{operation::register_account,      operation::login_user,
                                       operation::forgot_password,       operation::resend_verification_email,
                                       operation::list_auth_sessions,    operation::logout_all_sessions,
                                       operation::poll_ip_authorization, operation::get_handoff_status};
    int number = 0;
    for (auto const& call : every_call("flx_unknown")) {
        bool const by_sms =
            call.what == operation::send_sms_mfa_code || call.what == operation::login_with_sms_mfa;
        if (left_out.contains(call.what) || (newer && by_sms))
            continue;
        // Each from an address of its own, for some share a bucket.
        auto const ip = "198.51.100." + std::to_string(++number);
        int passed = 0;
        auto const make = [&] { return call.make(api, call_options().with_header("X-Forwarded-For", ip)); };
        auto const e = until_limited(make, passed);
        BOOST_TEST_INFO(to_string(call.what));
        BOOST_TEST(!e.rate_limit()->global);
        check_limit(e, call.what, e.rate_limit()->limit.value_or(0));
        BOOST_TEST(static_cast<unsigned>(passed) >= e.rate_limit()->limit.value_or(1000));
    }
}

BOOST_DATA_TEST_CASE(a_success_tells_what_is_left, data::make(generations), generation)
{
    play(generation);
    auto const first = ok(api.send({"GET", "/auth/sso/status"}));
    auto const second = ok(api.send({"GET", "/auth/sso/status"}));
    BOOST_TEST(number_in(first.header_value("X-RateLimit-Limit")) == 10U);
    BOOST_TEST(number_in(first.header_value("X-RateLimit-Remaining")) == 9U);
    BOOST_TEST(number_in(second.header_value("X-RateLimit-Remaining")) <= 9U);
    BOOST_TEST(number_in(first.header_value("X-RateLimit-Reset")) > 1'700'000'000U);
    BOOST_TEST(first.header_value("Retry-After").empty());
}

BOOST_DATA_TEST_CASE(waiting_as_told_helps, data::make(generations), generation)
{
    play(generation);
    int passed = 0;
    auto const calls = every_call("flx_unknown");
    auto const e = until_limited([&] { return calls.front().make(api, {}); }, passed);
    check_limit(e, operation::get_sso_status, 10);
    // status and start share a bucket.
    int started = 0;
    check_limit(until_limited([&] { return calls[1].make(api, {}); }, started), operation::start_sso, 10);
    BOOST_TEST(started < 10);
    server.advance_clock(*e.retry_after());
    ok(api.get_sso_status());
}

BOOST_DATA_TEST_CASE(the_mfa_operations_share_a_bucket, data::make(generations), generation)
{
    play(generation);
    auto const calls = every_call("flx_unknown");
    int passed = 0;
    auto const e = until_limited([&] { return calls[5].make(api, {}); }, passed);
    check_limit(e, operation::login_with_totp, 5);
    if (!newer) {
        check_limit(fails(api.send_sms_mfa_code({"t"})), operation::send_sms_mfa_code, 5);
        check_limit(fails(api.login_with_sms_mfa({"123456", "t"})), operation::login_with_sms_mfa, 5);
    }
    check_limit(fails(api.get_webauthn_mfa_options({"t"})), operation::get_webauthn_mfa_options, 5);
}

BOOST_DATA_TEST_CASE(an_inner_limit_can_mean_a_wait_of_minutes, data::make(generations), generation)
{
    play(generation);
    add_account();
    for (int i = 0; i < 5; ++i)
        ok(api.login_user({email, password}));
    auto const e = fails(api.login_user({email, password}));
    check_limit(e, operation::login_user, 5);
    BOOST_TEST((*e.retry_after() > 1min));
    BOOST_TEST((*e.retry_after() <= 3min));
    server.advance_clock(*e.retry_after());
    ok(api.login_user({email, password}));
}

BOOST_DATA_TEST_CASE(
    registrations_and_reset_mails_are_limited_by_address, data::make(generations), generation)
{
    play(generation);
    auto const request = register_request("1990-01-31", true).with_email(email).with_password(password);
    ok(api.register_account(request));
    for (int i = 0; i < 2; ++i)
        check_rejection(fails(api.register_account(request)), operation::register_account, {{"email", ""}});
    check_limit(fails(api.register_account(request)), operation::register_account, 3);
    for (int i = 0; i < 5; ++i) {
        ok(api.forgot_password(email));
        // Past the outer limit of five a minute.
        server.advance_clock(13s);
    }
    check_limit(fails(api.forgot_password(email)), operation::forgot_password, 5);
}

BOOST_DATA_TEST_CASE(verification_mails_are_limited_by_address, data::make(generations), generation)
{
    play(generation);
    auto const made = session_in(ok(api.register_account(
        register_request("1990-01-31", true).with_email(email).with_password(password))));
    for (int i = 0; i < 3; ++i)
        ok(api.resend_verification_email(made.token));
    auto const e = fails(api.resend_verification_email(made.token));
    check_limit(e, operation::resend_verification_email, 3);
    BOOST_TEST((*e.retry_after() > 1min));
}

BOOST_DATA_TEST_CASE(the_limit_of_all_together_ends_the_session, data::make(generations), generation)
{
    play(generation);
    add_account();
    auto const token = add_session();
    auto const spare = add_session();
    for (int i = 0; i < more_than_enough && server.is_session(token.reveal()); ++i) {
        auto const got = run(api.list_auth_sessions(token));
        if (!got.has_error())
            continue;
        check_failure(
            got.error(), operation::list_auth_sessions,
            {errc::rate_limited, 429, api_code::rate_limited, "RATE_LIMITED"});
        if (got.error().rate_limit()->global)
            check_limit(got.error(), operation::list_auth_sessions, 50);
        BOOST_TEST(got.error().rate_limit()->global == !server.is_session(token.reveal()));
    }
    check_failure(
        fails(api.list_auth_sessions(token)), operation::list_auth_sessions,
        {errc::unauthorized, 401, api_code::unauthorized, "UNAUTHORIZED"});
    BOOST_TEST(server.is_session(spare.reveal()));
    server.advance_clock(10s);
    ok(api.list_auth_sessions(spare));
}

BOOST_DATA_TEST_CASE(without_limits_there_are_no_headers, data::make(generations), generation)
{
    play(generation);
    server.set_rate_limits(false);
    auto const answer = ok(api.send({"GET", "/auth/sso/status"}));
    BOOST_TEST(answer.header_value("X-RateLimit-Limit").empty());
    for (int i = 0; i < 60; ++i)
        ok(api.get_sso_status());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
