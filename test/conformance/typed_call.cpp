#include "typed_call.hpp"

#include <type_traits>
#include <utility>

namespace fluxer::auth::conformance {

namespace {

namespace asio = boost::asio;

template <class T>
asio::awaitable<outcome> widen(asio::awaitable<result<T>> work)
{
    auto narrow = co_await std::move(work);
    if (!narrow)
        co_return narrow.error();
    if constexpr (std::is_void_v<T>)
        co_return answer();
    else
        co_return answer(std::in_place_type<T>, std::move(*narrow));
}

/// The call of an operation. The arguments are what it takes in front of call_options.
template <class T, class... Parameters, class... Arguments>
typed_call call_of(asio::awaitable<result<T>> (client::*operation)(Parameters...), Arguments... arguments)
{
    return [=](client& caller, call_options options) {
        return widen((caller.*operation)(arguments..., std::move(options)));
    };
}

register_request read_register(body_reader& body)
{
    auto const date = body.text("date_of_birth");
    register_request made(date, body.flag("consent"));
    made.email = body.optional_text("email");
    made.password = body.optional_text("password");
    made.username = body.optional_text("username");
    made.global_name = body.optional_text("global_name");
    made.invite_code = body.nullable_text("invite_code");
    return made;
}

login_request read_login(body_reader& body)
{
    auto const email = body.text("email");
    login_request made(email, body.text("password"));
    made.invite_code = body.nullable_text("invite_code");
    return made;
}

sso_start_request read_sso_start(body_reader& body)
{
    sso_start_request made;
    made.redirect_to = body.nullable_text("redirect_to");
    return made;
}

/// Types that are made of two secrets.
template <class Request>
Request read_pair(body_reader& body, std::string_view first, std::string_view second)
{
    auto const value = body.text(first);
    return Request(value, body.text(second));
}

webauthn_mfa_request read_webauthn_mfa(body_reader& body)
{
    auto const response = body.value("response");
    auto const challenge = body.text("challenge");
    return webauthn_mfa_request(response, challenge, body.text("ticket"));
}

webauthn_authenticate_request read_webauthn(body_reader& body)
{
    auto const response = body.value("response");
    return webauthn_authenticate_request(response, body.text("challenge"));
}

logout_auth_sessions_request read_logout(body_reader& body)
{
    logout_auth_sessions_request made(body.texts("session_id_hashes"));
    made.password = body.optional_text("password");
    made.mfa_method = body.optional_text("mfa_method");
    made.mfa_code = body.optional_text("mfa_code");
    made.webauthn_response = body.optional_value("webauthn_response");
    made.webauthn_challenge = body.optional_text("webauthn_challenge");
    return made;
}

handoff_complete_request read_handoff(body_reader& body)
{
    auto const code = body.text("code");
    auto const token = body.text("token");
    return handoff_complete_request(code, token, body.text("user_id"));
}

} // namespace

typed_call bind(auth::operation operation, request_parts const& parts)
{
    auto& body = *parts.body;
    auto const& token = parts.token;
    switch (operation) {
    case auth::operation::get_sso_status:
        return call_of(&client::get_sso_status);
    case auth::operation::start_sso:
        return call_of(&client::start_sso, read_sso_start(body));
    case auth::operation::complete_sso:
        return call_of(&client::complete_sso, read_pair<sso_complete_request>(body, "code", "state"));
    case auth::operation::register_account:
        return call_of(&client::register_account, read_register(body));
    case auth::operation::login_user:
        return call_of(&client::login_user, read_login(body));
    case auth::operation::login_with_totp:
        return call_of(&client::login_with_totp, read_pair<mfa_totp_request>(body, "code", "ticket"));
    case auth::operation::send_sms_mfa_code:
        return call_of(&client::send_sms_mfa_code, mfa_ticket_request(body.text("ticket")));
    case auth::operation::login_with_sms_mfa:
        return call_of(&client::login_with_sms_mfa, read_pair<mfa_sms_request>(body, "code", "ticket"));
    case auth::operation::get_webauthn_mfa_options:
        return call_of(&client::get_webauthn_mfa_options, mfa_ticket_request(body.text("ticket")));
    case auth::operation::login_with_webauthn_mfa:
        return call_of(&client::login_with_webauthn_mfa, read_webauthn_mfa(body));
    case auth::operation::logout_user:
        return call_of(&client::logout_user, token);
    case auth::operation::verify_email:
        return call_of(&client::verify_email, verify_email_request(body.text("token")));
    case auth::operation::resend_verification_email:
        return call_of(&client::resend_verification_email, token);
    case auth::operation::forgot_password:
        return call_of(&client::forgot_password, forgot_password_request(body.text("email")));
    case auth::operation::reset_password:
        return call_of(&client::reset_password, read_pair<reset_password_request>(body, "token", "password"));
    case auth::operation::revert_email_change:
        return call_of(
            &client::revert_email_change, read_pair<email_revert_request>(body, "token", "password"));
    case auth::operation::list_auth_sessions:
        return call_of(&client::list_auth_sessions, token);
    case auth::operation::logout_all_sessions:
        return call_of(&client::logout_all_sessions, token, read_logout(body));
    case auth::operation::authorize_ip_address:
        return call_of(&client::authorize_ip_address, authorize_ip_request(body.text("token")));
    case auth::operation::resend_ip_authorization:
        return call_of(&client::resend_ip_authorization, mfa_ticket_request(body.text("ticket")));
    case auth::operation::poll_ip_authorization:
        return call_of(&client::poll_ip_authorization, parts.parameter);
    case auth::operation::get_webauthn_authentication_options:
        return call_of(&client::get_webauthn_authentication_options);
    case auth::operation::authenticate_with_webauthn:
        return call_of(&client::authenticate_with_webauthn, read_webauthn(body));
    case auth::operation::get_username_suggestions:
        return call_of(
            &client::get_username_suggestions, username_suggestions_request(body.text("global_name")));
    case auth::operation::initiate_handoff:
        return call_of(&client::initiate_handoff);
    case auth::operation::complete_handoff:
        return call_of(&client::complete_handoff, read_handoff(body));
    case auth::operation::get_handoff_status:
        return call_of(&client::get_handoff_status, parts.parameter);
    case auth::operation::cancel_handoff:
        return call_of(&client::cancel_handoff, parts.parameter);
    // The recordings are of a server that lacks them.
    case auth::operation::validate_reset_token:
    case auth::operation::get_handoff_info:
    case auth::operation::deny_handoff:
    case auth::operation::check_username:
    case auth::operation::raw:
        break;
    }
    return {};
}

} // namespace fluxer::auth::conformance
