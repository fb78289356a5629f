#ifndef FLUXER_AUTH_TEST_SUPPORT_EVERY_CALL_HPP
#define FLUXER_AUTH_TEST_SUPPORT_EVERY_CALL_HPP

#include <fluxer/auth/client.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace fluxer::auth::test {

/// One operation with arguments that pass the client's own checks, and what contract sections 4 and 13 say of it.
struct any_call
{
    any_call() = default;

    operation what = operation::raw;
    bool repeatable = false;
    bool captcha = false;
    bool refused_under_sso = false;
    /// The error, if it fails.
    std::function<boost::asio::awaitable<std::optional<error>>(client&, call_options)> make;
};

/// All 28.
/// @param token a session for those that need one
std::vector<any_call> every_call(secret const& token);

/// What an error of a call says that may have reached the server.
retry_advice unless_it_ran(any_call const& call);

} // namespace fluxer::auth::test

#endif
