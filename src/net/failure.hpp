#ifndef FLUXER_AUTH_NET_FAILURE_HPP
#define FLUXER_AUTH_NET_FAILURE_HPP

#include <fluxer/auth/error.hpp>

#include <optional>
#include <string>

namespace fluxer::auth::net {

/// Why a step of a call did not work, without what only the call knows.
struct failure
{
    failure() = default;

    failure(errc code_, auth::phase phase_, boost::system::error_code cause_, std::string message_)
        : code(code_)
        , phase(phase_)
        , cause(cause_)
        , message(std::move(message_))
    {}

    errc code = errc::connection_lost;
    auth::phase phase = auth::phase::queue;
    boost::system::error_code cause;
    std::string message;
    std::optional<milliseconds> limit;
    std::string remote;
};

} // namespace fluxer::auth::net

#endif
