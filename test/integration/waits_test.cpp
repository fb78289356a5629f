#include "generations.hpp"

#include <fluxer/auth/flows.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <vector>

// Waits of more than one poll, which take 2 s from one to the next: the contract asks for that.

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
namespace data = boost::unit_test::data;

class waits_fixture : public generation_fixture
{
public:
    ip_authorization waiting_login()
    {
        server.set_client_ip(other_ip);
        auto const e = fails(api.login_user({email, password}));
        BOOST_REQUIRE(e.ip_authorization() != nullptr);
        return *e.ip_authorization();
    }

    void confirm_by_mail()
    {
        auto const mail = server.last_mail(email, "ip_authorization");
        BOOST_REQUIRE(mail.has_value());
        auto token = token_from_link(mail->link);
        BOOST_REQUIRE(token.has_value());
        ok(api.authorize_ip_address({*std::move(token)}));
    }

    /// What the next poll is answered.
    void next_poll(char const* what, sandbox_fault_kind kind, int status, std::string body = {})
    {
        sandbox_fault fault(kind);
        fault.status = status;
        fault.body = std::move(body);
        server.set_fault(what, fault);
    }

    /// By which a wait for a handoff polls.
    char const* handoff_poll() const { return newer ? "poll_handoff" : "get_handoff_status"; }

    poll_options watched()
    {
        poll_options options;
        options.jitter_percent = 0;
        options.on_progress = [this](poll_progress const& seen) { progress.push_back(seen); };
        return options;
    }

    asio::awaitable<void> complete(auth::handoff begun)
    {
        auto const done =
            co_await api.complete_handoff({begun.code, add_session(), *server.user_id_of(email)});
        good(done);
    }

    std::vector<poll_progress> progress;
};

constexpr char const* ip_poll = "poll_ip_authorization";

BOOST_FIXTURE_TEST_SUITE(waits, waits_fixture, *utf::fixture<suite_sandbox>())

// The server drops the ticket a moment before it publishes the session (contract 9.2).
BOOST_DATA_TEST_CASE(one_400_is_no_end, data::make(generations), generation)
{
    play(generation);
    auto const before = requests_of(operation::poll_ip_authorization);
    auto const ticket = waiting_login();
    confirm_by_mail();
    next_poll(
        ip_poll, sandbox_fault_kind::answer, 400,
        R"({"code":"INVALID_FORM_BODY","message":"m","errors":[{"path":"ticket","message":"m","code":"INVALID_OR_EXPIRED_AUTHORIZATION_TICKET"}]})");
    auto const waited = run(wait_for_ip_authorization(api, ticket, watched()));
    BOOST_TEST(to_string(waited.status) == "completed");
    BOOST_TEST(waited.session.has_value());
    BOOST_TEST(waited.polls == 2U);
    BOOST_TEST(requests_of(operation::poll_ip_authorization) - before == 2U);
    BOOST_REQUIRE(progress.size() == 1U);
    BOOST_TEST(progress[0].polls == 1U);
    BOOST_TEST(progress[0].failures_in_a_row == 0U);
    BOOST_TEST((progress[0].next_poll_in >= 2s && progress[0].next_poll_in < 2'010ms));
    BOOST_TEST(progress[0].expires_in.has_value());
}

BOOST_DATA_TEST_CASE(a_ticket_that_has_expired_ends_the_wait, data::make(generations), generation)
{
    play(generation);
    auto const ticket = waiting_login();
    server.advance_clock(16min);
    auto const waited = run(wait_for_ip_authorization(api, ticket, watched()));
    BOOST_TEST(to_string(waited.status) == "expired");
    BOOST_TEST(!waited.session.has_value());
    BOOST_TEST(waited.polls == 2U); // the second confirms the first
}

BOOST_DATA_TEST_CASE(failures_of_the_server_do_not_end_the_wait, data::make(generations), generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    ok(api.complete_handoff({begun.code, add_session(), *server.user_id_of(email)}));
    next_poll(handoff_poll(), sandbox_fault_kind::html, 502);
    auto const waited = run(wait_for_handoff(api, begun, watched()));
    BOOST_TEST(to_string(waited.status) == "completed");
    BOOST_TEST(waited.session.has_value());
    BOOST_TEST(waited.polls == 2U);
    BOOST_REQUIRE(progress.size() == 1U);
    BOOST_TEST(progress[0].failures_in_a_row == 1U);
}

BOOST_DATA_TEST_CASE(a_server_that_asks_for_more_time_gets_it, data::make(generations), generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    next_poll(
        handoff_poll(), sandbox_fault_kind::answer, 429,
        R"({"code":"RATE_LIMITED","message":"m","retry_after":4.5,"global":false})");
    auto options = watched().with_deadline(3s);
    auto const waited = run(wait_for_handoff(api, begun, std::move(options)));
    // The pause would have outlasted the caller's deadline, so that it was not begun.
    BOOST_TEST(to_string(waited.status) == "gave up");
    BOOST_TEST(waited.polls == 1U);
    BOOST_REQUIRE(waited.error.has_value());
    BOOST_TEST((waited.error->retry_after() == 4'500ms));
    BOOST_TEST(progress.empty());
}

BOOST_DATA_TEST_CASE(a_deadline_ends_the_wait_between_two_polls, data::make(generations), generation)
{
    play(generation);
    auto const ticket = waiting_login();
    auto const waited = run(wait_for_ip_authorization(api, ticket, watched().with_deadline(3'900ms)));
    BOOST_TEST(to_string(waited.status) == "gave up");
    BOOST_TEST(waited.polls == 2U); // at once and after 2 s, but not at the end
    BOOST_TEST(!waited.session.has_value());
    // The ticket is as good as before.
    confirm_by_mail();
    BOOST_TEST(to_string(run(wait_for_ip_authorization(api, ticket)).status) == "completed");
}

BOOST_DATA_TEST_CASE(a_deadline_takes_no_session_that_it_cannot_deliver, data::make(generations), generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    auto options = poll_options().with_deadline(1s);
    // Completed within the only pause, at whose end the deadline is.
    options.on_progress = [&](poll_progress const&) {
        asio::post(run.executor(), [&] { asio::co_spawn(run.executor(), complete(begun), asio::detached); });
    };
    auto const waited = run(wait_for_handoff(api, begun, std::move(options)));
    BOOST_TEST(to_string(waited.status) == "gave up");
    BOOST_TEST(waited.polls == 1U);
    auto const status = ok(api.get_handoff_status(begun));
    BOOST_TEST(status.session.has_value());
}

BOOST_DATA_TEST_CASE(
    a_lost_answer_of_a_completed_handoff_is_said_to_be_lost, data::make(generations), generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    ok(api.complete_handoff({begun.code, add_session(), *server.user_id_of(email)}));
    // The server delivers the session once (contract 9.1), and this is the one time.
    next_poll(handoff_poll(), sandbox_fault_kind::reset_after, 502);
    auto const waited = run(wait_for_handoff(api, begun, watched()));
    BOOST_TEST(to_string(waited.status) == "lost");
    BOOST_TEST(!waited.session.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
