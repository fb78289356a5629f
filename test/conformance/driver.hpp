#ifndef FLUXER_AUTH_TEST_CONFORMANCE_DRIVER_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_DRIVER_HPP

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::conformance {

/// Runs the library's operations one at a time, each to its end.
class driver
{
public:
    boost::asio::io_context& context() noexcept { return context_; }

    template <class T>
    result<T> run(boost::asio::awaitable<result<T>> work)
    {
        std::optional<result<T>> got;
        std::exception_ptr thrown;
        auto const done = [&](std::exception_ptr exception, result<T> value) {
            thrown = exception;
            got.emplace(std::move(value));
        };
        // It stops whenever there is nothing left to do, as after a refused request and before any connection.
        context_.restart();
        boost::asio::co_spawn(context_, std::move(work), done);
        // Not until there is no more work: idle connections are watched for good.
        while (!got)
            if (context_.run_one() == 0)
                throw std::logic_error("an operation was forgotten by the library");
        if (thrown)
            std::rethrow_exception(thrown);
        return *std::move(got);
    }

    /// What the library still has to do after an operation, such as taking its connection back.
    void settle() { context_.poll(); }

private:
    boost::asio::io_context context_{1};
};

} // namespace fluxer::auth::conformance

#endif
