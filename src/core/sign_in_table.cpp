#include "core/sign_in_table.hpp"

#include <array>

namespace fluxer::auth {

std::string_view to_string(sign_in_step value) noexcept
{
    constexpr std::array<std::string_view, 29> names{
        "log in",
        "ask for a captcha",
        "ask for a second factor",
        "check a TOTP code",
        "send an SMS",
        "check an SMS code",
        "get a challenge for the second factor",
        "have a passkey sign as second factor",
        "check a passkey as second factor",
        "wait for IP authorization",
        "get a challenge",
        "have a passkey sign",
        "check a passkey",
        "complete SSO",
        "ask about another answer",
        "signed in",
        "refused",
        "declined",
        "exhausted",
        "unhandled",
        "ticket expired",
        "suspended",
        "SSO required",
        "banned",
        "rate limited",
        "other",
        "failed",
        "timed out",
        "cancelled",
    };
    auto const index = static_cast<std::size_t>(value);
    return index < names.size() ? names[index] : std::string_view("unknown");
}

bool is_end(sign_in_step value) noexcept
{
    return value >= sign_in_step::signed_in;
}

namespace core {

namespace {

using enum sign_in_step;
using event = sign_in_event;

// scripts/flow-diagram draws docs/flows.md from these lines.
// clang-format off
constexpr std::array arrows{
    sign_in_arrow{log_in, event::session, signed_in},
    sign_in_arrow{log_in, event::challenge, ask_mfa},
    sign_in_arrow{log_in, event::captcha_wanted, ask_captcha},
    sign_in_arrow{log_in, event::ip_wanted, wait_for_ip},
    sign_in_arrow{log_in, event::other, ask_about_other},
    sign_in_arrow{ask_captcha, event::captcha_ready, log_in},
    sign_in_arrow{ask_captcha, event::captcha_wanted, log_in},
    sign_in_arrow{ask_mfa, event::totp_given, check_totp},
    sign_in_arrow{ask_mfa, event::sms_wanted, send_sms},
    sign_in_arrow{ask_mfa, event::sms_given, check_sms},
    sign_in_arrow{ask_mfa, event::passkey_wanted, get_mfa_challenge},
    sign_in_arrow{ask_mfa, event::log_in_again, log_in},
    sign_in_arrow{check_totp, event::session, signed_in},
    sign_in_arrow{check_totp, event::refused, ask_mfa},
    sign_in_arrow{check_totp, event::log_in_again, log_in},
    sign_in_arrow{send_sms, event::sent, ask_mfa},
    sign_in_arrow{send_sms, event::refused, ask_mfa},
    sign_in_arrow{send_sms, event::log_in_again, log_in},
    sign_in_arrow{check_sms, event::session, signed_in},
    sign_in_arrow{check_sms, event::refused, ask_mfa},
    sign_in_arrow{check_sms, event::log_in_again, log_in},
    sign_in_arrow{get_mfa_challenge, event::options_ready, sign_mfa_challenge},
    sign_in_arrow{get_mfa_challenge, event::refused, ask_mfa},
    sign_in_arrow{get_mfa_challenge, event::log_in_again, log_in},
    sign_in_arrow{sign_mfa_challenge, event::signature_ready, check_mfa_passkey},
    sign_in_arrow{sign_mfa_challenge, event::declined, ask_mfa},
    sign_in_arrow{check_mfa_passkey, event::session, signed_in},
    sign_in_arrow{check_mfa_passkey, event::refused, ask_mfa},
    sign_in_arrow{check_mfa_passkey, event::log_in_again, log_in},
    sign_in_arrow{wait_for_ip, event::session, signed_in},
    sign_in_arrow{get_challenge, event::options_ready, sign_challenge},
    sign_in_arrow{sign_challenge, event::signature_ready, check_passkey},
    sign_in_arrow{check_passkey, event::session, signed_in},
    sign_in_arrow{check_passkey, event::refused, get_challenge},
    sign_in_arrow{complete_sso, event::session, signed_in},
    sign_in_arrow{ask_about_other, event::session, signed_in},
};

// clang-format on

/// Events that mean the same wherever they happen.
sign_in_step end_of(sign_in_event value) noexcept
{
    switch (value) {
    case event::session:
        return signed_in;
    case event::refused:
        return sign_in_step::refused;
    case event::declined:
        return sign_in_step::declined;
    case event::exhausted:
        return sign_in_step::exhausted;
    case event::unhandled:
        return sign_in_step::unhandled;
    case event::expired:
        return ticket_expired;
    case event::suspended:
        return sign_in_step::suspended;
    case event::sso_required:
        return sign_in_step::sso_required;
    case event::banned:
        return sign_in_step::banned;
    case event::rate_limited:
        return sign_in_step::rate_limited;
    case event::other:
        return sign_in_step::other;
    case event::timed_out:
        return sign_in_step::timed_out;
    case event::cancelled:
        return sign_in_step::cancelled;
    default:
        return sign_in_step::failed;
    }
}

} // namespace

std::string_view to_string(sign_in_event value) noexcept
{
    constexpr std::array<std::string_view, 26> names{
        "session",         "challenge",  "other",        "captcha wanted", "captcha ready", "IP wanted",
        "TOTP given",      "SMS wanted", "SMS given",    "passkey wanted", "sent",          "options ready",
        "signature ready", "refused",    "expired",      "log in again",   "declined",      "exhausted",
        "unhandled",       "suspended",  "SSO required", "banned",         "rate limited",  "failed",
        "timed out",       "cancelled",
    };
    auto const index = static_cast<std::size_t>(value);
    return index < names.size() ? names[index] : std::string_view("unknown");
}

std::span<sign_in_arrow const> sign_in_arrows() noexcept
{
    return arrows;
}

sign_in_step next_step(sign_in_step from, sign_in_event event) noexcept
{
    for (auto const& arrow : arrows)
        if (arrow.from == from && arrow.event == event)
            return arrow.to;
    return end_of(event);
}

} // namespace core

} // namespace fluxer::auth
