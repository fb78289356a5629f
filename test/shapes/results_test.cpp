#include "support/fixture.hpp"

#include <boost/json/object.hpp>

#include <sstream>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

template <class... Functions>
struct overloaded : Functions...
{
    using Functions::operator()...;
};

template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

asio::awaitable<void> variants(client api)
{
    auto outcome = co_await api.login_user({email, password});
    BOOST_REQUIRE(bool(outcome));
    BOOST_TEST(std::holds_alternative<session>(*outcome));
    if (auto* made = std::get_if<session>(&*outcome))
        BOOST_TEST(looks_like_session_token(made->token));
    auto const& [token, user_id] = std::get<session>(*outcome);
    BOOST_TEST(looks_like_session_token(token));
    BOOST_TEST(!user_id.empty());
    auto const kind = std::visit(
        overloaded{
            [](session const&) { return std::string("session"); },
            [](mfa_challenge const& asked) { return asked.allowed_methods.at(0); },
            [](other_answer const&) { return std::string("other"); },
        },
        *outcome);
    BOOST_TEST(kind == "session");
    auto const taken = std::get<session>(std::move(*outcome));
    BOOST_TEST(looks_like_session_token(taken.token));
}

asio::awaitable<void> from_login_to_session(client api, sandbox& server)
{
    auto outcome = co_await api.login_user({email, password});
    BOOST_REQUIRE(outcome.has_value());
    auto* const asked = std::get_if<mfa_challenge>(&*outcome);
    BOOST_REQUIRE(asked);
    auto made = co_await api.login_with_totp({server.totp_code(email), asked->ticket});
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(looks_like_session_token(made->token));
    auto all = co_await api.list_auth_sessions(made->token);
    BOOST_REQUIRE(all.has_value());
    for (auto const& one : *all)
        BOOST_TEST(one.id_hash.size() == 43U);
    good(co_await api.logout_user(std::move(made->token)));
}

asio::awaitable<void> values_or_exceptions(client api)
{
    auto const status = (co_await api.get_sso_status()).value();
    BOOST_TEST(!status.enabled);
    auto const made = std::get<session>((co_await api.login_user({email, password})).value());
    (co_await api.logout_user(made.token)).value();
    bool caught = false;
    try {
        auto const never = (co_await api.login_user({email, other_password})).value();
        BOOST_ERROR("no exception");
    } catch (exception const& e) {
        caught = true;
        BOOST_TEST(e.error().code() == make_error_code(errc::rejected_input));
        BOOST_TEST(std::string(e.what()) == e.error().to_string());
    }
    BOOST_TEST(caught);
    try {
        (co_await api.logout_user("")).value();
        BOOST_ERROR("no exception");
    } catch (std::exception const& e) {
        BOOST_TEST(std::string_view(e.what()).starts_with("logout_user"));
    }
    for (int i = 0; i < 3; ++i) {
        try {
            (co_await api.verify_email({std::string(64, 'x')}, call_options(30s))).value();
            BOOST_ERROR("no exception");
        } catch (exception const&) {
            continue;
        }
    }
}

asio::awaitable<void> lets_through(client api)
{
    (co_await api.login_user({email, other_password})).value();
}

asio::awaitable<void> optionals(client api)
{
    auto const status = co_await api.get_sso_status();
    BOOST_REQUIRE(status.has_value());
    BOOST_TEST(status->display_name.value_or("none") == "none");
    auto begun = co_await api.initiate_handoff();
    BOOST_REQUIRE(begun.has_value());
    auto looked = co_await api.get_handoff_status(begun->code);
    BOOST_REQUIRE(looked.has_value());
    BOOST_TEST(!looked->session);
    BOOST_TEST((looked->state == handoff_state::pending));
    auto const nothing = co_await api.cancel_handoff(begun->code);
    BOOST_TEST(nothing.has_value());
    BOOST_TEST(bool(nothing));
    // A result that has a value has no error to speak of.
    BOOST_TEST(!nothing.error().code());
    auto const options = co_await api.get_webauthn_authentication_options();
    BOOST_TEST((*options).as_object().contains("challenge"));
}

asio::awaitable<void> errors(client api)
{
    auto const outcome = co_await api.login_user({email, other_password});
    BOOST_REQUIRE(!outcome);
    auto const& e = outcome.error();
    BOOST_TEST((e.code() == errc::rejected_input));
    BOOST_TEST((e.code() == condition::api));
    BOOST_TEST((e.code() != condition::transport));
    switch (static_cast<errc>(e.code().value())) {
    case errc::rejected_input:
        break;
    default:
        BOOST_ERROR("another code");
    }
    if (auto const* field = e.field("password"))
        BOOST_TEST(field->code == "INVALID_EMAIL_OR_PASSWORD");
    for (auto const& entry : e.fields())
        BOOST_TEST(!entry.message.empty());
    std::ostringstream text;
    text << e;
    BOOST_TEST(text.str() == e.to_string());
    auto const copy = e;
    BOOST_TEST(&copy.info() == &e.info());
}

asio::awaitable<result<session>> wrapped(client api)
{
    auto outcome = co_await api.login_user({email, password});
    if (!outcome)
        co_return outcome.error();
    co_return std::get<session>(*std::move(outcome));
}

BOOST_FIXTURE_TEST_SUITE(result_shapes, api_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(shapes_of_results)
{
    add_account();
    run(variants(api));
    run(values_or_exceptions(api));
    run(optionals(api));
    run(errors(api));
    BOOST_TEST(looks_like_session_token(ok(wrapped(api)).token));
    BOOST_CHECK_THROW(run(lets_through(api)), exception);
    server.enable_totp(email);
    run(from_login_to_session(api, server));
}

BOOST_AUTO_TEST_CASE(a_mail_may_be_waited_for)
{
    add_account();
    server.set_client_ip(other_ip);
    auto const all = [](client c, sandbox& s) -> asio::awaitable<void> {
        auto const outcome = co_await c.login_user({email, password});
        BOOST_REQUIRE(outcome.has_error());
        auto const* const ip = outcome.error().ip_authorization();
        BOOST_REQUIRE(ip);
        auto const mail = s.last_mail(email, "ip_authorization");
        BOOST_REQUIRE(mail.has_value());
        good(co_await c.authorize_ip_address({*token_from_link(mail->link)}));
        auto const waited = co_await wait_for_ip_authorization(c, *ip);
        BOOST_TEST((waited.status == wait_status::completed));
        BOOST_TEST(bool(waited));
        BOOST_REQUIRE(waited.session.has_value());
        BOOST_TEST(looks_like_session_token(waited.session->token));
        BOOST_TEST(waited.polls == 1U);
        unsigned told = 0;
        auto const again = co_await wait_for_ip_authorization(
            c, *ip,
            poll_options().with_interval(2s).with_deadline(1min).with_progress(
                [&told](poll_progress const& now) { told = now.polls; }));
        BOOST_TEST((again.status == wait_status::completed));
        BOOST_TEST(told <= 1U);
    };
    run(all(api, server));
}

BOOST_AUTO_TEST_CASE(a_handoff_may_be_waited_for)
{
    auto const id = add_account();
    auto const token = add_session();
    auto const all = [](client c, secret approver, snowflake user) -> asio::awaitable<void> {
        auto begun = co_await c.initiate_handoff();
        BOOST_REQUIRE(begun.has_value());
        good(co_await c.complete_handoff({begun->code, approver, user}));
        auto const waited = co_await wait_for_handoff(c, *begun);
        BOOST_TEST((waited.status == wait_status::completed));
        BOOST_REQUIRE(waited.session.has_value());
        BOOST_TEST(waited.session->user_id == user);
        auto const gone = co_await wait_for_handoff(c, std::move(*begun), poll_options().with_deadline(1min));
        BOOST_TEST((gone.status == wait_status::expired));
        BOOST_TEST(!gone.session.has_value());
    };
    run(all(api, token, snowflake(id)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
