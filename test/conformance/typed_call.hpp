#ifndef FLUXER_AUTH_TEST_CONFORMANCE_TYPED_CALL_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_TYPED_CALL_HPP

#include "body_reader.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <variant>
#include <vector>

namespace fluxer::auth::conformance {

/// What any operation may return.
using answer = std::variant<
    std::monostate, sso_status, sso_start, sso_completion, session, login_result, std::vector<auth_session>,
    ip_authorization_poll, boost::json::value, username_suggestions, handoff, handoff_status>;

using outcome = result<answer>;

/// One call of a typed operation with its request bound.
using typed_call = std::function<boost::asio::awaitable<outcome>(client&, call_options)>;

/// What the typed operations take beside call_options.
struct request_parts
{
    secret token;
    secret parameter;
    body_reader* body = nullptr;
};

/// The request is read from the parts at once; mistakes are left in the body's reader.
typed_call bind(auth::operation operation, request_parts const& parts);

} // namespace fluxer::auth::conformance

#endif
