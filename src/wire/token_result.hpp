#ifndef FLUXER_AUTH_WIRE_TOKEN_RESULT_HPP
#define FLUXER_AUTH_WIRE_TOKEN_RESULT_HPP

#include "wire/decode.hpp"

#include <fluxer/auth/login.hpp>

namespace fluxer::auth::wire {

/// TokenResult (contract 5); several answers carry one.
template <>
struct description<session>
{
    static constexpr auto fields = std::tuple(
        field("token", &session::token, presence::required),
        field("user_id", &session::user_id, presence::required));
};

} // namespace fluxer::auth::wire

#endif
