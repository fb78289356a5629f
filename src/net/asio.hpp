#ifndef FLUXER_AUTH_NET_ASIO_HPP
#define FLUXER_AUTH_NET_ASIO_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace fluxer::auth::net {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;
using time_point = std::chrono::steady_clock::time_point;

} // namespace fluxer::auth::net

#endif
