#include "generations.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <optional>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

class handoff_flow_fixture : public generation_fixture
{
public:
    handoff_flow_fixture() { reset_counts(); }

    void reset_counts()
    {
        gets = requests_of(operation::get_handoff_status);
        posts = requests_of("poll_handoff");
        cancels = requests_of(operation::cancel_handoff);
        denials = requests_of(operation::deny_handoff);
        completions = requests_of(operation::complete_handoff);
    }

    std::uint64_t new_gets() const { return requests_of(operation::get_handoff_status) - gets; }

    std::uint64_t new_posts() const { return requests_of("poll_handoff") - posts; }

    std::uint64_t new_cancels() const { return requests_of(operation::cancel_handoff) - cancels; }

    std::uint64_t new_denials() const { return requests_of(operation::deny_handoff) - denials; }

    std::uint64_t new_completions() const { return requests_of(operation::complete_handoff) - completions; }

    /// Each was polled in the way of its generation, and in no other.
    void check_polls(std::uint64_t count)
    {
        BOOST_TEST(new_gets() == (newer ? 0U : count));
        BOOST_TEST(new_posts() == (newer ? count : 0U));
    }

    static approve_handoff_options refusing(std::optional<handoff_info>& told)
    {
        return approve_handoff_options().with_confirm(
            [&told](std::optional<handoff_info> info) -> asio::awaitable<bool> {
                told = std::move(info);
                co_return false;
            });
    }

    std::uint64_t gets = 0;
    std::uint64_t posts = 0;
    std::uint64_t cancels = 0;
    std::uint64_t denials = 0;
    std::uint64_t completions = 0;
};

BOOST_FIXTURE_TEST_SUITE(handoff_flows, handoff_flow_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, both_roles_meet, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    BOOST_TEST(pending.code().size() == 9U);
    BOOST_TEST((pending.expires_at() > server.now() + 4min));
    BOOST_TEST((pending.ends_at() > std::chrono::steady_clock::now() + 4min));
    BOOST_TEST(pending.ticket().poll_secret.has_value() == newer);

    auto const approval = ok(approve_handoff(api, approver(), pending.code()));
    BOOST_TEST(approval.approved);
    BOOST_TEST(!approval.return_url.has_value());
    BOOST_REQUIRE(approval.info.has_value() == newer);
    if (newer) {
        BOOST_TEST(approval.info->masked_ip.value() == "127.0.x.x");
        BOOST_TEST(approval.info->client_info->device.has_value());
    }

    auto const waited = run(pending.wait());
    BOOST_TEST(to_string(waited.status) == "completed");
    BOOST_REQUIRE(waited.session.has_value());
    BOOST_TEST(waited.session->user_id == user_id);
    BOOST_TEST(server.is_session(waited.session->token.reveal()));
    check_polls(1);
    BOOST_TEST(new_cancels() == 0U);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, codes_are_normalised, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    std::string typed(pending.code().reveal());
    for (char& c : typed)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    typed.erase(4, 1);
    typed.insert(2, " ");
    BOOST_TEST(ok(approve_handoff(api, approver(), typed)).approved);
    BOOST_TEST(to_string(run(pending.wait()).status) == "completed");
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, what_is_no_code_is_not_sent, generations, generation)
{
    play(generation);
    auto const own = approver();
    for (auto const* code : {"", "ABC", "ABCD-EFG0", "ABCD-EFGHJ", "abcd/efgh"})
        refused(approve_handoff(api, own, code), operation::complete_handoff, {{"code", "INVALID_FORMAT"}});
}

BOOST_DATA_TEST_CASE_F(
    handoff_flow_fixture, a_wrong_code_is_found_before_a_session_is_made, generations, generation)
{
    play(generation);
    auto const own = approver();
    auto const before = server.sessions_of(email).size();
    auto const e = fails(approve_handoff(api, own, "ABCD-EFGH"));
    check_failure(e, newer ? operation::get_handoff_info : operation::complete_handoff, bad_handoff_code);
    // The older server leaves one behind (contract 5.26).
    BOOST_TEST(server.sessions_of(email).size() == before + (newer ? 0U : 1U));
    BOOST_TEST(new_completions() == (newer ? 0U : 1U));
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, the_approver_can_refuse, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    std::optional<handoff_info> told;
    auto const approval = ok(approve_handoff(api, approver(), pending.code(), refusing(told)));
    BOOST_TEST(!approval.approved);
    BOOST_TEST(told.has_value() == newer);
    BOOST_TEST(new_completions() == 0U);
    BOOST_TEST(new_denials() == 1U);
    BOOST_TEST(new_cancels() == (newer ? 0U : 1U));
    auto const waited = run(pending.wait());
    BOOST_TEST(to_string(waited.status) == (newer ? "denied" : "expired"));
    check_polls(1);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, an_abandoned_code_is_cancelled, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api, start_handoff_options().with_cancel_on_abandon()));
    auto const waited = run(pending.wait(poll_options().with_deadline(100ms)));
    BOOST_TEST(to_string(waited.status) == "gave up");
    run.until([&] { return new_cancels() == 1U; });
    auto const e = fails(api.complete_handoff({pending.code(), add_session(), user_id}));
    check_failure(e, operation::complete_handoff, bad_handoff_code);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, a_cancelled_wait_is_an_abandoned_one, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api, start_handoff_options().with_cancel_on_abandon()));
    asio::cancellation_signal stop;
    poll_options options;
    options.on_progress = [&](poll_progress const&) {
        asio::post(run.executor(), [&] { stop.emit(asio::cancellation_type::total); });
    };
    std::optional<wait_outcome> waited;
    asio::co_spawn(
        run.executor(), pending.wait(std::move(options)),
        asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr, wait_outcome outcome) { waited = std::move(outcome); }));
    run.until([&] { return waited.has_value() && new_cancels() == 1U; });
    BOOST_TEST(to_string(waited->status) == "cancelled");
    check_polls(1);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, a_code_is_kept_unless_asked_otherwise, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    auto const waited = run(pending.wait(poll_options().with_deadline(100ms)));
    BOOST_TEST(to_string(waited.status) == "gave up");
    ok(api.complete_handoff({pending.code(), add_session(), user_id}));
    BOOST_TEST(to_string(run(pending.wait()).status) == "completed");
    BOOST_TEST(new_cancels() == 0U);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, a_pending_handoff_can_be_cancelled, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    ok(pending.cancel());
    BOOST_TEST(to_string(run(pending.wait()).status) == "expired");
    check_polls(1);
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, a_session_whose_answer_is_lost_is_lost, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    ok(approve_handoff(api, approver(), pending.code()));
    server.set_fault(
        newer ? "poll_handoff" : "get_handoff_status", sandbox_fault(sandbox_fault_kind::truncate));
    BOOST_TEST(to_string(run(pending.wait()).status) == "lost");
    check_polls(2);
}

BOOST_AUTO_TEST_CASE(a_newer_server_may_say_where_to_go)
{
    play("2026-09");
    server.set_handoff_return_url("https://web.fluxer.test/done");
    auto const pending = ok(start_handoff(api));
    BOOST_TEST(pending.ticket().return_method.value() == "redirect");
    auto const approval = ok(approve_handoff(api, approver(), pending.code()));
    BOOST_TEST(approval.return_url.value() == "https://web.fluxer.test/done");
    // The plain operation takes the same answer for the success that it is.
    auto const another = ok(start_handoff(api));
    ok(api.complete_handoff({another.code(), add_session(), user_id}));
}

BOOST_AUTO_TEST_CASE(a_code_that_is_over_is_not_completed)
{
    play("2026-09");
    auto const own = approver();
    for (auto const* status : {"expired", "denied", "completed"}) {
        sandbox_fault over(sandbox_fault_kind::answer);
        over.status = 200;
        over.body = std::string(R"({"status":")") + status + R"(","client_info":null})";
        server.set_fault("get_handoff_info", over);
        auto asked = false;
        auto options = approve_handoff_options().with_confirm(
            [&asked](std::optional<handoff_info>) -> asio::awaitable<bool> {
                asked = true;
                co_return true;
            });
        auto const e = fails(approve_handoff(api, own, "ABCD-EFGH", std::move(options)));
        BOOST_TEST((e.code() == errc::rejected));
        BOOST_TEST(e.message().find(status) != std::string::npos);
        BOOST_TEST(!asked);
    }
    BOOST_TEST(new_completions() == 0U);
}

BOOST_AUTO_TEST_CASE(refusing_needs_no_poll_secret_where_denying_is_unknown)
{
    play("2026-09");
    auto const pending = ok(start_handoff(api));
    sandbox_fault unknown(sandbox_fault_kind::answer);
    unknown.status = 404;
    unknown.body = R"({"code":"NOT_FOUND","message":"no"})";
    server.set_fault("deny_handoff", unknown);
    std::optional<handoff_info> told;
    auto const approval = ok(approve_handoff(api, approver(), pending.code(), refusing(told)));
    BOOST_TEST(!approval.approved);
    BOOST_TEST(told.has_value());
    BOOST_TEST(new_cancels() == 0U);
}

// A server that forgot its newer ways, or a proxy that lets no POST pass.
BOOST_AUTO_TEST_CASE(without_the_post_it_polls_by_get_and_stays_there)
{
    play("2026-09");
    auto const pending = ok(start_handoff(api));
    play("2026-02");
    poll_options options;
    options.on_progress = [&](poll_progress const& seen) {
        if (seen.polls == 1)
            asio::co_spawn(
                run.executor(), api.complete_handoff({pending.code(), add_session(), user_id}),
                asio::detached);
    };
    auto const waited = run(pending.wait(std::move(options)));
    BOOST_TEST(to_string(waited.status) == "completed");
    BOOST_TEST(waited.polls == 2U);
    BOOST_TEST(new_posts() == 1U);
    BOOST_TEST(new_gets() == 2U);
}

BOOST_AUTO_TEST_CASE(a_405_to_the_post_is_as_good)
{
    play("2026-09");
    auto const pending = ok(start_handoff(api));
    sandbox_fault fault(sandbox_fault_kind::html);
    fault.status = 405;
    server.set_fault("poll_handoff", fault);
    auto const waited = run(pending.wait(poll_options().with_deadline(1s)));
    BOOST_TEST(to_string(waited.status) == "gave up");
    BOOST_TEST(new_posts() == 1U);
    BOOST_TEST(new_gets() == 1U);
}

BOOST_AUTO_TEST_CASE(a_get_never_yields_what_has_a_poll_secret)
{
    play("2026-09");
    auto const pending = ok(start_handoff(api));
    ok(approve_handoff(api, approver(), pending.code()));
    auto const looked = ok(api.get_handoff_status(pending.code()));
    BOOST_TEST((looked.state == handoff_state::pending));
    BOOST_TEST(!looked.session.has_value());
    handoff_reference const wrong(pending.code(), "not-the-secret");
    check_failure(fails(api.get_handoff_status(wrong)), operation::get_handoff_status, bad_handoff_code);
    check_failure(fails(api.cancel_handoff(wrong)), operation::cancel_handoff, bad_handoff_code);
    check_failure(fails(api.cancel_handoff(pending.code())), operation::cancel_handoff, bad_handoff_code);
    BOOST_TEST(ok(api.get_handoff_status(pending.ticket())).session.has_value());
}

BOOST_DATA_TEST_CASE_F(handoff_flow_fixture, repeated_bad_codes_lock_out, generations, generation)
{
    play(generation);
    auto const pending = ok(start_handoff(api));
    auto const own = approver();
    for (int i = 0; i < 5; ++i)
        check_failure(
            fails(api.complete_handoff({"ABCD-EFGH", own.token, user_id})), operation::complete_handoff,
            bad_handoff_code);
    if (!newer) {
        ok(api.complete_handoff({pending.code(), own.token, user_id}));
        return;
    }
    check_failure(
        fails(approve_handoff(api, own, pending.code())), operation::get_handoff_info, bad_handoff_code);
    check_failure(
        fails(api.complete_handoff({pending.code(), own.token, user_id})), operation::complete_handoff,
        bad_handoff_code);
    auto const waited = run(pending.wait());
    BOOST_TEST(to_string(waited.status) == "gave up");
    BOOST_REQUIRE(waited.error.has_value());
    check_failure(*waited.error, operation::get_handoff_status, bad_handoff_code);
    check_polls(1);
    // Other addresses are not concerned, and this one is not for ever.
    call_options const elsewhere = call_options().with_header("X-Forwarded-For", other_ip);
    ok(api.get_handoff_info(pending.code(), elsewhere));
    server.advance_clock(15min);
    auto const later = ok(start_handoff(api));
    BOOST_TEST(ok(approve_handoff(api, own, later.code())).approved);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
