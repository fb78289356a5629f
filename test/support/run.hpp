#ifndef FLUXER_AUTH_TEST_SUPPORT_RUN_HPP
#define FLUXER_AUTH_TEST_SUPPORT_RUN_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace fluxer::auth::test {

/// Longer than anything a test does, so that it only ever ends a test that hangs.
constexpr std::chrono::seconds guard{60};

template <class T>
boost::asio::awaitable<void> deliver(boost::asio::awaitable<T> work, std::optional<T>& into)
{
    into.emplace(co_await std::move(work));
}

/// An io_context that the test's own thread runs, and only while the test waits for something.
class runner
{
public:
    runner();
    runner(runner const&) = delete;
    runner& operator=(runner const&) = delete;
    ~runner();

    boost::asio::any_io_executor executor() const;

    /// Runs the work to its end. Throws what it throws, and std::runtime_error if it outlasts the guard.
    template <class T>
    T operator()(boost::asio::awaitable<T> work)
    {
        std::optional<T> value;
        drive(deliver(std::move(work), value));
        return *std::move(value);
    }

    void operator()(boost::asio::awaitable<void> work) { drive(std::move(work)); }

    /// Lets the work begin; it goes on whenever something else is waited for. What it throws is thrown by the next
    /// wait.
    void start(boost::asio::awaitable<void> work);

    /// Runs until the condition holds.
    void until(std::function<bool()> const& holds);

    /// Runs until nothing is left to do, which a client that is gone must allow.
    void drain();

private:
    class impl;

    void drive(boost::asio::awaitable<void> work);

    std::unique_ptr<impl> impl_;
};

} // namespace fluxer::auth::test

#endif
