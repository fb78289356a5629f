#ifndef FLUXER_AUTH_FLOWS_UNTIL_DEADLINE_HPP
#define FLUXER_AUTH_FLOWS_UNTIL_DEADLINE_HPP

#include "client/crossing.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace fluxer::auth::flows_detail {

/// Work that is cancelled when its time is over, whatever it awaits then. It is told by deadline_passed() first. Built
/// on a callback instead of operator||, which in this Asio waits for the loser (trap T6).
template <class R, class Work>
class until_deadline
{
public:
    /// @param target where work and timer run: a strand unless the caller's executor is one already, or has one thread
    until_deadline(
        boost::asio::any_io_executor target, std::chrono::steady_clock::time_point deadline, Work work)
        : target_(std::move(target))
        , deadline_(deadline)
        , work_(std::move(work))
    {}

    boost::asio::awaitable<R> operator()()
    {
        using running_work = client_detail::crossing<R, Work>;
        auto const running = std::make_shared<running_work>(target_, std::move(work_));
        boost::asio::steady_timer timer(target_, deadline_);
        timer.async_wait([weak = std::weak_ptr(running)](boost::system::error_code ec) {
            auto const alive = weak.lock();
            if (ec || !alive || alive->ended || alive->present() == nullptr)
                return;
            alive->present()->deadline_passed();
            alive->stop(boost::asio::cancellation_type::terminal);
        });
        co_await client_detail::cross(running);
        co_return *std::move(running->value);
    }

    R refuse() { return work_.refuse(); }

private:
    boost::asio::any_io_executor target_;
    std::chrono::steady_clock::time_point deadline_;
    Work work_;
};

} // namespace fluxer::auth::flows_detail

#endif
