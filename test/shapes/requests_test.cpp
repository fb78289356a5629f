#include "support/fixture.hpp"
#include "support/passkey.hpp"

#include <boost/json/object.hpp>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

/// Longer than any small-string buffer: a temporary that is destroyed twice has to own memory to be caught.
constexpr char const* long_text = "a text that is too long for the buffer inside of a std::string";

std::string mail_token()
{
    return std::string(64, 'm');
}

asio::awaitable<void> braces(client api)
{
    good(co_await api.login_user({email, password}));
    bad(co_await api.login_user({email, long_text}));
    good(co_await api.login_user({std::string(email), secret(password)}));
    good(co_await api.register_account({"1990-01-31", true}));
    bad(co_await api.start_sso({}));
    bad(co_await api.complete_sso({long_text, long_text}));
    bad(co_await api.login_with_totp({"123456", mail_token()}));
    bad(co_await api.login_with_sms_mfa({"123456", mail_token()}));
    bad(co_await api.send_sms_mfa_code({mail_token()}));
    bad(co_await api.get_webauthn_mfa_options({mail_token()}));
    bad(co_await api.verify_email({mail_token()}));
    bad(co_await api.reset_password({mail_token(), other_password}));
    bad(co_await api.revert_email_change({mail_token(), other_password}));
    bad(co_await api.authorize_ip_address({mail_token()}));
    bad(co_await api.resend_ip_authorization({mail_token()}));
    bad(co_await api.complete_handoff({"ABCD-EFGH", long_text, "123"}));
    good(co_await api.forgot_password({email}));
    good(co_await api.get_username_suggestions({"Ada Lovelace"}));
    good(co_await api.send({"GET", "/auth/sso/status?a=a-query-that-is-quite-long"}));
}

asio::awaitable<void> plain_texts(client api, secret token)
{
    good(co_await api.forgot_password(email));
    good(co_await api.get_username_suggestions("Ada Lovelace, Countess"));
    good(co_await api.get_username_suggestions(std::string(long_text).substr(0, 30)));
    good(co_await api.list_auth_sessions(token));
    good(co_await api.list_auth_sessions(secret(token)));
    good(co_await api.list_auth_sessions(token.reveal()));
    good(co_await api.list_auth_sessions(std::string(token.reveal())));
    bad(co_await api.poll_ip_authorization(long_text));
    bad(co_await api.poll_ip_authorization(std::string(long_text)));
    good(co_await api.get_handoff_status("ABCD-EFGH"));
    good(co_await api.cancel_handoff("ABCD-EFGH"));
    good(co_await api.resend_verification_email(token));
    good(co_await api.logout_user(std::move(token)));
    good(co_await api.logout_user("flx_unknown-and-long-enough-to-own-memory"));
}

asio::awaitable<void> named_types(client api)
{
    good(co_await api.login_user(login_request(email, password)));
    good(co_await api.register_account(register_request("1990-01-31", true)));
    bad(co_await api.verify_email(verify_email_request(mail_token())));
    good(co_await api.forgot_password(forgot_password_request(email)));
    bad(co_await api.reset_password(reset_password_request(mail_token(), other_password)));
    bad(co_await api.start_sso(sso_start_request()));
    good(co_await api.send(raw_request("GET", "/auth/sso/status")));
}

asio::awaitable<void> setters(client api, secret token)
{
    good(co_await api.login_user(login_request(email, password).with_invite_code(long_text)));
    good(co_await api.register_account(register_request("1990-01-31", true)
                                           .with_email("grace.hopper.of.the.navy@example.com")
                                           .with_password(long_text)
                                           .with_username("grace_hopper_the_admiral")
                                           .with_global_name("Grace Hopper, Rear Admiral")
                                           .with_invite_code(long_text)));
    bad(co_await api.start_sso(sso_start_request().with_redirect_to("/a/path/that/is/long/enough")));
    bad(co_await api.logout_all_sessions(
        token, logout_auth_sessions_request().with_password(other_password)));
    bad(co_await api.logout_all_sessions(
        token, logout_auth_sessions_request().with_mfa_code("totp", "123456")));
    good(co_await api.send(raw_request("POST", "/auth/logout")
                               .with_header("X-Something", long_text)
                               .with_body(R"({"a":"a body that is long enough to own memory"})")
                               .with_token("flx_unknown-and-long-enough")
                               .as_repeatable()));
}

asio::awaitable<void> options_beside(client api)
{
    good(co_await api.get_sso_status(call_options()));
    good(co_await api.get_sso_status({}));
    good(co_await api.get_sso_status(call_options(30s)));
    good(co_await api.get_sso_status(call_options().with_timeout(30s)));
    good(co_await api.login_user({email, password}, call_options(30s)));
    good(co_await api.login_user(
        {email, password}, call_options()
                               .with_timeout(30'000ms)
                               .with_captcha(captcha_proof(long_text, "turnstile"))
                               .with_sudo_token(long_text)
                               .with_request_id("a-request-id-of-some-length-that-owns-memory")
                               .with_header("X-One", long_text)
                               .with_header("X-Two", long_text)));
    call_options named(30s);
    named.accept_language = "de";
    good(co_await api.login_user({email, password}, named));
    good(co_await api.login_user({email, password}, std::move(named)));
    bad(co_await api.login_user({email, password}, call_options(0ms)));
}

asio::awaitable<void> named_objects(client api, secret token)
{
    login_request login(email, password);
    good(co_await api.login_user(login));
    BOOST_TEST((login.password == secret(password)));
    good(co_await api.login_user(std::move(login)));

    register_request account;
    account.date_of_birth = "1990-01-31";
    account.consent = true;
    account.global_name = "Grace Hopper";
    good(co_await api.register_account(account));
    good(co_await api.register_account(std::move(account)));

    std::vector<std::string> const hashes{session_id_hash(token), session_id_hash("flx_other")};
    logout_auth_sessions_request end(hashes);
    end.password = password;
    good(co_await api.logout_all_sessions(token, std::move(end)));

    auto const options = client_options("https://localhost/v1").with_timeout(30s);
    raw_request raw("GET", "/auth/sso/status");
    raw.headers.emplace_back("X-Something", long_text);
    good(co_await api.send(raw));
    good(co_await api.send(std::move(raw)));
}

asio::awaitable<void> json_arguments(client api, boost::json::value response)
{
    bad(co_await api.authenticate_with_webauthn({response, long_text}));
    bad(co_await api.login_with_webauthn_mfa({response, long_text, mail_token()}));
    webauthn_authenticate_request named(std::move(response), long_text);
    bad(co_await api.authenticate_with_webauthn(std::move(named)));
    bad(co_await api.authenticate_with_webauthn({boost::json::object(), long_text}));
}

asio::awaitable<void> in_loops(client api)
{
    for (int i = 0; i < 20; ++i) {
        auto const got = co_await api.login_user({email, password}, call_options(30s));
        BOOST_TEST(got.has_value());
    }
    for (auto const* name : {"Ada Lovelace", "Grace Hopper, Rear Admiral", "Alan"})
        good(co_await api.get_username_suggestions(name));
    int rounds = 0;
    while ((co_await api.get_handoff_status("ABCD-EFGH")).has_value() && rounds < 5)
        ++rounds;
    BOOST_TEST(rounds == 5);
}

asio::awaitable<void> stored(client api)
{
    auto first = api.login_user({email, password});
    auto second =
        api.login_user(login_request(email, password).with_invite_code(long_text), call_options(30s));
    // One that nobody awaits makes no call.
    auto const never = api.login_user({email, password});
    auto const made = co_await std::move(second);
    BOOST_TEST(made.has_value());
    good(co_await std::move(first));
}

BOOST_FIXTURE_TEST_SUITE(request_shapes, api_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(shapes_of_requests)
{
    add_account();
    run(braces(api));
    run(plain_texts(api, add_session()));
    run(named_types(api));
    run(setters(api, add_session()));
    run(options_beside(api));
    run(named_objects(api, add_session()));
    run(json_arguments(api, passkey().sign("AAAA")));
    run(in_loops(api));
    auto const before = requests();
    run(stored(api));
    BOOST_TEST(requests() == before + 2);
}

BOOST_AUTO_TEST_CASE(shapes_of_requests_that_are_refused)
{
    auto const before = requests();
    auto const all = [](client c) -> asio::awaitable<void> {
        bad(co_await c.login_user({"", long_text}));
        bad(co_await c.login_user(login_request(email, "").with_invite_code(long_text)));
        bad(co_await c.verify_email({long_text}));
        bad(co_await c.list_auth_sessions(""));
        bad(co_await c.send({"a method that is none", long_text}));
        bad(co_await c.get_sso_status(call_options().with_header(long_text, long_text)));
    };
    run(all(api));
    BOOST_TEST(requests() == before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
