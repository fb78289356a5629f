#include <fluxer/auth/account.hpp>
#include <fluxer/auth/handoff.hpp>
#include <fluxer/auth/login.hpp>
#include <fluxer/auth/mfa.hpp>
#include <fluxer/auth/sessions.hpp>
#include <fluxer/auth/sso.hpp>

#include <utility>

namespace fluxer::auth {

login_request::login_request(std::string email_, secret password_)
    : email(std::move(email_))
    , password(std::move(password_))
{}

login_request&& login_request::with_invite_code(std::string value) &&
{
    invite_code = std::move(value);
    return std::move(*this);
}

register_request::register_request(std::string date_of_birth_, bool consent_)
    : date_of_birth(std::move(date_of_birth_))
    , consent(consent_)
{}

register_request&& register_request::with_email(std::string value) &&
{
    email = std::move(value);
    return std::move(*this);
}

register_request&& register_request::with_password(secret value) &&
{
    password = std::move(value);
    return std::move(*this);
}

register_request&& register_request::with_username(std::string value) &&
{
    username = std::move(value);
    return std::move(*this);
}

register_request&& register_request::with_global_name(std::string value) &&
{
    global_name = std::move(value);
    return std::move(*this);
}

register_request&& register_request::with_invite_code(std::string value) &&
{
    invite_code = std::move(value);
    return std::move(*this);
}

session::session(secret token_, snowflake user_id_)
    : token(std::move(token_))
    , user_id(std::move(user_id_))
{}

other_answer::other_answer(boost::json::value body_)
    : body(std::move(body_))
{}

username_suggestions_request::username_suggestions_request(std::string global_name_)
    : global_name(std::move(global_name_))
{}

username_suggestions_request::username_suggestions_request(char const* global_name_)
    : global_name(global_name_)
{}

mfa_totp_request::mfa_totp_request(secret code_, secret ticket_)
    : code(std::move(code_))
    , ticket(std::move(ticket_))
{}

mfa_sms_request::mfa_sms_request(secret code_, secret ticket_)
    : code(std::move(code_))
    , ticket(std::move(ticket_))
{}

mfa_ticket_request::mfa_ticket_request(secret ticket_)
    : ticket(std::move(ticket_))
{}

webauthn_mfa_request::webauthn_mfa_request(
    boost::json::value response_, std::string challenge_, secret ticket_)
    : response(std::move(response_))
    , challenge(std::move(challenge_))
    , ticket(std::move(ticket_))
{}

webauthn_authenticate_request::webauthn_authenticate_request(
    boost::json::value response_, std::string challenge_)
    : response(std::move(response_))
    , challenge(std::move(challenge_))
{}

sso_start_request&& sso_start_request::with_redirect_to(std::string value) &&
{
    redirect_to = std::move(value);
    return std::move(*this);
}

sso_complete_request::sso_complete_request(secret code_, secret state_)
    : code(std::move(code_))
    , state(std::move(state_))
{}

verify_email_request::verify_email_request(secret token_)
    : token(std::move(token_))
{}

forgot_password_request::forgot_password_request(std::string email_)
    : email(std::move(email_))
{}

forgot_password_request::forgot_password_request(char const* email_)
    : email(email_)
{}

reset_password_request::reset_password_request(secret token_, secret password_)
    : token(std::move(token_))
    , password(std::move(password_))
{}

validate_reset_token_request::validate_reset_token_request(secret token_)
    : token(std::move(token_))
{}

check_username_request::check_username_request(std::string username_)
    : username(std::move(username_))
{}

check_username_request::check_username_request(char const* username_)
    : username(username_)
{}

email_revert_request::email_revert_request(secret token_, secret password_)
    : token(std::move(token_))
    , password(std::move(password_))
{}

authorize_ip_request::authorize_ip_request(secret token_)
    : token(std::move(token_))
{}

logout_auth_sessions_request::logout_auth_sessions_request(std::vector<std::string> session_id_hashes_)
    : session_id_hashes(std::move(session_id_hashes_))
{}

logout_auth_sessions_request&& logout_auth_sessions_request::with_password(secret value) &&
{
    password = std::move(value);
    return std::move(*this);
}

logout_auth_sessions_request&& logout_auth_sessions_request::with_mfa_code(std::string method, secret code) &&
{
    mfa_method = std::move(method);
    mfa_code = std::move(code);
    return std::move(*this);
}

logout_auth_sessions_request&& logout_auth_sessions_request::with_webauthn(
    boost::json::value response, std::string challenge) &&
{
    mfa_method = "webauthn";
    webauthn_response = std::move(response);
    webauthn_challenge = std::move(challenge);
    return std::move(*this);
}

handoff::handoff(secret code_, timestamp expires_at_)
    : code(std::move(code_))
    , expires_at(expires_at_)
{}

handoff_reference::handoff_reference(secret code_)
    : code(std::move(code_))
{}

handoff_reference::handoff_reference(std::string const& code_)
    : code(code_)
{}

handoff_reference::handoff_reference(std::string_view code_)
    : code(code_)
{}

handoff_reference::handoff_reference(char const* code_)
    : code(code_)
{}

handoff_reference::handoff_reference(secret code_, secret poll_secret_)
    : code(std::move(code_))
    , poll_secret(std::move(poll_secret_))
{}

handoff_reference::handoff_reference(handoff const& from)
    : code(from.code)
    , poll_secret(from.poll_secret)
{}

handoff_complete_request::handoff_complete_request(secret code_, secret token_, snowflake user_id_)
    : code(std::move(code_))
    , token(std::move(token_))
    , user_id(std::move(user_id_))
{}

} // namespace fluxer::auth
