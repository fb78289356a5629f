#include "sign_in_fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
using step = sign_in_step;

BOOST_FIXTURE_TEST_SUITE(sign_ins_from_new_addresses, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, the_link_in_the_mail_lets_it_go_on, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [this](ip_authorization_notice) -> asio::awaitable<bool> {
        open_mailed_link();
        co_return true;
    };
    auto const outcome = sign_in_now();
    check_end(outcome, step::signed_in, step::wait_for_ip);
    BOOST_TEST(notices == 1);
    BOOST_TEST(requests_of(operation::login_user) == 1U);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, a_notice_that_still_shows_is_taken_away_when_the_link_is_opened, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    auto taken_away = false;
    on_notice = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        open_mailed_link();
        try {
            co_await for_ever();
        } catch (...) {
            taken_away = true;
            throw;
        }
        co_return false;
    };
    check_end(sign_in_now(), step::signed_in, step::wait_for_ip);
    BOOST_TEST(taken_away);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, who_does_not_want_to_wait_does_not, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> { co_return false; };
    auto const outcome = sign_in_now();
    check_end(outcome, step::declined, step::wait_for_ip);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_mail_is_not_sent_again_too_early, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice notice) -> asio::awaitable<bool> {
        auto const sent = co_await notice.resend();
        BOOST_REQUIRE(sent.has_error());
        BOOST_TEST((sent.error().code() == errc::resend_cooldown));
        BOOST_TEST((sent.error().retry_after().value_or(0ms) > 25s));
        co_return false;
    };
    check_end(sign_in_now(), step::declined, step::wait_for_ip);
    BOOST_TEST(requests_of(operation::resend_ip_authorization) == 0U);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, a_mail_is_sent_again_once, generations, generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    auto const e = fails(api.login_user({email, password}));
    auto ticket = *e.ip_authorization();
    ticket.received_at -= 31s;
    server.advance_clock(31s);
    ip_authorization_notice notice(api, ticket);
    ok(notice.resend());
    BOOST_TEST((fails(notice.resend()).code() == errc::resend_limit));
    BOOST_TEST(requests_of(operation::resend_ip_authorization) == 1U);
    BOOST_TEST(server.outbox(email).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
