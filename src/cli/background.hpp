#ifndef FLUXER_AUTH_CLI_BACKGROUND_HPP
#define FLUXER_AUTH_CLI_BACKGROUND_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace fluxer::auth::cli {

/// A coroutine that runs beside its maker, on the same single-threaded executor, until it ends or this object
/// is destroyed, which cancels it.
/// @tparam T what it returns; can be made without arguments
template <class T>
class background
{
public:
    /// @param work must own what it uses, as it may end after this object
    background(boost::asio::any_io_executor const& executor, boost::asio::awaitable<T> work)
        : shared_(std::make_shared<shared>(executor))
    {
        auto on_end = [state = shared_](std::exception_ptr failure, T value) {
            state->failure = std::move(failure);
            state->value = std::move(value);
            state->ended = true;
            state->end.cancel();
        };
        boost::asio::co_spawn(
            executor, std::move(work),
            boost::asio::bind_cancellation_slot(shared_->stop.slot(), std::move(on_end)));
    }

    ~background()
    {
        if (!shared_->ended)
            shared_->stop.emit(boost::asio::cancellation_type::terminal);
    }

    background(background const&) = delete;
    background& operator=(background const&) = delete;

    /// Waits for its end. To be awaited once.
    boost::asio::awaitable<T> join()
    {
        if (!shared_->ended) {
            boost::system::error_code woken;
            co_await shared_->end.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
            // The coroutine's own cancellation wakes it too.
            if (!shared_->ended)
                throw boost::system::system_error(woken);
        }
        if (shared_->failure)
            std::rethrow_exception(shared_->failure);
        co_return std::move(shared_->value);
    }

private:
    struct shared
    {
        explicit shared(boost::asio::any_io_executor const& executor)
            : end(executor, boost::asio::steady_timer::time_point::max())
        {}

        boost::asio::steady_timer end; ///< never expires: cancelled when the work has ended
        boost::asio::cancellation_signal stop;
        std::exception_ptr failure;
        T value{};
        bool ended = false;
    };

    std::shared_ptr<shared> shared_;
};

} // namespace fluxer::auth::cli

#endif
