#ifndef FLUXER_AUTH_CLIENT_CLIENT_HANDLE_HPP
#define FLUXER_AUTH_CLIENT_CLIENT_HANDLE_HPP

#include "call/engine.hpp"

#include <fluxer/auth/client.hpp>

#include <memory>

namespace fluxer::auth::client_detail {

/// What all copies of a client share. Calls hold the engine and not this, so that its end is the user's last word.
class client_handle
{
public:
    client_handle(boost::asio::any_io_executor executor, client_options options);
    client_handle(client_handle const&) = delete;
    client_handle& operator=(client_handle const&) = delete;
    ~client_handle();

    std::shared_ptr<call::engine> engine;

private:
    std::shared_ptr<std::shared_ptr<call::engine>> last_; ///< where the engine is kept on its way to its end
};

/// For flows that want more of an operation's answer than its function returns.
struct client_access
{
    static std::shared_ptr<call::engine> const& engine_of(client const& of) noexcept
    {
        return of.handle_->engine;
    }
};

/// Makes the call and decodes its answer.
template <class T>
boost::asio::awaitable<result<T>> run(
    std::shared_ptr<call::engine> engine, operation what, wire::encoded&& request, call_options&& options);

boost::asio::awaitable<result<raw_response>> run_raw(
    std::shared_ptr<call::engine> engine, raw_request request, call_options options);

/// The same, for flows that want more of it than the answer alone.
boost::asio::awaitable<call::outcome> run_raw_call(
    std::shared_ptr<call::engine> engine, raw_request request, call_options options);

boost::asio::awaitable<result<std::size_t>> run_warm_up(
    std::shared_ptr<call::engine> engine, std::size_t connections, call_options options);

boost::asio::awaitable<void> run_shutdown(std::shared_ptr<call::engine> engine, milliseconds grace);

} // namespace fluxer::auth::client_detail

#endif
