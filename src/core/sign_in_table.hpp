#ifndef FLUXER_AUTH_CORE_SIGN_IN_TABLE_HPP
#define FLUXER_AUTH_CORE_SIGN_IN_TABLE_HPP

#include <fluxer/auth/sign_in_step.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace fluxer::auth::core {

/// What a step of a sign-in came to.
enum class sign_in_event : std::uint8_t {
    session,         ///< the server gave one
    challenge,       ///< a second factor is wanted
    other,           ///< an answer of a newer server
    captcha_wanted,  ///< none was sent, it was refused, or its challenge has ended
    captcha_ready,   ///< solved
    ip_wanted,       ///< a mail was sent
    totp_given,      ///< by the handler
    sms_wanted,      ///< by the handler
    sms_given,       ///< by the handler
    passkey_wanted,  ///< by the handler
    sent,            ///< an SMS
    options_ready,   ///< for the passkey to sign
    signature_ready, ///< of the passkey
    refused,         ///< wrong password, code or signature
    expired,         ///< the ticket has ended
    log_in_again,    ///< it has ended, and the caller allows a new login
    declined,        ///< a handler gave up
    exhausted,       ///< a bound was reached
    unhandled,       ///< there is no handler
    suspended,
    sso_required,
    banned,
    rate_limited,
    failed,
    timed_out,
    cancelled,
};

std::string_view to_string(sign_in_event value) noexcept;

/// One arrow of the diagram in docs/flows.md.
struct sign_in_arrow
{
    sign_in_step from;
    sign_in_event event;
    sign_in_step to;
};

std::span<sign_in_arrow const> sign_in_arrows() noexcept;

/// Where an event leads. What no arrow names is an end of the same name, or `failed`.
sign_in_step next_step(sign_in_step from, sign_in_event event) noexcept;

} // namespace fluxer::auth::core

#endif
