#ifndef FLUXER_AUTH_NET_EXECUTOR_GATE_HPP
#define FLUXER_AUTH_NET_EXECUTOR_GATE_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace fluxer::auth::net {

/// The way from other threads, and from a user's objects, back to an executor. A context that is being destroyed takes
/// nothing in any more while it lets go of what it has; nor may a strand of it be kept longer than it is there.
class executor_gate
{
public:
    explicit executor_gate(boost::asio::any_io_executor executor)
        : executor_(std::move(executor))
    {}

    /// Does nothing once it is closed.
    template <class Function>
    void post(Function function)
    {
        std::lock_guard const lock(mutex_);
        if (executor_)
            boost::asio::post(executor_, std::move(function));
    }

    /// Lets go of the executor. Any thread.
    void close() noexcept
    {
        std::lock_guard const lock(mutex_);
        executor_ = {};
    }

private:
    std::mutex mutex_;
    boost::asio::any_io_executor executor_;
};

} // namespace fluxer::auth::net

#endif
