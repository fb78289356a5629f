// The waits for a handoff and for IP authorization, answer by answer; without any socket.
#include "limits/flow_support.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <stdexcept>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* pending_answer = R"({"status":"pending"})";
constexpr char const* expired_answer = R"({"status":"expired"})";
constexpr char const* completed_answer = R"({"status":"completed","token":"flx_made_up","user_id":"17"})";
constexpr char const* authorized_answer = R"({"completed":true,"token":"flx_made_up","user_id":"17"})";
constexpr char const* begun_answer =
    R"({"code":"ABCD-EFGH","expires_at":"2026-11-24T03:02:42.600Z","poll_secret":"made-up-poll-secret"})";

struct wait_fixture : flow_fixture
{
    wait_fixture() { polling.jitter_percent = 0; }

    static handoff ticket(bool with_secret = false)
    {
        handoff made;
        made.code = "ABCD-EFGH";
        if (with_secret)
            made.poll_secret = "made-up-poll-secret";
        return made;
    }

    wait_outcome wait(bool with_secret = false)
    {
        return run(context, wait_for_handoff(make(), ticket(with_secret), polling));
    }

    wait_outcome wait_for_the_end_in(milliseconds left)
    {
        auto used = make(); // which may take a second
        auto ending = ticket();
        // The last look comes a second before the end.
        ending.received_at = std::chrono::steady_clock::now() - 5min + 1s + left;
        return run(context, wait_for_handoff(std::move(used), std::move(ending), polling));
    }

    std::size_t count(std::string_view method) const
    {
        return static_cast<std::size_t>(std::count_if(
            asked.begin(), asked.end(), [&](std::string const& one) { return one.starts_with(method); }));
    }

    /// A handoff whose code is cancelled if nobody waits for it any more.
    pending_handoff begin_handoff()
    {
        will(200, begun_answer);
        auto begun = run(context, start_handoff(make(), start_handoff_options().with_cancel_on_abandon()));
        BOOST_REQUIRE(begun.has_value());
        return *std::move(begun);
    }

    poll_options polling;
};

/// How a caller gets to the wait's own answer although it was cancelled before.
asio::awaitable<wait_outcome> wait_after_cancellation(pending_handoff const& of)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    auto outcome = co_await of.wait();
    co_return outcome;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(waits, wait_fixture)

// The server hands the session out with the answer `completed` only (contract 9.1): a refusal holds none.
BOOST_AUTO_TEST_CASE(who_was_refused_has_lost_nothing)
{
    will(429, R"({"code":"RATE_LIMITED","message":"m","retry_after":1})");
    will(200, expired_answer);
    auto const outcome = wait();
    BOOST_TEST(outcome.polls == 2U);
    BOOST_TEST(outcome.status == wait_status::expired);
}

BOOST_AUTO_TEST_CASE(an_answer_that_did_not_arrive_may_have_held_the_session)
{
    will_be_lost();
    will(200, expired_answer);
    BOOST_TEST(wait().status == wait_status::lost);

    will(502, "<html>");
    will(200, expired_answer);
    BOOST_TEST(wait().status == wait_status::lost);

    will(200, R"({"status":"completed","token":)");
    will(200, expired_answer);
    BOOST_TEST(wait().status == wait_status::lost);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_make_good_what_was_lost_before)
{
    will_be_lost();
    will(429, R"({"code":"RATE_LIMITED","message":"m","retry_after":1})");
    will(200, expired_answer);
    BOOST_TEST(wait().status == wait_status::lost);
}

// Nothing has said "not yet" since, so that the session may have gone with it, however the code ended.
BOOST_AUTO_TEST_CASE(nor_does_the_end_of_the_code)
{
    will_be_lost();
    will(200, expired_answer);
    auto const told = wait_for_the_end_in(2s);
    BOOST_TEST(told.polls == 2U);
    BOOST_TEST(told.status == wait_status::lost);

    will_be_lost();
    auto const untold = wait_for_the_end_in(0s);
    BOOST_TEST(untold.polls == 1U);
    BOOST_TEST(untold.status == wait_status::lost);
}

BOOST_AUTO_TEST_CASE(a_code_that_ends_without_a_loss_has_expired)
{
    will(200, pending_answer);
    will(200, expired_answer);
    BOOST_TEST(wait_for_the_end_in(2s).status == wait_status::expired);

    will(200, pending_answer);
    BOOST_TEST(wait_for_the_end_in(0s).status == wait_status::expired);

    will_be_lost();
    will(200, pending_answer);
    BOOST_TEST(wait_for_the_end_in(2s).status == wait_status::expired);
}

// What a lost answer held can be read again there.
BOOST_AUTO_TEST_CASE(an_authorization_of_an_address_is_never_lost)
{
    ip_authorization mailed;
    mailed.ticket = "made-up-ticket";
    will_be_lost();
    for (int count = 0; count < 2; ++count)
        will(400, R"({"code":"INVALID_FORM_BODY","message":"m","errors":[{"path":"ticket","message":"m"}]})");
    auto const outcome = run(context, wait_for_ip_authorization(make(), mailed, polling));
    BOOST_TEST(outcome.status == wait_status::expired);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_lets_no_post_pass_may_have_failed_before)
{
    will(502, "<html>");
    will(405, "<html>");
    will(200, completed_answer);
    auto const outcome = wait(true);
    BOOST_TEST(outcome.status == wait_status::completed);
    BOOST_TEST(count("POST") == 2U);
    BOOST_TEST(count("GET") == 1U);
}

BOOST_AUTO_TEST_CASE(a_page_that_says_404_is_no_server_without_the_post)
{
    will(404, "<html>");
    will(200, completed_answer);
    auto const outcome = wait(true);
    BOOST_TEST(outcome.status == wait_status::completed);
    BOOST_TEST(count("POST") == 2U);
    BOOST_TEST(count("GET") == 0U);
}

// Nor does it end the wait for an address, after whose mail there is no other.
BOOST_AUTO_TEST_CASE(a_page_that_says_404_ends_no_wait)
{
    ip_authorization mailed;
    mailed.ticket = "made-up-ticket";
    will(404, "<html>");
    will(200, authorized_answer);
    auto const outcome = run(context, wait_for_ip_authorization(make(), mailed, polling));
    BOOST_TEST(outcome.polls == 2U);
    BOOST_TEST(outcome.status == wait_status::completed);
}

// A GET that is not answered well says nothing about the server either, which may yield no session without its POST.
BOOST_AUTO_TEST_CASE(a_page_that_says_405_is_believed_only_with_an_answer)
{
    will(405, "<html>");
    will(503, "<html>");
    will(200, completed_answer);
    auto const outcome = wait(true);
    BOOST_TEST(outcome.status == wait_status::completed);
    BOOST_TEST(count("POST") == 2U);
    BOOST_TEST(count("GET") == 1U);
}

// The server's own clock for the code ran before its answer came.
BOOST_AUTO_TEST_CASE(the_last_look_at_a_code_comes_before_its_end)
{
    std::vector<milliseconds> pauses;
    polling.on_progress = [&](poll_progress const& seen) { pauses.push_back(seen.next_poll_in); };
    polling.interval = 1h;
    polling.max_backoff = 1h;
    will(200, pending_answer);
    will(200, expired_answer);
    auto used = make();
    auto ending = ticket();
    ending.received_at = std::chrono::steady_clock::now() - 5min + 5s;
    BOOST_TEST(
        run(context, wait_for_handoff(std::move(used), std::move(ending), polling)).status ==
        wait_status::expired);
    BOOST_REQUIRE(pauses.size() == 1U);
    BOOST_TEST((pauses[0] <= 4s), pauses[0].count());
}

// What was published a moment before the end can be read for a minute.
BOOST_AUTO_TEST_CASE(a_ticket_does_not_end_with_a_look_that_failed)
{
    will(503, "<html>");
    will(200, authorized_answer);
    auto used = make();
    ip_authorization mailed;
    mailed.ticket = "made-up-ticket";
    mailed.received_at = std::chrono::steady_clock::now() - 15min;
    auto const outcome = run(context, wait_for_ip_authorization(std::move(used), mailed, polling));
    BOOST_TEST(outcome.polls == 2U);
    BOOST_TEST(outcome.status == wait_status::completed);
}

BOOST_AUTO_TEST_CASE(a_server_that_has_answered_the_post_knows_it)
{
    will(200, pending_answer);
    will(404, R"({"code":"NOT_FOUND","message":"m"})");
    auto const outcome = wait(true);
    BOOST_TEST(outcome.status == wait_status::gave_up);
    BOOST_TEST(count("POST") == 2U);
    BOOST_TEST(count("GET") == 0U);
}

// What is left of the deadline after the pause is less than a look may take, which could take the session with it.
BOOST_AUTO_TEST_CASE(no_look_begins_right_before_the_deadline)
{
    polling.deadline = 2'900ms;
    will(200, pending_answer);
    will(200, completed_answer);
    auto const outcome = wait();
    BOOST_TEST(outcome.status == wait_status::gave_up);
    BOOST_TEST(outcome.polls == 1U);
}

BOOST_AUTO_TEST_CASE(the_first_look_happens_whatever_the_deadline_is)
{
    polling.deadline = 1ms;
    will(200, completed_answer);
    auto const outcome = wait();
    BOOST_TEST(outcome.polls == 1U);
}

// It is good for another second, in which another device could complete it.
BOOST_AUTO_TEST_CASE(a_code_that_is_good_behind_the_last_look_is_abandoned)
{
    auto used = make();
    auto ending = ticket();
    auto const end = std::chrono::steady_clock::now() + 900ms;
    ending.received_at = end - 5min;
    will(200, pending_answer);
    will(204);
    BOOST_TEST(
        run(context, pending_handoff(used, ending, true).wait(polling)).status == wait_status::expired);
    bool const was_good = std::chrono::steady_clock::now() < end;
    if (was_good)
        run_until(context, [&] { return count("DELETE") == 1U; });
    else
        BOOST_TEST_MESSAGE("not judged: this machine took a second for nothing");
}

BOOST_AUTO_TEST_CASE(a_code_that_the_server_says_is_over_needs_no_cancelling)
{
    auto used = make();
    auto fresh = ticket();
    fresh.received_at = std::chrono::steady_clock::now();
    will(200, expired_answer);
    BOOST_TEST(run(context, pending_handoff(used, fresh, true).wait(polling)).status == wait_status::expired);
    context.restart();
    context.poll();
    BOOST_TEST(count("DELETE") == 0U);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_before_it_begins_abandons_its_code)
{
    auto const begun = begin_handoff();
    will(204);
    pending<wait_outcome> waiting(context, wait_after_cancellation(begun));
    context.poll();
    waiting.cancel(asio::cancellation_type::terminal);
    BOOST_TEST(waiting.get(context).status == wait_status::cancelled);
    run_until(context, [&] { return count("DELETE") == 1U; });
    BOOST_TEST(asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_ended_by_its_progress_abandons_its_code)
{
    auto const begun = begin_handoff();
    will(200, pending_answer);
    will(204);
    polling.on_progress = [](poll_progress const&) { throw std::runtime_error("no display"); };
    BOOST_CHECK_THROW(run(context, begun.wait(polling)), std::runtime_error);
    run_until(context, [&] { return count("DELETE") == 1U; });
    BOOST_TEST(seen.back().body.reveal().find("made-up-poll-secret") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(options_have_ranges)
{
    std::vector<std::pair<std::string, std::function<void(poll_options&)>>> const bad{
        {"interval", [](poll_options& in) { in.interval = 1h + 1ms; }},
        {"jitter_percent", [](poll_options& in) { in.jitter_percent = 101; }},
        {"max_backoff", [](poll_options& in) { in.max_backoff = 1'999ms; }},
        {"max_backoff", [](poll_options& in) { in.max_backoff = 1h + 1ms; }},
        {"deadline", [](poll_options& in) { in.deadline = 0ms; }},
        {"deadline", [](poll_options& in) { in.deadline = -1ms; }},
        {"deadline", [](poll_options& in) { in.deadline = 24h + 1ms; }},
        {"deadline", [](poll_options& in) { in.deadline = milliseconds::max(); }},
    };
    ip_authorization mailed;
    mailed.ticket = "made-up-ticket";
    for (auto const& [name, spoil] : bad) {
        poll_options spoilt;
        spoil(spoilt);
        std::vector<wait_outcome> outcomes;
        outcomes.push_back(run(context, wait_for_handoff(make(), ticket(), spoilt)));
        outcomes.push_back(run(context, wait_for_ip_authorization(make(), mailed, spoilt)));
        for (auto const& outcome : outcomes) {
            BOOST_TEST(outcome.status == wait_status::gave_up);
            BOOST_REQUIRE(outcome.error.has_value());
            BOOST_TEST((outcome.error->code() == errc::invalid_option));
            BOOST_TEST(outcome.error->message().find(name + " is ") == 0U, outcome.error->message());
        }
    }
    BOOST_TEST(asked.empty());
    polling.interval = 1h;
    polling.jitter_percent = 100;
    polling.max_backoff = 1h;
    polling.deadline = 24h;
    will(200, completed_answer);
    BOOST_TEST(wait().status == wait_status::completed);
}

BOOST_AUTO_TEST_SUITE_END()
