#ifndef FLUXER_AUTH_WIRE_CODEC_HPP
#define FLUXER_AUTH_WIRE_CODEC_HPP

#include "core/secret_buffer.hpp"
#include "wire/answer.hpp"
#include "wire/own_secrets.hpp"

#include <fluxer/auth/account.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/handoff.hpp>
#include <fluxer/auth/ip_authorization.hpp>
#include <fluxer/auth/login.hpp>
#include <fluxer/auth/mfa.hpp>
#include <fluxer/auth/operation.hpp>
#include <fluxer/auth/sessions.hpp>
#include <fluxer/auth/sso.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fluxer::auth::wire {

/// An operation's request, validated and ready to be put into HTTP.
struct request
{
    auth::operation operation = auth::operation::raw;
    std::string_view method;                 ///< static text
    core::secret_buffer target;              ///< path and query below the base URL; may hold a ticket or code
    std::optional<core::secret_buffer> body; ///< JSON
    std::optional<secret> token;             ///< the value of `Authorization`
    core::secret_buffer email; ///< whose requests an inner limit counts (contract 10); empty: none
    std::vector<std::string> ends_sessions; ///< their id hashes, if the request succeeds
    bool repeatable = false;                ///< contract 13
};

/// What an approved handoff is answered with: nothing, or in newer servers where to go (contract 14).
struct handoff_completion
{
    std::optional<std::string> return_url;
};

/// Either the request, or everything that is wrong with it.
using encoded = std::variant<request, std::vector<field_error>>;

/// For operations without request, and those whose only parameter is the session token.
encoded encode(auth::operation operation);
encoded encode_session(auth::operation operation, secret const& token);
/// poll_ip_authorization, get_handoff_info, deny_handoff.
encoded encode_parameter(auth::operation operation, secret const& value);

encoded encode(auth::operation operation, login_request const& request);
encoded encode(auth::operation operation, register_request const& request);
encoded encode(auth::operation operation, username_suggestions_request const& request);
encoded encode(auth::operation operation, mfa_totp_request const& request);
encoded encode(auth::operation operation, mfa_sms_request const& request);
encoded encode(auth::operation operation, mfa_ticket_request const& request);
encoded encode(auth::operation operation, webauthn_mfa_request const& request);
encoded encode(auth::operation operation, webauthn_authenticate_request const& request);
encoded encode(auth::operation operation, sso_start_request const& request);
encoded encode(auth::operation operation, sso_complete_request const& request);
encoded encode(auth::operation operation, verify_email_request const& request);
encoded encode(auth::operation operation, forgot_password_request const& request);
encoded encode(auth::operation operation, reset_password_request const& request);
encoded encode(auth::operation operation, email_revert_request const& request);
encoded encode(auth::operation operation, authorize_ip_request const& request);
encoded encode(auth::operation operation, validate_reset_token_request const& request);
encoded encode(auth::operation operation, check_username_request const& request);
encoded encode(auth::operation operation, handoff_complete_request const& request);
/// get_handoff_status, cancel_handoff.
encoded encode(auth::operation operation, handoff_reference const& which);
encoded encode(auth::operation operation, secret const& token, logout_auth_sessions_request const& request);

/// Understands the body of a 2xx answer. On failure nothing, and `problem` says what is wrong, in words without
/// any value of the body.
///
/// For session, login_result, sso_status, sso_start, sso_completion, boost::json::value,
/// std::vector<auth_session>, sudo_methods, ip_authorization_poll, username_suggestions, handoff, handoff_status,
/// handoff_info, handoff_completion, reset_token_validity, username_availability.
template <class T>
std::optional<T> decode(std::string_view body, std::string& problem);

/// Whether a body does for an operation that is answered without one: none does, and so does JSON, which newer servers may
/// have to add. What stands in front of the API answers with pages, and not for it.
bool is_empty_or_json(std::string_view body, std::string& problem);

// Their answers may have no body.
template <>
std::optional<handoff_completion> decode<handoff_completion>(std::string_view body, std::string& problem);
template <>
std::optional<reset_token_validity> decode<reset_token_validity>(std::string_view body, std::string& problem);

/// Fills what an answer with an error status tells: code, API code, message, request id, fields, retry_after,
/// details and excerpt (contract 6).
///
/// @param hidden does not show in any text of the error
void decode_error(answer const& from, error_info& into, own_secrets const& hidden = {});

/// A request id as an error has it.
std::string shown_request_id(std::string_view id, own_secrets const& hidden = {});

} // namespace fluxer::auth::wire

#endif
