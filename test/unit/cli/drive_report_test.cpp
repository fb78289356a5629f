#include "cli/drive_report.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/error.hpp>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

flow_times::time_point at(std::chrono::milliseconds time)
{
    return flow_times::time_point(time);
}

flow_times times(
    std::chrono::milliseconds due, std::chrono::milliseconds started, std::chrono::milliseconds ended)
{
    flow_times when;
    when.due = at(due);
    when.started = at(started);
    when.ended = at(ended);
    return when;
}

error refusal(phase where)
{
    error_info info;
    info.code = errc::rate_limited;
    info.operation = operation::login_user;
    info.phase = where;
    return error(std::move(info));
}

void complete(drive_ledger& ledger, flow_kind kind, flow_times const& when)
{
    ledger.start(kind);
    ledger.complete(kind, when);
}

void fail(drive_ledger& ledger, flow_kind kind, flow_failure why)
{
    ledger.start(kind);
    ledger.fail(kind, std::move(why));
}

drive_outcome good_drive()
{
    drive_outcome outcome;
    outcome.took = 2s;
    outcome.operations = std::make_shared<operation_recorder>(at(60s));
    outcome.stats.requests_sent = 6;
    complete(outcome.ledger, flow_kind::login, times(0ms, 900ms, 1'000ms));
    complete(outcome.ledger, flow_kind::ip, times(0ms, 0ms, 2'000ms));
    return outcome;
}

drive_settings good_settings()
{
    drive_settings settings;
    settings.base_url = "https://localhost/v1";
    settings.mix = "login=1,totp=0,ip=1,handoff=0";
    settings.seed = 5;
    settings.requests_at_server = 6;
    return settings;
}

std::string complaint(drive_outcome const& outcome, drive_settings const& settings)
{
    auto const all = drive_complaints(outcome, settings);
    BOOST_TEST(all.size() <= 1U);
    return all.empty() ? std::string{} : all.front();
}

void answer_429(drive_outcome& outcome, std::chrono::milliseconds when)
{
    event what;
    what.kind = event_kind::attempt_end;
    what.status = 429;
    what.when = at(when);
    outcome.operations->on_event(what);
}

std::string text_of(drive_ledger const& ledger, double recent_rate)
{
    drive_progress now;
    now.flows = 2'000;
    now.in_flight = 64;
    now.elapsed = 1s;
    now.recent_rate = recent_rate;
    now.ledger = &ledger;
    return drive_text(now);
}

} // namespace

BOOST_AUTO_TEST_SUITE(drive_report_suite)

BOOST_AUTO_TEST_CASE(waiting_to_begin_belongs_to_latency)
{
    auto const outcome = good_drive();
    BOOST_TEST((outcome.ledger.service_times(flow_kind::login).largest() == 100ms));
    BOOST_TEST((outcome.ledger.latencies(flow_kind::login).largest() == 1'000ms));
    BOOST_TEST((outcome.ledger.start_delays().largest() == 900ms));

    auto settings = good_settings();
    BOOST_TEST(drive_tables(outcome, settings, 0).find("since its user came") == std::string::npos);
    settings.rate = 10;
    auto const open = drive_tables(outcome, settings, 0);
    BOOST_TEST(open.find("\nlogin                      1  1.00 s") != std::string::npos);
    BOOST_TEST(open.find("\nof that, waiting to begin  2    0 us  900 ms") != std::string::npos);
    BOOST_TEST(open.find("\nlogin                1  100 ms") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reasons_are_counted)
{
    auto outcome = good_drive();
    for (auto i = 0; i < 2; ++i)
        fail(outcome.ledger, flow_kind::login, flow_failure(refusal(phase::done)));
    fail(outcome.ledger, flow_kind::login, flow_failure(refusal(phase::rate_limit)));
    fail(outcome.ledger, flow_kind::totp, flow_failure("wait_for_handoff", "lost\x1b"));
    BOOST_TEST(outcome.ledger.failures().size() == 3U);

    auto const text = drive_tables(outcome, good_settings(), 0);
    BOOST_TEST(text.find("\nlogin     2  login_user        too many requests  done\n") != std::string::npos);
    BOOST_TEST(
        text.find("\nlogin     1  login_user        too many requests  rate_limit\n") != std::string::npos);
    BOOST_TEST(text.find("\ntotp      1  wait_for_handoff  lost?\n") != std::string::npos);
    BOOST_TEST(text.find("\ne.g. login_user: ") != std::string::npos);
    BOOST_TEST(complaint(outcome, good_settings()) == "4 of 6 flows failed");
}

BOOST_AUTO_TEST_CASE(what_is_wrong)
{
    BOOST_TEST(complaint(good_drive(), good_settings()) == "");
    auto settings = good_settings();
    settings.requests_at_server = 7;
    BOOST_TEST(complaint(good_drive(), settings) == "6 requests were sent, the sandbox counted 7");
    auto interrupted = good_drive();
    interrupted.interrupted = true;
    BOOST_TEST(complaint(interrupted, settings) == "");
    auto stuck = good_drive();
    stuck.stuck = true;
    BOOST_TEST(complaint(stuck, good_settings()) == "flows had not ended long after they were cancelled");
    auto vanished = good_drive();
    vanished.ledger.start(flow_kind::totp);
    BOOST_TEST(complaint(vanished, good_settings()) == "some flows ended in no way that was counted");
}

BOOST_AUTO_TEST_CASE(answers_429_are_the_governors_fault_after_its_time_to_learn)
{
    auto outcome = good_drive();
    answer_429(outcome, 59s);
    BOOST_TEST(complaint(outcome, good_settings()) == "");
    answer_429(outcome, 61s);
    BOOST_TEST(
        complaint(outcome, good_settings()) ==
        "1 answers 429 after the first minute, in spite of the governor");
    auto settings = good_settings();
    settings.governor = rate_mode::off;
    BOOST_TEST(complaint(outcome, settings) == "");
}

BOOST_AUTO_TEST_CASE(progress)
{
    drive_ledger ledger;
    BOOST_TEST(text_of(ledger, 0) == "0 of 2,000, 0.0/s, 64 in flight, 0 failed");
    complete(ledger, flow_kind::login, times(0ms, 0ms, 1ms));
    for (auto const* reason : {"a", "b", "b", "c"})
        fail(ledger, flow_kind::login, flow_failure("x", reason));
    BOOST_TEST(
        text_of(ledger, 199.5) ==
        "5 of 2,000, 199/s, 64 in flight, 10.0 s left, 4 failed (2 x: b; 1 x: c; ...)");
}

BOOST_AUTO_TEST_CASE(for_programs)
{
    auto outcome = good_drive();
    fail(outcome.ledger, flow_kind::handoff, flow_failure(refusal(phase::done)));
    event call;
    call.kind = event_kind::call_end;
    call.operation = operation::login_user;
    call.duration = 7ms;
    outcome.operations->on_event(call);
    auto settings = good_settings();
    settings.rate = 2.5;
    auto const all = drive_json(outcome, settings);
    BOOST_TEST(all.at("version").as_int64() == 1);
    BOOST_TEST(all.at("settings").at("loop").as_string() == "open");
    BOOST_TEST(all.at("settings").at("rate").as_double() == 2.5);
    BOOST_TEST(all.at("flows").at("completed").to_number<int>() == 2);
    BOOST_TEST(all.at("by_kind").at("login").at("latency").at("max_us").to_number<int>() == 1'000'000);
    BOOST_TEST(all.at("by_kind").at("login").at("service_time").at("p99.9_us").to_number<int>() == 100'000);
    BOOST_TEST(
        all.at("by_operation").at("login_user").at("call_time").at("max_us").to_number<int>() == 7'000);
    BOOST_TEST(!all.at("by_operation").as_object().contains("logout_user"));
    auto const& failure = all.at("failures").at(0);
    BOOST_TEST(failure.at("flow").as_string() == "handoff");
    BOOST_TEST(failure.at("phase").as_string() == "done");
    BOOST_TEST(failure.at("count").to_number<int>() == 1);
    BOOST_TEST(all.at("complaints").as_array().size() == 1U);

    settings.rate.reset();
    auto const closed = drive_json(outcome, settings);
    BOOST_TEST(closed.at("settings").at("loop").as_string() == "closed");
    BOOST_TEST(!closed.contains("start_delay"));
    BOOST_TEST(!closed.at("by_kind").at("login").as_object().contains("latency"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
