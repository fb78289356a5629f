#include "support/every_call.hpp"
#include "support/fixture.hpp"

#include <stdexcept>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;
using kind = sandbox_fault_kind;

class faults_fixture : public api_fixture
{
public:
    faults_fixture()
        : calls((add_account(), every_call(add_session())))
    {}

    void next(kind what, int count = 1) { server.set_fault("*", sandbox_fault(what, count)); }

    /// Answers so late that no test waits for it.
    void never_answer(std::string_view operation_id)
    {
        sandbox_fault late(kind::delay, -1);
        late.latency = 1h;
        server.set_fault(operation_id, late);
    }

    std::vector<any_call> const calls;
};

BOOST_FIXTURE_TEST_SUITE(faults, faults_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(a_fresh_connection_that_is_lost_is_no_cause_for_a_retry)
{
    for (auto const how : {kind::reset_before, kind::reset_after}) {
        for (auto const& call : calls) {
            auto fresh = make_client(options());
            auto const before = requests_of(call.what);
            next(how);
            auto const e = run(call.make(fresh, {}));
            BOOST_TEST_CONTEXT(to_string(call.what))
            {
                BOOST_REQUIRE(e.has_value());
                check_lost(*e, call.what);
                BOOST_TEST(e->attempts() == 1U);
                BOOST_TEST(!e->info().answer_began);
                BOOST_TEST(to_string(e->phase()) == to_string(phase::first_byte));
                BOOST_TEST((e->advice() == unless_it_ran(call)));
                BOOST_TEST(requests_of(call.what) == before + 1);
                BOOST_TEST(fresh.stats().retries == 0U);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pooled_connection_that_is_lost_is_replaced_if_nothing_can_happen_twice)
{
    for (auto const& call : calls) {
        ok(api.get_sso_status());
        auto const before = requests_of(call.what);
        auto const retries = api.stats().retries;
        next(kind::reset_before);
        auto const e = run(call.make(api, {}));
        BOOST_TEST_CONTEXT(to_string(call.what))
        {
            if (call.repeatable) {
                BOOST_TEST((!e || e->code() != errc::connection_lost));
                BOOST_TEST((!e || e->attempts() == 2U));
                BOOST_TEST(requests_of(call.what) == before + 2);
                BOOST_TEST(api.stats().retries == retries + 1);
            } else {
                BOOST_REQUIRE(e.has_value());
                check_lost(*e, call.what);
                BOOST_TEST((e->advice() == retry_advice::may_have_run));
                BOOST_TEST(requests_of(call.what) == before + 1);
                BOOST_TEST(api.stats().retries == retries);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_second_loss_is_the_end)
{
    ok(api.get_sso_status());
    next(kind::reset_before, 2);
    auto const before = requests();
    auto const e = fails(api.list_auth_sessions(add_session()));
    check_lost(e, operation::list_auth_sessions);
    BOOST_TEST(e.attempts() == 2U);
    BOOST_TEST((e.advice() == retry_advice::yes));
    BOOST_TEST(requests() == before + 2);
}

BOOST_AUTO_TEST_CASE(half_an_answer_is_none)
{
    for (auto const& call : calls) {
        ok(api.get_sso_status());
        auto const before = requests_of(call.what);
        next(kind::truncate);
        auto const e = run(call.make(api, {}));
        BOOST_TEST_CONTEXT(to_string(call.what))
        {
            BOOST_REQUIRE(e.has_value());
            check_lost(*e, call.what);
            BOOST_TEST(e->attempts() == 1U);
            BOOST_TEST(e->info().answer_began);
            BOOST_TEST((e->phase() == phase::header || e->phase() == phase::body));
            BOOST_TEST((e->advice() == unless_it_ran(call)));
            BOOST_TEST(requests_of(call.what) == before + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_lost_answer_does_not_undo_what_happened)
{
    next(kind::reset_after);
    auto const e = fails(api.login_user({email, password}));
    check_lost(e, operation::login_user);
    BOOST_TEST((e.advice() == retry_advice::may_have_run));
    BOOST_TEST(server.sessions_of(email).size() == 2U);
    next(kind::reset_before);
    check_lost(fails(api.login_user({email, password})), operation::login_user);
    BOOST_TEST(server.sessions_of(email).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_sends_nothing)
{
    auto fresh = make_client(options());
    auto const before = requests();
    next(kind::refuse, -1);
    auto const e = fails(fresh.login_user({email, password}));
    BOOST_TEST((e.code() == condition::transport));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST(e.attempts() == 0U);
    BOOST_TEST((e.advice() == retry_advice::yes));
    BOOST_TEST(requests() == before);
    server.clear_faults();
    ok(fresh.login_user({email, password}));
}

BOOST_AUTO_TEST_CASE(a_late_answer_is_not_waited_for)
{
    never_answer("get_sso_status");
    never_answer("login_user");
    auto const status = fails(api.get_sso_status(call_options(1s)));
    BOOST_TEST(status.code() == make_error_code(errc::timed_out));
    BOOST_TEST((status.code() == condition::timeout));
    BOOST_TEST(to_string(status.phase()) == to_string(phase::first_byte));
    BOOST_TEST(status.request_was_sent());
    BOOST_TEST((status.limit() == 1s));
    BOOST_TEST((status.elapsed() >= 1s));
    BOOST_TEST((status.advice() == retry_advice::yes));
    auto const login = fails(api.login_user({email, password}, call_options(1s)));
    BOOST_TEST((login.advice() == retry_advice::may_have_run));

    auto impatient = options();
    impatient.limits.first_byte = 30ms;
    auto other = make_client(impatient);
    auto const early = fails(other.get_sso_status());
    BOOST_TEST(early.code() == make_error_code(errc::timed_out));
    BOOST_TEST((early.limit() == 30ms));
    BOOST_TEST(to_string(early.phase()) == to_string(phase::first_byte));
    // The connection is not used again, for the answer may still come.
    BOOST_TEST(other.stats().connections_closed == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_listens)
{
    auto elsewhere = options();
    {
        sandbox other;
        elsewhere.base_url = other.base_url();
    }
    auto lost = make_client(elsewhere);
    auto const e = fails(lost.login_user({email, password}));
    BOOST_TEST(e.code() == make_error_code(errc::connect_failed));
    BOOST_TEST(to_string(e.phase()) == to_string(phase::connect));
    BOOST_TEST(!e.request_was_sent());
    BOOST_TEST((e.advice() == retry_advice::yes));
    BOOST_TEST(bool(e.info().cause));
}

BOOST_AUTO_TEST_CASE(an_unknown_host_is_not_found)
{
    auto elsewhere = options();
    elsewhere.resolver = [](std::string const&) -> std::vector<std::string> {
        throw std::runtime_error("no such host");
    };
    auto lost = make_client(elsewhere);
    auto const e = fails(lost.get_sso_status());
    BOOST_TEST(e.code() == make_error_code(errc::resolve_failed));
    BOOST_TEST(to_string(e.phase()) == to_string(phase::resolve));
    BOOST_TEST(e.message().find("no such host") != std::string::npos);
    BOOST_TEST(!e.request_was_sent());
}

BOOST_AUTO_TEST_CASE(a_stranger_is_not_trusted)
{
    auto const before = requests();
    sandbox const stranger;
    auto suspicious = options();
    suspicious.base_url = stranger.base_url();
    auto careful = make_client(suspicious);
    auto const untrusted = fails(careful.login_user({email, password}));
    BOOST_TEST(untrusted.code() == make_error_code(errc::tls_untrusted));
    BOOST_TEST((untrusted.code() == condition::tls));
    BOOST_TEST(to_string(untrusted.phase()) == to_string(phase::tls));
    BOOST_TEST(!untrusted.request_was_sent());
    BOOST_TEST((untrusted.advice() == retry_advice::no));
    BOOST_TEST(stranger.counters().requests == 0U);

    auto renamed = options();
    renamed.tls.server_name = "api.fluxer.example";
    auto picky = make_client(renamed);
    auto const wrong = fails(picky.login_user({email, password}));
    BOOST_TEST(wrong.code() == make_error_code(errc::tls_wrong_host));
    BOOST_TEST(!wrong.request_was_sent());
    BOOST_TEST(requests() == before);

    suspicious.tls.danger_accept_any_certificate = true;
    auto careless = make_client(suspicious);
    BOOST_TEST(!ok(careless.get_sso_status()).enabled);
}

BOOST_AUTO_TEST_CASE(a_server_at_its_capacity_says_so_itself)
{
    sandbox_options small;
    small.max_in_flight = 1;
    sandbox full(small);
    auto reach = options();
    reach.base_url = full.base_url();
    reach.tls.ca_pem = full.ca_pem();
    auto other = make_client(reach);
    sandbox_fault late(kind::delay);
    late.latency = 1h;
    full.set_fault("get_sso_status", late);
    auto held = [](client c) -> boost::asio::awaitable<void> { co_await c.get_sso_status(); };
    run.start(held(other));
    run.until([&] { return full.counters().in_flight == 1; });
    auto const e = fails(other.initiate_handoff());
    check_failure(e, operation::initiate_handoff, {errc::overloaded, 503, api_code::none, ""});
    BOOST_TEST((e.retry_after() == 5s));
    other.cancel();
    run.until([&] { return other.stats().calls_in_flight == 0; });
    BOOST_TEST(other.stats().calls_cancelled == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
