#ifndef FLUXER_AUTH_FLOWS_FAILURE_HPP
#define FLUXER_AUTH_FLOWS_FAILURE_HPP

#include <fluxer/auth/error.hpp>

#include <string>
#include <string_view>
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

/// The same error, with the function whose request it was.
inline error of_helper(error const& failed, std::string_view helper)
{
    auto info = failed.info();
    info.helper = helper;
    return error(std::move(info));
}

} // namespace fluxer::auth::flows

#endif
