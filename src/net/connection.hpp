#ifndef FLUXER_AUTH_NET_CONNECTION_HPP
#define FLUXER_AUTH_NET_CONNECTION_HPP

#include "core/pool_state.hpp"
#include "net/tls_stream.hpp"
#include "net/watchdog.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>

namespace fluxer::auth::net {

/// An open connection, with TLS or plain, and its place in the pool.
class connection final : public core::pooled, public abortable
{
public:
    connection(tls_stream stream_, std::uint64_t number_, std::string remote_)
        : stream(std::move(stream_))
        , number(number_)
        , remote(std::make_shared<std::string const>(std::move(remote_)))
    {}

    void abort() noexcept override { stream.close(false); }

    /// Whether another request went over it before, or could have: the server may have closed it meanwhile.
    bool reused() const noexcept { return was_idle || uses > 1; }

    /// Whether it comes straight from its handshake: it may have tickets waiting, or only half of one.
    bool is_new() const noexcept { return !was_idle && uses == 0; }

    tls_stream stream;
    std::uint64_t number;
    std::shared_ptr<std::string const> remote; ///< "127.0.0.1:443"; shared with the calls, which outlive it
    std::list<connection>::iterator place;
};

} // namespace fluxer::auth::net

#endif
