#ifndef FLUXER_AUTH_SUDO_METHODS_HPP
#define FLUXER_AUTH_SUDO_METHODS_HPP

#include <fluxer/auth/config.hpp>

namespace fluxer::auth {

/// What an account can prove itself with (contract 8.5).
struct FLUXER_AUTH_DECL sudo_methods
{
    sudo_methods() = default;

    bool totp = false;
    bool sms = false;
    bool webauthn = false;
    bool has_mfa = false; ///< false: the password is the proof
};

} // namespace fluxer::auth

#endif
