#include "support/every_call.hpp"

#include "support/passkey.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace fluxer::auth::test {

namespace {

namespace asio = boost::asio;

enum trait : unsigned {
    plain = 0,
    repeatable = 1,
    captcha = 2,
    no_sso = 4,
};

template <class T>
asio::awaitable<std::optional<error>> error_from(asio::awaitable<result<T>> call)
{
    auto const got = co_await std::move(call);
    std::optional<error> e;
    if (got.has_error())
        e = got.error();
    co_return e;
}

template <class Call>
any_call row(operation what, unsigned traits, Call call)
{
    any_call made;
    made.what = what;
    made.repeatable = (traits & repeatable) != 0;
    made.captcha = (traits & captcha) != 0;
    made.refused_under_sso = (traits & no_sso) != 0;
    made.make = [call = std::move(call)](client& api, call_options options) {
        return error_from(call(api, std::move(options)));
    };
    return made;
}

constexpr char const* address = "every.call@example.com";
constexpr char const* phrase = "correct horse battery";

/// All operations but those that take a passkey's answer.
void add_plain(std::vector<any_call>& all, secret const& token)
{
    using enum operation;
    using options = call_options;
    secret const mailed(std::string(64, 'm'));
    auto const add = [&](operation what, unsigned traits, auto call) {
        all.push_back(row(what, traits, std::move(call)));
    };
    add(get_sso_status, repeatable, [](client& c, options o) { return c.get_sso_status(o); });
    add(start_sso, repeatable, [](client& c, options o) { return c.start_sso({}, o); });
    add(complete_sso, plain, [](client& c, options o) { return c.complete_sso({"code", "state"}, o); });
    add(register_account, captcha | no_sso, [](client& c, options o) {
        return c.register_account({"1990-01-31", true}, o);
    });
    add(login_user, captcha | no_sso, [](client& c, options o) {
        return c.login_user({address, phrase}, o);
    });
    add(login_with_totp, no_sso, [](client& c, options o) { return c.login_with_totp({"123456", "t"}, o); });
    add(send_sms_mfa_code, no_sso, [](client& c, options o) { return c.send_sms_mfa_code({"t"}, o); });
    add(login_with_sms_mfa, no_sso, [](client& c, options o) {
        return c.login_with_sms_mfa({"123456", "t"}, o);
    });
    add(get_webauthn_mfa_options, no_sso | repeatable,
        [](client& c, options o) { return c.get_webauthn_mfa_options({"t"}, o); });
    add(logout_user, repeatable, [](client& c, options o) { return c.logout_user("flx_unknown", o); });
    add(verify_email, no_sso, [mailed](client& c, options o) { return c.verify_email({mailed}, o); });
    add(resend_verification_email, no_sso,
        [token](client& c, options o) { return c.resend_verification_email(token, o); });
    add(forgot_password, captcha | no_sso,
        [](client& c, options o) { return c.forgot_password(address, o); });
    add(reset_password, no_sso, [mailed](client& c, options o) {
        return c.reset_password({mailed, phrase}, o);
    });
    add(revert_email_change, no_sso, [mailed](client& c, options o) {
        return c.revert_email_change({mailed, phrase}, o);
    });
    add(list_auth_sessions, repeatable,
        [token](client& c, options o) { return c.list_auth_sessions(token, o); });
    add(logout_all_sessions, repeatable, [token](client& c, options o) {
        logout_auth_sessions_request none;
        none.password = phrase;
        return c.logout_all_sessions(token, none, o);
    });
    add(authorize_ip_address, plain, [](client& c, options o) { return c.authorize_ip_address({"t"}, o); });
    add(resend_ip_authorization, plain,
        [](client& c, options o) { return c.resend_ip_authorization({"t"}, o); });
    add(poll_ip_authorization, repeatable,
        [](client& c, options o) { return c.poll_ip_authorization("t", o); });
    add(get_webauthn_authentication_options, no_sso | repeatable,
        [](client& c, options o) { return c.get_webauthn_authentication_options(o); });
    add(get_username_suggestions, no_sso | repeatable,
        [](client& c, options o) { return c.get_username_suggestions("Ada", o); });
    add(initiate_handoff, repeatable, [](client& c, options o) { return c.initiate_handoff(o); });
    add(complete_handoff, plain, [](client& c, options o) {
        return c.complete_handoff({"ABCD-EFGH", "flx_unknown", "1"}, o);
    });
    add(get_handoff_status, plain, [](client& c, options o) { return c.get_handoff_status("ABCD-EFGH", o); });
    add(cancel_handoff, repeatable, [](client& c, options o) { return c.cancel_handoff("ABCD-EFGH", o); });
}

} // namespace

std::vector<any_call> every_call(secret const& token)
{
    std::vector<any_call> all;
    add_plain(all, token);
    auto const response = passkey().sign("AAAA");
    all.push_back(row(operation::login_with_webauthn_mfa, no_sso, [response](client& c, call_options o) {
        return c.login_with_webauthn_mfa({response, "AAAA", "t"}, o);
    }));
    all.push_back(row(operation::authenticate_with_webauthn, no_sso, [response](client& c, call_options o) {
        return c.authenticate_with_webauthn({response, "AAAA"}, o);
    }));
    return all;
}

retry_advice unless_it_ran(any_call const& call)
{
    return call.repeatable ? retry_advice::yes : retry_advice::may_have_run;
}

} // namespace fluxer::auth::test
