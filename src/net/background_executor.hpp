#ifndef FLUXER_AUTH_NET_BACKGROUND_EXECUTOR_HPP
#define FLUXER_AUTH_NET_BACKGROUND_EXECUTOR_HPP

#include "net/asio.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>

#include <concepts>
#include <utility>

namespace fluxer::auth::net {

/// Runs what a timer has to say without keeping the context running for it: an idle connection waits up to a minute
/// for its end, and io_context::run() must not wait with it. Asio counts a waiting timer as work and has no public
/// way to say otherwise, so that one unit of work is taken away while the timer waits and given back when it fires.
class background_executor
{
public:
    /// Takes nothing that is to be converted first: asking whether this is an executor would ask whether it converts to one.
    template <std::same_as<asio::any_io_executor> Executor>
    explicit background_executor(Executor target)
        : target_(std::move(target))
        , context_(&asio::query(target_, asio::execution::context))
    {
        if (asio::has_service<scheduler>(*context_))
            scheduler_ = &asio::use_service<scheduler>(*context_);
    }

    // Moving is copying, as Asio's own objects do it with an executor when they are moved.
    background_executor(background_executor const&) = default;
    background_executor& operator=(background_executor const&) = default;
    ~background_executor() = default;

    /// To be called after each start of a wait, from within the context.
    void forget_wait() const
    {
        if (scheduler_ != nullptr)
            scheduler_->work_finished();
    }

    template <class Function>
    void execute(Function&& function) const
    {
        if (scheduler_ != nullptr)
            scheduler_->work_started();
        target_.execute(std::forward<Function>(function));
    }

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *context_; }

    friend bool operator==(background_executor const& left, background_executor const& right) noexcept
    {
        return left.target_ == right.target_;
    }

    friend bool operator!=(background_executor const& left, background_executor const& right) noexcept
    {
        return !(left == right);
    }

private:
    using scheduler = asio::detail::scheduler;

    asio::any_io_executor target_;
    asio::execution_context* context_;
    scheduler* scheduler_ = nullptr;
};

} // namespace fluxer::auth::net

#endif
