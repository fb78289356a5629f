#include <fluxer/auth/client.hpp>

#include "client/client_handle.hpp"
#include "client/context_lifetime.hpp"
#include "client/executor.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace fluxer::auth {

namespace asio = boost::asio;
using client_detail::run;

client_detail::client_handle::client_handle(asio::any_io_executor executor, client_options options)
    : engine(std::make_shared<call::engine>(
          sequential(std::move(executor), options.threading), std::move(options)))
    , last_(std::make_shared<std::shared_ptr<call::engine>>())
{
    follow_context(engine->executor(), engine);
}

client_detail::client_handle::~client_handle()
{
    // The last handle may go on any thread, and from within a call's completion.
    if (!engine->has_context())
        return;
    // Moved, so that the engine ends there and not here, where another thread may run its executor meanwhile; by way of
    // memory that was got in time, so that it is still here if there is none to send it off with.
    auto const executor = engine->executor();
    *last_ = std::move(engine);
    try {
        asio::post(executor, [last = last_] { std::exchange(*last, nullptr)->retire(); });
    } catch (...) {
        leave_to_context(executor, std::move(*last_));
    }
}

client::client(executor_type executor, client_options options)
    : handle_(std::make_shared<client_detail::client_handle>(std::move(executor), std::move(options)))
{}

client::client(client const&) = default;
client::client(client&&) noexcept = default;
client& client::operator=(client const&) = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

// The operations are no coroutines: each returns the one that does the work, which spares a frame.

asio::awaitable<result<sso_status>> client::get_sso_status(call_options options)
{
    return run<sso_status>(
        handle_->engine, operation::get_sso_status, wire::encode(operation::get_sso_status),
        std::move(options));
}

asio::awaitable<result<sso_start>> client::start_sso(sso_start_request request, call_options options)
{
    return run<sso_start>(
        handle_->engine, operation::start_sso, wire::encode(operation::start_sso, request),
        std::move(options));
}

asio::awaitable<result<sso_completion>> client::complete_sso(
    sso_complete_request request, call_options options)
{
    return run<sso_completion>(
        handle_->engine, operation::complete_sso, wire::encode(operation::complete_sso, request),
        std::move(options));
}

asio::awaitable<result<login_result>> client::register_account(register_request request, call_options options)
{
    return run<login_result>(
        handle_->engine, operation::register_account, wire::encode(operation::register_account, request),
        std::move(options));
}

asio::awaitable<result<login_result>> client::login_user(login_request request, call_options options)
{
    return run<login_result>(
        handle_->engine, operation::login_user, wire::encode(operation::login_user, request),
        std::move(options));
}

asio::awaitable<result<session>> client::login_with_totp(mfa_totp_request request, call_options options)
{
    return run<session>(
        handle_->engine, operation::login_with_totp, wire::encode(operation::login_with_totp, request),
        std::move(options));
}

asio::awaitable<result<void>> client::send_sms_mfa_code(mfa_ticket_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::send_sms_mfa_code, wire::encode(operation::send_sms_mfa_code, request),
        std::move(options));
}

asio::awaitable<result<session>> client::login_with_sms_mfa(mfa_sms_request request, call_options options)
{
    return run<session>(
        handle_->engine, operation::login_with_sms_mfa, wire::encode(operation::login_with_sms_mfa, request),
        std::move(options));
}

asio::awaitable<result<boost::json::value>> client::get_webauthn_mfa_options(
    mfa_ticket_request request, call_options options)
{
    return run<boost::json::value>(
        handle_->engine, operation::get_webauthn_mfa_options,
        wire::encode(operation::get_webauthn_mfa_options, request), std::move(options));
}

asio::awaitable<result<session>> client::login_with_webauthn_mfa(
    webauthn_mfa_request request, call_options options)
{
    return run<session>(
        handle_->engine, operation::login_with_webauthn_mfa,
        wire::encode(operation::login_with_webauthn_mfa, request), std::move(options));
}

asio::awaitable<result<void>> client::logout_user(secret token, call_options options)
{
    return run<void>(
        handle_->engine, operation::logout_user, wire::encode_session(operation::logout_user, token),
        std::move(options));
}

asio::awaitable<result<void>> client::verify_email(verify_email_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::verify_email, wire::encode(operation::verify_email, request),
        std::move(options));
}

asio::awaitable<result<void>> client::resend_verification_email(secret token, call_options options)
{
    return run<void>(
        handle_->engine, operation::resend_verification_email,
        wire::encode_session(operation::resend_verification_email, token), std::move(options));
}

asio::awaitable<result<void>> client::forgot_password(forgot_password_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::forgot_password, wire::encode(operation::forgot_password, request),
        std::move(options));
}

asio::awaitable<result<login_result>> client::reset_password(
    reset_password_request request, call_options options)
{
    return run<login_result>(
        handle_->engine, operation::reset_password, wire::encode(operation::reset_password, request),
        std::move(options));
}

asio::awaitable<result<login_result>> client::revert_email_change(
    email_revert_request request, call_options options)
{
    return run<login_result>(
        handle_->engine, operation::revert_email_change,
        wire::encode(operation::revert_email_change, request), std::move(options));
}

asio::awaitable<result<std::vector<auth_session>>> client::list_auth_sessions(
    secret token, call_options options)
{
    return run<std::vector<auth_session>>(
        handle_->engine, operation::list_auth_sessions,
        wire::encode_session(operation::list_auth_sessions, token), std::move(options));
}

asio::awaitable<result<void>> client::logout_all_sessions(
    secret token, logout_auth_sessions_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::logout_all_sessions,
        wire::encode(operation::logout_all_sessions, token, request), std::move(options));
}

asio::awaitable<result<void>> client::authorize_ip_address(authorize_ip_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::authorize_ip_address,
        wire::encode(operation::authorize_ip_address, request), std::move(options));
}

asio::awaitable<result<void>> client::resend_ip_authorization(
    mfa_ticket_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::resend_ip_authorization,
        wire::encode(operation::resend_ip_authorization, request), std::move(options));
}

asio::awaitable<result<ip_authorization_poll>> client::poll_ip_authorization(
    secret ticket, call_options options)
{
    return run<ip_authorization_poll>(
        handle_->engine, operation::poll_ip_authorization,
        wire::encode_parameter(operation::poll_ip_authorization, ticket), std::move(options));
}

asio::awaitable<result<boost::json::value>> client::get_webauthn_authentication_options(call_options options)
{
    return run<boost::json::value>(
        handle_->engine, operation::get_webauthn_authentication_options,
        wire::encode(operation::get_webauthn_authentication_options), std::move(options));
}

asio::awaitable<result<session>> client::authenticate_with_webauthn(
    webauthn_authenticate_request request, call_options options)
{
    return run<session>(
        handle_->engine, operation::authenticate_with_webauthn,
        wire::encode(operation::authenticate_with_webauthn, request), std::move(options));
}

asio::awaitable<result<username_suggestions>> client::get_username_suggestions(
    username_suggestions_request request, call_options options)
{
    return run<username_suggestions>(
        handle_->engine, operation::get_username_suggestions,
        wire::encode(operation::get_username_suggestions, request), std::move(options));
}

asio::awaitable<result<handoff>> client::initiate_handoff(call_options options)
{
    return run<handoff>(
        handle_->engine, operation::initiate_handoff, wire::encode(operation::initiate_handoff),
        std::move(options));
}

asio::awaitable<result<void>> client::complete_handoff(handoff_complete_request request, call_options options)
{
    return run<void>(
        handle_->engine, operation::complete_handoff, wire::encode(operation::complete_handoff, request),
        std::move(options));
}

asio::awaitable<result<handoff_status>> client::get_handoff_status(
    handoff_reference which, call_options options)
{
    return run<handoff_status>(
        handle_->engine, operation::get_handoff_status, wire::encode(operation::get_handoff_status, which),
        std::move(options));
}

asio::awaitable<result<void>> client::cancel_handoff(handoff_reference which, call_options options)
{
    return run<void>(
        handle_->engine, operation::cancel_handoff, wire::encode(operation::cancel_handoff, which),
        std::move(options));
}

asio::awaitable<result<reset_token_validity>> client::validate_reset_token(
    validate_reset_token_request request, call_options options)
{
    return run<reset_token_validity>(
        handle_->engine, operation::validate_reset_token,
        wire::encode(operation::validate_reset_token, request), std::move(options));
}

asio::awaitable<result<handoff_info>> client::get_handoff_info(secret code, call_options options)
{
    return run<handoff_info>(
        handle_->engine, operation::get_handoff_info,
        wire::encode_parameter(operation::get_handoff_info, code), std::move(options));
}

asio::awaitable<result<void>> client::deny_handoff(secret code, call_options options)
{
    return run<void>(
        handle_->engine, operation::deny_handoff, wire::encode_parameter(operation::deny_handoff, code),
        std::move(options));
}

asio::awaitable<result<username_availability>> client::check_username(
    check_username_request request, call_options options)
{
    return run<username_availability>(
        handle_->engine, operation::check_username, wire::encode(operation::check_username, request),
        std::move(options));
}

asio::awaitable<result<raw_response>> client::send(raw_request request, call_options options)
{
    return client_detail::run_raw(handle_->engine, std::move(request), std::move(options));
}

asio::awaitable<result<std::size_t>> client::warm_up(std::size_t connections, call_options options)
{
    return client_detail::run_warm_up(handle_->engine, connections, std::move(options));
}

void client::introduce(session const& kept) const
{
    handle_->engine->gate()->introduce(kept);
}

client_stats client::stats() const
{
    return handle_->engine->stats();
}

void client::cancel()
{
    if (handle_->engine->has_context())
        asio::post(handle_->engine->executor(), [engine = handle_->engine] { engine->cancel(); });
}

asio::awaitable<void> client::shutdown(milliseconds grace)
{
    return client_detail::run_shutdown(handle_->engine, grace);
}

client::executor_type client::get_executor() const noexcept
{
    return handle_->engine->executor();
}

} // namespace fluxer::auth
