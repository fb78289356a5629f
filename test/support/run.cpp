#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>
#include <thread>

namespace fluxer::auth::test {

namespace asio = boost::asio;

class runner::impl
{
public:
    void start(asio::awaitable<void> work, std::shared_ptr<bool> ended)
    {
        asio::co_spawn(context, std::move(work), [this, ended](std::exception_ptr thrown) {
            *ended = true;
            if (thrown)
                failure = thrown;
        });
    }

    void run_until(std::function<bool()> const& holds)
    {
        auto const end = std::chrono::steady_clock::now() + guard;
        while (!holds()) {
            if (std::chrono::steady_clock::now() >= end)
                throw std::runtime_error("the guard's time ran out");
            // The condition may be another thread's affair, which does not wake this context.
            context.restart();
            if (context.run_one_for(std::chrono::milliseconds(2)) == 0)
                std::this_thread::yield();
            rethrow();
        }
        rethrow();
    }

    void rethrow()
    {
        if (failure)
            std::rethrow_exception(std::exchange(failure, nullptr));
    }

    asio::io_context context{1};
    std::exception_ptr failure;
};

runner::runner()
    : impl_(std::make_unique<impl>())
{}

runner::~runner() = default;

asio::any_io_executor runner::executor() const
{
    return impl_->context.get_executor();
}

void runner::start(asio::awaitable<void> work)
{
    impl_->start(std::move(work), std::make_shared<bool>(false));
}

void runner::until(std::function<bool()> const& holds)
{
    impl_->run_until(holds);
}

void runner::drain()
{
    auto const end = std::chrono::steady_clock::now() + guard;
    impl_->context.restart();
    while (!impl_->context.stopped()) {
        if (std::chrono::steady_clock::now() >= end)
            throw std::runtime_error("something never ends: the guard's time ran out");
        impl_->context.run_one_until(end);
        impl_->rethrow();
    }
}

void runner::drive(asio::awaitable<void> work)
{
    auto const ended = std::make_shared<bool>(false);
    impl_->start(std::move(work), ended);
    impl_->run_until([&] { return *ended; });
}

} // namespace fluxer::auth::test
