#ifndef FLUXER_AUTH_WIRE_SESSION_CLIENT_HPP
#define FLUXER_AUTH_WIRE_SESSION_CLIENT_HPP

#include "wire/decode.hpp"

#include <fluxer/auth/sessions.hpp>

namespace fluxer::auth::wire {

/// What a server tells of the program behind a session or a handoff (contract 5.17, 14).
template <>
struct description<session_location>
{
    static constexpr auto fields = std::tuple(
        field("city", &session_location::city, presence::lenient),
        field("region", &session_location::region, presence::lenient),
        field("country", &session_location::country, presence::lenient));
};

template <>
struct description<session_client_info>
{
    static constexpr auto fields = std::tuple(
        field("platform", &session_client_info::platform, presence::lenient),
        field("os", &session_client_info::os, presence::lenient),
        field("browser", &session_client_info::browser, presence::lenient),
        field("device", &session_client_info::device, presence::lenient),
        field("location", &session_client_info::location, presence::lenient));
};

} // namespace fluxer::auth::wire

#endif
