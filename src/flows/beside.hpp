#ifndef FLUXER_AUTH_FLOWS_BESIDE_HPP
#define FLUXER_AUTH_FLOWS_BESIDE_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace fluxer::auth::flows_detail {

/// A coroutine that runs beside another one on the same executor, and never outlives it.
template <class T>
class beside
{
public:
    /// @param on_end called when it ends by itself, with a value or an exception
    beside(
        boost::asio::any_io_executor const& executor, boost::asio::awaitable<T> work,
        std::function<void()> on_end)
        : state_(std::make_shared<state>(executor))
    {
        state_->on_end = std::move(on_end);
        boost::asio::co_spawn(
            executor, std::move(work),
            boost::asio::bind_cancellation_slot(
                state_->signal.slot(), [kept = state_](std::exception_ptr thrown, T value) {
                    kept->thrown = thrown;
                    if (!thrown)
                        kept->value.emplace(std::move(value));
                    kept->ended = true;
                    kept->woken.cancel();
                    if (kept->on_end)
                        std::exchange(kept->on_end, nullptr)();
                }));
    }

    beside(beside const&) = delete;
    beside& operator=(beside const&) = delete;

    /// Its coroutine may be destroyed with the context only.
    ~beside() { state_->on_end = nullptr; }

    /// Whether it ended by itself; then value or thrown is set.
    bool ended() const noexcept { return state_->ended; }

    std::optional<T> const& value() const noexcept { return state_->value; }

    std::exception_ptr thrown() const noexcept { return state_->thrown; }

    /// Cancels it, if it still runs, and awaits its end.
    boost::asio::awaitable<void> stop()
    {
        state_->on_end = nullptr;
        if (!state_->ended)
            state_->signal.emit(boost::asio::cancellation_type::terminal);
        while (!state_->ended) {
            boost::system::error_code ignored;
            co_await state_->woken.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
    }

private:
    struct state
    {
        explicit state(boost::asio::any_io_executor const& executor)
            : woken(executor, boost::asio::steady_timer::time_point::max())
        {}

        boost::asio::cancellation_signal signal;
        boost::asio::steady_timer woken;
        std::function<void()> on_end;
        std::optional<T> value;
        std::exception_ptr thrown;
        bool ended = false;
    };

    std::shared_ptr<state> state_;
};

} // namespace fluxer::auth::flows_detail

#endif
