#include "cli/operation_recorder.hpp"

#include <fluxer/auth/error.hpp>

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

operation_recorder::time_point at(std::chrono::seconds time)
{
    return operation_recorder::time_point(time);
}

event event_of(event_kind kind, operation which)
{
    event what;
    what.kind = kind;
    what.operation = which;
    return what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(operation_recorder_suite)

BOOST_AUTO_TEST_CASE(calls_and_requests)
{
    operation_recorder recorder(at(60s));
    auto attempt = event_of(event_kind::attempt_end, operation::login_user);
    attempt.duration = 3ms;
    attempt.status = 502;
    recorder.on_event(attempt);
    attempt.status = 200;
    recorder.on_event(attempt);
    recorder.on_event(event_of(event_kind::throttled, operation::login_user));
    auto call = event_of(event_kind::call_end, operation::login_user);
    call.duration = 8ms;
    recorder.on_event(call);
    call.code = make_error_code(errc::rate_limited);
    recorder.on_event(call);

    auto const& logins = recorder.of(operation::login_user);
    BOOST_TEST(logins.calls == 2U);
    BOOST_TEST(logins.errors == 1U);
    BOOST_TEST(logins.requests == 2U);
    BOOST_TEST(logins.throttled == 1U);
    BOOST_TEST(recorder.throttled() == 1U);
    BOOST_TEST((logins.call_times.largest() == 8ms));
    BOOST_TEST((logins.exchange_times.largest() == 3ms));
    BOOST_TEST(recorder.of(operation::logout_user).calls == 0U);
    BOOST_TEST(recorder.answers_429() == 0U);
}

BOOST_AUTO_TEST_CASE(answers_429_are_late_from_the_given_moment_on)
{
    operation_recorder recorder(at(60s));
    auto attempt = event_of(event_kind::attempt_end, operation::raw);
    attempt.status = 429;
    attempt.when = at(59s);
    recorder.on_event(attempt);
    BOOST_TEST(recorder.late_answers_429() == 0U);
    attempt.when = at(60s);
    recorder.on_event(attempt);
    BOOST_TEST(recorder.late_answers_429() == 1U);
    BOOST_TEST(recorder.answers_429() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
