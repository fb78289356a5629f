#ifndef FLUXER_AUTH_SANDBOX_CALL_HPP
#define FLUXER_AUTH_SANDBOX_CALL_HPP

#include "sandbox/errors.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/state.hpp"
#include "sandbox/validation.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// One request under way, as the handlers of operations see it. They run with the state locked.
struct call
{
    request const& in;
    state& server;
    time_point now;
    std::string client_ip;
    language speaks = language::english;
    /// Decoded `{…}` segment of the path.
    std::string path_argument{};
    /// Whom the Authorization header stands for, and with which session token.
    account* user = nullptr;
    std::string session_token{};
    /// Added to whatever the handler answers.
    header_list extra_headers{};

    /// Of generation 2026-09.
    bool newer() const { return server.newer(); }

    boost::json::value body() const { return parse_body(in.body); }

    client_trace trace() const
    {
        return {client_ip, std::string(in.header("user-agent")), in.header("x-fluxer-platform") == "desktop"};
    }
};

/// TokenResult of contract 5.
boost::json::object token_members(call const& now, token_result const& result);

/// What a newer server shows of an address: "203.0.x.x".
std::string masked_ip(std::string_view ip);

/// Logs in past everything.
reply new_session_reply(call& now, account& who);

/// MfaChallenge of contract 5, with a new ticket.
reply mfa_challenge_reply(call& now, account const& who);

/// 403 if the account is suspended.
std::optional<reply> suspension_error(account const& who);

/// Takes a slot of an inner limit of an operation (contract 5.4, 5.5, 5.13, 5.14).
/// @returns the 429 if there is none left
std::optional<reply> inner_limit(call& now, std::string const& key, rate const& allowance);

reply rate_limit_error(call const& now, rate_decision const& decision, std::string_view bucket);

/// X-RateLimit-… of contract 10.2.
header_list rate_headers(call const& now, rate_decision const& decision, std::string_view bucket);

/// The bucket of all operations together (contract 10.4).
inline constexpr std::string_view global_bucket = "global";

} // namespace fluxer::auth::sandbox_detail

#endif
