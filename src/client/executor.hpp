#ifndef FLUXER_AUTH_CLIENT_EXECUTOR_HPP
#define FLUXER_AUTH_CLIENT_EXECUTOR_HPP

#include <fluxer/auth/options.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace fluxer::auth::client_detail {

/// The executor itself if one thread at a time runs what is on it, else a strand over it. See auth::threading.
boost::asio::any_io_executor sequential(boost::asio::any_io_executor executor, threading promise);

} // namespace fluxer::auth::client_detail

#endif
