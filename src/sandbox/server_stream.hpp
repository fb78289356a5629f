#ifndef FLUXER_AUTH_SANDBOX_SERVER_STREAM_HPP
#define FLUXER_AUTH_SANDBOX_SERVER_STREAM_HPP

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <utility>

namespace fluxer::auth::sandbox_detail {

/// A client's connection, with TLS or without. A stream to Beast and Asio, until it is closed.
class server_stream
{
public:
    using socket = boost::asio::ip::tcp::socket;
    using executor_type = socket::executor_type;

    server_stream(socket from, boost::asio::ssl::context& tls, bool plain)
        : tls_(std::move(from), tls)
        , plain_(plain)
    {}

    executor_type get_executor() { return raw().get_executor(); }

    socket& raw() { return tls_.next_layer(); }

    boost::asio::ssl::stream<socket>& tls() { return tls_; }

    bool is_plain() const noexcept { return plain_; }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token)
    {
        if (plain_)
            return raw().async_read_some(buffers, std::forward<Token>(token));
        return tls_.async_read_some(buffers, std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token)
    {
        if (plain_)
            return raw().async_write_some(buffers, std::forward<Token>(token));
        return tls_.async_write_some(buffers, std::forward<Token>(token));
    }

private:
    boost::asio::ssl::stream<socket> tls_;
    bool plain_;
};

} // namespace fluxer::auth::sandbox_detail

#endif
