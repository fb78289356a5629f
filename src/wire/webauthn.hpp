#ifndef FLUXER_AUTH_WIRE_WEBAUTHN_HPP
#define FLUXER_AUTH_WIRE_WEBAUTHN_HPP

#include "core/passkey_record.hpp"

#include <fluxer/auth/error.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::wire {

/// What a software authenticator needs of PublicKeyCredentialCreationOptionsJSON. Ids are decoded.
struct creation_options
{
    std::string challenge; ///< as the server wrote it
    std::string rp_id;     ///< empty: the origin's host
    std::string user_handle;
    std::string user_name;
    std::vector<std::string> excluded;
    bool wants_verification = false;
};

/// The same of PublicKeyCredentialRequestOptionsJSON.
struct request_options
{
    std::string challenge;
    std::string rp_id;
    std::optional<std::vector<std::string>> allowed; ///< nothing: any that is discoverable
    bool wants_verification = false;
};

/// On failure nothing, and `problem` names the member.
std::optional<creation_options> decode_creation_options(boost::json::value const& from, field_error& problem);
std::optional<request_options> decode_request_options(boost::json::value const& from, field_error& problem);

/// The challenge of either, which goes back with the signature; empty: there is none. The rest is not looked at: an
/// authenticator that understands more than this library decides about it.
std::string challenge_in(boost::json::value const& options);

/// Who is asking, as the browser tells the server (CollectedClientData).
struct client_data
{
    std::string_view type; ///< "webauthn.create" or "webauthn.get"
    std::string_view challenge;
    std::string_view origin;
};

/// RegistrationResponseJSON, with attestation "none".
boost::json::value registration_response(
    core::passkey_record const& made, client_data const& client, bool user_verified);

/// AuthenticationResponseJSON, with the record's counter as it is.
boost::json::value authentication_response(
    core::passkey_record const& used, client_data const& client, bool user_verified);

/// base64url of any bytes.
std::string encode_id(std::string_view bytes);

} // namespace fluxer::auth::wire

#endif
