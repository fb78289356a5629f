#ifndef FLUXER_AUTH_NET_EITHER_WAIT_HPP
#define FLUXER_AUTH_NET_EITHER_WAIT_HPP

#include "net/asio.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <new>
#include <utility>

namespace fluxer::auth::net {

/// Waits until a socket can be read from or written to, for which Asio has no wait: two of them, of which the first to
/// end ends the other. Only then is the handler called, so that no operation is left behind.
template <class Handler>
class either_wait : public std::enable_shared_from_this<either_wait<Handler>>
{
public:
    either_wait(asio::ip::tcp::socket& socket, error_code& ec, Handler handler)
        : socket_(socket)
        , ec_(ec)
        , handler_(std::move(handler))
    {}

    void start()
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->end_both();
            });
        auto const executor = asio::get_associated_executor(handler_, socket_.get_executor());
        auto const ended = [self = this->shared_from_this()](error_code const& ec) { self->one_ended(ec); };
        socket_.async_wait(asio::ip::tcp::socket::wait_write, asio::bind_executor(executor, ended));
        waits_ = 1;
        // The first one holds the handler from now on: nothing may throw.
        try {
            socket_.async_wait(asio::ip::tcp::socket::wait_read, asio::bind_executor(executor, ended));
            waits_ = 2;
        } catch (std::bad_alloc const&) { // NOLINT(bugprone-empty-catch): the other one is enough
        }
    }

private:
    void one_ended(error_code const& ec)
    {
        if (!std::exchange(ended_, true))
            ec_ = ec;
        if (--waits_ != 0)
            return end_both();
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        auto handler = std::move(handler_);
        std::move(handler)();
    }

    void end_both() noexcept
    {
        error_code ignored;
        socket_.cancel(ignored);
    }

    asio::ip::tcp::socket& socket_;
    error_code& ec_;
    Handler handler_;
    int waits_ = 0;
    bool ended_ = false; ///< one of them
};

} // namespace fluxer::auth::net

#endif
