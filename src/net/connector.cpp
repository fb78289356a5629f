#include "net/connector.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <utility>

namespace fluxer::auth::net {

namespace {

constexpr milliseconds head_start{250};

/// The attempts of one connect. Kept alive by their handlers; `done` wakes the coroutine that waits for the outcome.
class race : public std::enable_shared_from_this<race>, public abortable, private core::timer_entry
{
public:
    race(
        asio::any_io_executor executor, std::shared_ptr<timers> timers,
        std::vector<asio::ip::tcp::endpoint> endpoints)
        : done(executor, time_point::max())
        , executor_(std::move(executor))
        , timers_(std::move(timers))
        , endpoints_(std::move(endpoints))
    {}

    void start_next()
    {
        disarm();
        while (next_ < endpoints_.size() && !finished_) {
            auto const endpoint = endpoints_[next_++];
            auto const attempt = attempts_.emplace(attempts_.end(), executor_);
            error_code ec;
            attempt->open(endpoint.protocol(), ec);
            if (!ec)
                attempt->non_blocking(true, ec);
            if (ec) {
                outcome.ec = ec;
                attempts_.erase(attempt);
                continue;
            }
            attempt->async_connect(endpoint, [self = shared_from_this(), attempt](error_code const& result) {
                self->finished_one(attempt, result);
            });
            if (next_ < endpoints_.size())
                timers_->arm(*this, timers_->now() + head_start);
            return;
        }
        if (attempts_.empty())
            finish();
    }

    void abort() noexcept override
    {
        outcome.ec = asio::error::operation_aborted;
        finish();
    }

    bool finished() const noexcept { return finished_; }

    asio::steady_timer done;
    connected outcome;

private:
    using attempt_list = std::list<asio::ip::tcp::socket>;

    void expired() override { start_next(); }

    void finished_one(attempt_list::iterator attempt, error_code const& result)
    {
        if (finished_)
            return;
        if (!result) {
            outcome.ec = {};
            outcome.socket.emplace(std::move(*attempt));
            finish();
            return;
        }
        outcome.ec = result;
        attempts_.erase(attempt);
        start_next();
    }

    void finish() noexcept
    {
        finished_ = true;
        disarm();
        // Only closed, not erased: the handlers still hold their iterators.
        for (auto& attempt : attempts_) {
            error_code ignored;
            attempt.close(ignored);
        }
        done.cancel();
    }

    asio::any_io_executor executor_;
    std::shared_ptr<timers> timers_;
    std::vector<asio::ip::tcp::endpoint> endpoints_;
    attempt_list attempts_;
    std::size_t next_ = 0;
    bool finished_ = false;
};

} // namespace

std::vector<asio::ip::tcp::endpoint> interleave(std::vector<asio::ip::tcp::endpoint> const& endpoints)
{
    std::vector<asio::ip::tcp::endpoint> first;
    std::vector<asio::ip::tcp::endpoint> second;
    for (auto const& endpoint : endpoints) {
        auto const same = endpoint.address().is_v6() == endpoints.front().address().is_v6();
        (same ? first : second).push_back(endpoint);
    }
    std::vector<asio::ip::tcp::endpoint> mixed;
    mixed.reserve(endpoints.size());
    for (std::size_t index = 0; index < std::max(first.size(), second.size()); ++index) {
        if (index < first.size())
            mixed.push_back(first[index]);
        if (index < second.size())
            mixed.push_back(second[index]);
    }
    return mixed;
}

asio::awaitable<connected> connect(
    asio::any_io_executor executor, std::shared_ptr<timers> timers,
    std::vector<asio::ip::tcp::endpoint> endpoints, watchdog& dog, milliseconds limit)
{
    auto const attempts =
        std::make_shared<race>(std::move(executor), std::move(timers), interleave(endpoints));
    dog.enter(phase::connect, limit, *attempts);
    attempts->start_next();
    if (!attempts->finished()) {
        error_code ignored;
        co_await attempts->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    dog.leave();
    co_return std::move(attempts->outcome);
}

} // namespace fluxer::auth::net
