#ifndef FLUXER_AUTH_IP_AUTHORIZATION_HPP
#define FLUXER_AUTH_IP_AUTHORIZATION_HPP

#include <fluxer/auth/login.hpp>

#include <optional>

namespace fluxer::auth {

/// One look at a waiting login (contract 5.21).
struct FLUXER_AUTH_DECL ip_authorization_poll
{
    ip_authorization_poll() = default;

    bool completed = false;
    std::optional<auth::session> session; ///< set when completed
};

} // namespace fluxer::auth

#endif
