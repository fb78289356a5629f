#ifndef FLUXER_AUTH_FLOWS_FAILURE_HPP
#define FLUXER_AUTH_FLOWS_FAILURE_HPP

#include <fluxer/auth/error.hpp>

#include <string>
#include <utility>

namespace fluxer::auth::flows {

/// An error of something that sends no request.
inline error failure(errc code, std::string message)
{
    error_info info;
    info.code = code;
    info.message = std::move(message);
    return error(std::move(info));
}

} // namespace fluxer::auth::flows

#endif
