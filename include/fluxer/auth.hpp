#ifndef FLUXER_AUTH_HPP
#define FLUXER_AUTH_HPP

/// Everything a user of the library needs.

#include <fluxer/auth/account.hpp>
#include <fluxer/auth/altcha.hpp>
#include <fluxer/auth/altcha_challenge.hpp>
#include <fluxer/auth/client.hpp>
#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/config.hpp>
#include <fluxer/auth/discovery.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/handoff.hpp>
#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/instance.hpp>
#include <fluxer/auth/ip_authorization.hpp>
#include <fluxer/auth/login.hpp>
#include <fluxer/auth/mfa.hpp>
#include <fluxer/auth/observer.hpp>
#include <fluxer/auth/operation.hpp>
#include <fluxer/auth/options.hpp>
#include <fluxer/auth/passkey.hpp>
#include <fluxer/auth/rate.hpp>
#include <fluxer/auth/raw.hpp>
#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/sessions.hpp>
#include <fluxer/auth/sign_in.hpp>
#include <fluxer/auth/sign_in_step.hpp>
#include <fluxer/auth/snowflake.hpp>
#include <fluxer/auth/sso.hpp>
#include <fluxer/auth/stats.hpp>
#include <fluxer/auth/sudo.hpp>
#include <fluxer/auth/sudo_methods.hpp>
#include <fluxer/auth/transport.hpp>

#endif
