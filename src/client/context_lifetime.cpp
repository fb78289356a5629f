#include "client/context_lifetime.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace fluxer::auth::client_detail {

namespace {

namespace asio = boost::asio;

class lifetime_service : public asio::execution_context::service
{
public:
    using key_type = lifetime_service;
    static asio::execution_context::id id;

    explicit lifetime_service(asio::execution_context& context)
        : asio::execution_context::service(context)
    {}

    void add(std::weak_ptr<call::engine> engine)
    {
        std::lock_guard const lock(mutex_);
        std::erase_if(engines_, [](auto const& known) { return known.expired(); });
        // In time: leave() is for when there is no memory.
        left_.reserve(left_.size() + engines_.size() + 1);
        engines_.push_back(std::move(engine));
    }

    void leave(std::shared_ptr<call::engine> engine) noexcept
    {
        std::lock_guard const lock(mutex_);
        left_.push_back(std::move(engine));
    }

private:
    // All services are shut down before any is destroyed, so sockets and timers can still be closed here.
    void shutdown() override
    {
        for (auto const& known : engines_) {
            if (auto const alive = known.lock())
                alive->context_gone();
        }
        left_.clear();
    }

    std::mutex mutex_;
    std::vector<std::weak_ptr<call::engine>> engines_;
    std::vector<std::shared_ptr<call::engine>> left_;
};

asio::execution_context::id lifetime_service::id;

} // namespace

void follow_context(asio::any_io_executor const& executor, std::shared_ptr<call::engine> const& engine)
{
    auto& context = asio::query(executor, asio::execution::context);
    asio::use_service<lifetime_service>(context).add(engine);
}

void leave_to_context(asio::any_io_executor const& executor, std::shared_ptr<call::engine> engine) noexcept
{
    auto& context = asio::query(executor, asio::execution::context);
    asio::use_service<lifetime_service>(context).leave(std::move(engine));
}

void send_home(std::shared_ptr<call::engine> engine) noexcept
{
    if (!engine->has_context())
        return;
    auto const executor = engine->executor();
    try {
        // What is posted may have been done before post() returns, and must have been the last to hold it even so.
        auto const last = std::make_shared<std::shared_ptr<call::engine>>();
        last->swap(engine);
        try {
            asio::post(executor, [last] { last->reset(); });
        } catch (...) {
            leave_to_context(executor, std::move(*last));
        }
    } catch (...) {
        leave_to_context(executor, std::move(engine));
    }
}

} // namespace fluxer::auth::client_detail
