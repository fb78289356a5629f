#include "generations.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

class notice_fixture : public generation_fixture
{
public:
    ip_authorization waiting_login()
    {
        server.set_client_ip(other_ip);
        auto const e = fails(api.login_user({email, password}));
        BOOST_REQUIRE(e.ip_authorization() != nullptr);
        resends = requests_of(operation::resend_ip_authorization);
        looks = requests_of(operation::poll_ip_authorization);
        return *e.ip_authorization();
    }

    /// As if the login had been that long ago.
    ip_authorization older_login(std::chrono::seconds age)
    {
        auto ticket = waiting_login();
        ticket.received_at -= age;
        server.advance_clock(age);
        return ticket;
    }

    void confirm_by_mail()
    {
        auto const mail = server.last_mail(email, "ip_authorization");
        BOOST_REQUIRE(mail.has_value());
        auto token = token_from_link(mail->link);
        BOOST_REQUIRE(token.has_value());
        ok(api.authorize_ip_address({*std::move(token)}));
    }

    std::uint64_t new_resends() const { return requests_of(operation::resend_ip_authorization) - resends; }

    std::uint64_t new_looks() const { return requests_of(operation::poll_ip_authorization) - looks; }

    void check_local(error const& e, errc code)
    {
        BOOST_TEST(e.code() == make_error_code(code));
        BOOST_TEST((e.operation() == operation::resend_ip_authorization));
        BOOST_TEST((e.phase() == phase::validation));
        BOOST_TEST(!e.request_was_sent());
        BOOST_TEST(e.http_status() == 0);
    }

    std::uint64_t resends = 0;
    std::uint64_t looks = 0;
};

BOOST_FIXTURE_TEST_SUITE(ip_authorization_notices, notice_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(notice_fixture, a_resend_has_its_time, generations, generation)
{
    play(generation);
    ip_authorization_notice notice(api, waiting_login());
    BOOST_TEST(notice.email() == email);
    BOOST_TEST((notice.resend_available_in() > 20s && notice.resend_available_in() <= 30s));
    BOOST_TEST((notice.ends_at() > std::chrono::steady_clock::now() + 14min));
    auto const e = fails(notice.resend());
    check_local(e, errc::resend_cooldown);
    BOOST_REQUIRE(e.retry_after().has_value());
    BOOST_TEST((*e.retry_after() > 20s && *e.retry_after() <= 30s));
    BOOST_TEST((e.advice() == retry_advice::after_wait));
    BOOST_TEST(notice.may_resend());
    BOOST_TEST(new_resends() == 0U);
}

BOOST_DATA_TEST_CASE_F(notice_fixture, a_mail_is_sent_again_once, generations, generation)
{
    play(generation);
    ip_authorization_notice notice(api, older_login(31s));
    BOOST_TEST((notice.resend_available_in() == 0ms));
    ok(notice.resend());
    BOOST_TEST(!notice.may_resend());
    BOOST_TEST(server.outbox(email).size() == 2U);
    check_local(fails(notice.resend()), errc::resend_limit);
    BOOST_TEST(new_resends() == 1U);
    BOOST_TEST(server.outbox(email).size() == 2U);

    confirm_by_mail();
    auto const waited = run(notice.wait());
    BOOST_TEST(to_string(waited.status) == "completed");
    BOOST_REQUIRE(waited.session.has_value());
    BOOST_TEST(waited.session->user_id == user_id);
}

BOOST_DATA_TEST_CASE_F(notice_fixture, copies_count_together, generations, generation)
{
    play(generation);
    ip_authorization_notice notice(api, older_login(31s));
    server.set_fault("resend_ip_authorization", sandbox_fault(sandbox_fault_kind::reset_after));
    auto ended = false;
    auto const resend = [&]() -> boost::asio::awaitable<void> {
        auto const answer = co_await notice.resend();
        ended = answer.has_error();
    };
    run.start(resend());
    run.until([&] { return !notice.may_resend(); });
    auto copy = notice;
    check_local(fails(copy.resend()), errc::resend_limit);
    run.until([&] { return ended; });
    // What became of it is not known: the server counts.
    BOOST_TEST(copy.may_resend());
    BOOST_TEST(fails(notice.resend()).http_status() == 429);
    check_local(fails(copy.resend()), errc::resend_limit);
    BOOST_TEST(new_resends() == 2U);
}

BOOST_DATA_TEST_CASE_F(notice_fixture, after_a_lost_answer_the_server_counts, generations, generation)
{
    play(generation);
    ip_authorization_notice notice(api, older_login(31s));
    server.set_fault("resend_ip_authorization", sandbox_fault(sandbox_fault_kind::reset_after));
    check_lost(fails(notice.resend()), operation::resend_ip_authorization);
    BOOST_TEST(notice.may_resend());
    BOOST_TEST(fails(notice.resend()).http_status() == 429);
    BOOST_TEST(!notice.may_resend());
    check_local(fails(notice.resend()), errc::resend_limit);
    BOOST_TEST(new_resends() == 2U);
    BOOST_TEST(server.outbox(email).size() == 2U);
}

BOOST_DATA_TEST_CASE_F(notice_fixture, the_servers_cooldown_is_learnt, generations, generation)
{
    play(generation);
    auto ticket = waiting_login();
    ticket.received_at -= 31s; // this clock is ahead of the server's
    ip_authorization_notice notice(api, ticket);
    auto const e = fails(notice.resend());
    BOOST_TEST(e.code() == make_error_code(errc::resend_cooldown));
    BOOST_TEST(e.http_status() == 429);
    BOOST_TEST((notice.resend_available_in() > 20s));
    check_local(fails(notice.resend()), errc::resend_cooldown);
    BOOST_TEST(new_resends() == 1U);
}

// The session can be read for 60 s (contract 9.2): whatever the interval, the next look comes in time.
BOOST_DATA_TEST_CASE_F(notice_fixture, a_lost_session_is_read_again, generations, generation)
{
    play(generation);
    for (auto const kind : {sandbox_fault_kind::reset_after, sandbox_fault_kind::truncate}) {
        ip_authorization_notice const notice(api, waiting_login());
        confirm_by_mail();
        // One that is reset on a used connection is repeated at once, within the same poll: that is lost, too.
        auto const losses = kind == sandbox_fault_kind::reset_after ? 2 : 1;
        server.set_fault("poll_ip_authorization", sandbox_fault(kind, losses));
        std::vector<poll_progress> progress;
        auto options = poll_options().with_interval(1h);
        options.jitter_percent = 0;
        options.max_backoff = 1h;
        options.on_progress = [&](poll_progress const& seen) { progress.push_back(seen); };
        auto const waited = run(notice.wait(std::move(options)));
        BOOST_TEST(to_string(waited.status) == "completed");
        BOOST_REQUIRE(waited.session.has_value());
        BOOST_TEST(server.is_session(waited.session->token.reveal()));
        BOOST_TEST(new_looks() == losses + 1U);
        BOOST_REQUIRE(progress.size() == 1U);
        BOOST_TEST((progress[0].next_poll_in >= 2s && progress[0].next_poll_in < 2'010ms));
        server.reset();
        play(generation);
        server.set_client_ip("127.0.0.1");
        add_account();
    }
}

BOOST_DATA_TEST_CASE_F(notice_fixture, a_400_is_confirmed_soon, generations, generation)
{
    play(generation);
    auto const ticket = waiting_login();
    server.advance_clock(16min);
    auto const waited = run(wait_for_ip_authorization(api, ticket, poll_options().with_interval(1h)));
    BOOST_TEST(to_string(waited.status) == "expired");
    BOOST_TEST(new_looks() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
