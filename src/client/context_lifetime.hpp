#ifndef FLUXER_AUTH_CLIENT_CONTEXT_LIFETIME_HPP
#define FLUXER_AUTH_CLIENT_CONTEXT_LIFETIME_HPP

#include "call/engine.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace fluxer::auth::client_detail {

/// Has the engine let go of its sockets and timers when the executor's context is destroyed before the client is:
/// they would touch the context's services later otherwise.
void follow_context(
    boost::asio::any_io_executor const& executor, std::shared_ptr<call::engine> const& engine);

/// Keeps an engine that was followed until the context is destroyed, for want of memory to end it now; its connections
/// end by their idle timeout. Any thread.
void leave_to_context(
    boost::asio::any_io_executor const& executor, std::shared_ptr<call::engine> engine) noexcept;

/// Lets go of an engine, which ends on its own executor if nobody else has it. Any thread.
void send_home(std::shared_ptr<call::engine> engine) noexcept;

} // namespace fluxer::auth::client_detail

#endif
