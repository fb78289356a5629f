#ifndef FLUXER_AUTH_NET_RESOLVER_HPP
#define FLUXER_AUTH_NET_RESOLVER_HPP

#include "net/asio.hpp"
#include "net/executor_gate.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::net {

struct resolved
{
    std::vector<asio::ip::tcp::endpoint> endpoints;
    error_code ec;
    std::string message; ///< of a failure
};

/// Finds the addresses of one host. Lookups block, so each runs on a thread of its own, which is left behind when a
/// limit runs out: neither other calls nor the io_context wait for it (trap T15). Only a few may hang so; while they do,
/// whoever asks is told at once. Calls that ask while a lookup runs share it; a good answer is remembered for a while.
class resolver
{
public:
    using lookup_function = std::function<std::vector<std::string>(std::string const& host)>;

    resolver(
        asio::any_io_executor executor, std::string host, unsigned short port, lookup_function lookup,
        milliseconds remember);
    ~resolver();

    /// Bounded by the watchdog's phase that the caller has not entered yet: it is entered here.
    asio::awaitable<resolved> resolve(watchdog& dog, milliseconds limit);

    /// From now on no lookup's thread gives the executor anything. Who still waits has been interrupted.
    void stop() noexcept;

    /// Lets go of the executor, whose context is being destroyed.
    void context_gone() noexcept { executor_ = {}; }

private:
    class ticket;
    struct lookup;

    bool may_start_lookup() const noexcept;
    void start_lookup();

    asio::any_io_executor executor_;
    std::string host_;
    unsigned short port_;
    lookup_function lookup_;
    std::shared_ptr<executor_gate> gate_;
    milliseconds remember_;
    std::shared_ptr<lookup> running_;
    std::shared_ptr<void> thread_count_; ///< each thread has a copy until its lookup is over
    std::vector<asio::ip::tcp::endpoint> remembered_;
    time_point remembered_until_{};
};

} // namespace fluxer::auth::net

#endif
