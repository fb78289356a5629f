#include "generations.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

class ip_fixture : public generation_fixture
{
public:
    ip_fixture() { server.set_client_ip(other_ip); }

    /// Logs in from the unknown address.
    error waiting_login()
    {
        auto e = fails(api.login_user({email, password}));
        check_failure(
            e, operation::login_user,
            {errc::ip_authorization_required, 403, api_code::ip_authorization_required,
             "IP_AUTHORIZATION_REQUIRED"});
        BOOST_REQUIRE(e.ip_authorization());
        return e;
    }

    secret mailed() const
    {
        auto const mail = server.last_mail(email, "ip_authorization");
        BOOST_REQUIRE(mail.has_value());
        auto token = token_from_link(mail->link);
        BOOST_REQUIRE(token.has_value());
        return *token;
    }
};

BOOST_FIXTURE_TEST_SUITE(ip_authorizations, ip_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(
    ip_fixture, a_login_from_an_unknown_address_waits_for_the_mail, generations, generation)
{
    play(generation);
    auto const e = waiting_login();
    auto const& details = *e.ip_authorization();
    BOOST_TEST(looks_like_ticket(details.ticket));
    BOOST_TEST(details.email == email);
    BOOST_TEST((details.resend_available_in == 30s));
    BOOST_TEST((std::chrono::steady_clock::now() - details.received_at < guard));
    BOOST_TEST((e.to_string().find(details.ticket.reveal()) == std::string::npos));
    BOOST_TEST((e.advice() == retry_advice::no));

    auto const before = ok(api.poll_ip_authorization(details.ticket));
    BOOST_TEST(!before.completed);
    BOOST_TEST(!before.session.has_value());
    ok(api.authorize_ip_address({mailed()}));
    for (int i = 0; i < 2; ++i) {
        auto const after = ok(api.poll_ip_authorization(details.ticket));
        BOOST_TEST(after.completed);
        BOOST_REQUIRE(after.session.has_value());
        BOOST_TEST(looks_like_session_token(after.session->token));
        BOOST_TEST(after.session->user_id == user_id);
        BOOST_TEST(server.is_session(after.session->token.reveal()));
    }
    // The address is good from now on.
    ok(api.login_user({email, password}));
}

BOOST_DATA_TEST_CASE_F(ip_fixture, the_result_can_be_read_for_a_minute, generations, generation)
{
    play(generation);
    auto const ticket = waiting_login().ip_authorization()->ticket;
    ok(api.authorize_ip_address({mailed()}));
    server.advance_clock(60s);
    check_rejection(
        fails(api.poll_ip_authorization(ticket)), operation::poll_ip_authorization,
        {{"ticket", "INVALID_OR_EXPIRED_AUTHORIZATION_TICKET"}});
}

BOOST_DATA_TEST_CASE_F(ip_fixture, a_ticket_lives_fifteen_minutes, generations, generation)
{
    play(generation);
    auto const ticket = waiting_login().ip_authorization()->ticket;
    server.advance_clock(15min);
    check_rejection(
        fails(api.poll_ip_authorization(ticket)), operation::poll_ip_authorization,
        {{"ticket", "INVALID_OR_EXPIRED_AUTHORIZATION_TICKET"}});
    check_rejection(
        fails(api.authorize_ip_address({mailed()})), operation::authorize_ip_address, {{"token", ""}});
    check_rejection(
        fails(api.resend_ip_authorization({ticket})), operation::resend_ip_authorization, {{"ticket", ""}});
}

BOOST_DATA_TEST_CASE_F(ip_fixture, a_mailed_token_works_once, generations, generation)
{
    play(generation);
    waiting_login();
    auto const token = mailed();
    check_rejection(
        fails(api.authorize_ip_address({"unknown"})), operation::authorize_ip_address, {{"token", ""}});
    // From any address.
    server.set_client_ip("198.51.100.1");
    ok(api.authorize_ip_address({token}));
    check_rejection(
        fails(api.authorize_ip_address({token})), operation::authorize_ip_address, {{"token", ""}});
}

BOOST_DATA_TEST_CASE_F(ip_fixture, the_mail_comes_again_once_and_not_at_once, generations, generation)
{
    play(generation);
    auto const ticket = waiting_login().ip_authorization()->ticket;
    auto const first = mailed();
    auto const early = fails(api.resend_ip_authorization({ticket}));
    check_failure(
        early, operation::resend_ip_authorization,
        {errc::resend_cooldown, 429, api_code::ip_authorization_resend_cooldown,
         "IP_AUTHORIZATION_RESEND_COOLDOWN"});
    BOOST_REQUIRE(early.retry_after().has_value());
    BOOST_TEST((*early.retry_after() > 0s));
    BOOST_TEST((*early.retry_after() <= 30s));
    BOOST_TEST((early.rate_limit()->retry_after == *early.retry_after()));
    BOOST_TEST((early.advice() == retry_advice::after_wait));

    server.advance_clock(*early.retry_after());
    ok(api.resend_ip_authorization({ticket}));
    BOOST_TEST(server.outbox(email).size() == 2U);
    BOOST_TEST((mailed() == first));

    server.advance_clock(1min);
    auto const again = fails(api.resend_ip_authorization({ticket}));
    check_failure(
        again, operation::resend_ip_authorization,
        {errc::resend_limit, 429, api_code::ip_authorization_resend_limit_exceeded,
         "IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED"});
    BOOST_TEST(!again.retry_after().has_value());
    BOOST_TEST((again.advice() == retry_advice::no));
}

BOOST_DATA_TEST_CASE_F(ip_fixture, unknown_tickets_are_rejected, generations, generation)
{
    play(generation);
    check_rejection(
        fails(api.resend_ip_authorization({"unknown"})), operation::resend_ip_authorization,
        {{"ticket", ""}});
    field_list const ended{{"ticket", "INVALID_OR_EXPIRED_AUTHORIZATION_TICKET"}};
    check_rejection(fails(api.poll_ip_authorization("unknown")), operation::poll_ip_authorization, ended);
    // Whatever is in it, it stays one parameter.
    check_rejection(
        fails(api.poll_ip_authorization("a b&ticket=c#d%00/..?\xC3\xA4")), operation::poll_ip_authorization,
        ended);
}

BOOST_DATA_TEST_CASE_F(ip_fixture, what_breaks_a_rule_is_not_sent, generations, generation)
{
    play(generation);
    refused(api.poll_ip_authorization(""), operation::poll_ip_authorization, {{"ticket", "INVALID_FORMAT"}});
    refused(
        api.poll_ip_authorization(std::string(257, 't')), operation::poll_ip_authorization,
        {{"ticket", "STRING_LENGTH_INVALID"}});
    refused(
        api.poll_ip_authorization("\xFF"), operation::poll_ip_authorization, {{"ticket", "INVALID_UTF8"}});
    refused(
        api.resend_ip_authorization({""}), operation::resend_ip_authorization,
        {{"ticket", "INVALID_FORMAT"}});
    refused(api.authorize_ip_address({""}), operation::authorize_ip_address, {{"token", "INVALID_FORMAT"}});
    refused(
        api.authorize_ip_address({std::string(257, 't')}), operation::authorize_ip_address,
        {{"token", "STRING_LENGTH_INVALID"}});
}

BOOST_DATA_TEST_CASE_F(ip_fixture, a_server_can_do_without, generations, generation)
{
    play(generation);
    server.set_ip_authorization(false);
    ok(api.login_user({email, password}));
    BOOST_TEST(server.outbox().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
