#ifndef FLUXER_AUTH_EXAMPLES_RUN_HPP
#define FLUXER_AUTH_EXAMPLES_RUN_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <utility>

namespace example {

/// Runs the coroutine that `start` makes to its end, on this thread; what it throws is thrown.
/// @param start called with the executor, as clients want it
/// @returns what the coroutine does: whether all went well
template <class Start>
bool run(Start start)
{
    boost::asio::io_context context(1);
    boost::asio::awaitable<bool> work = start(boost::asio::any_io_executor(context.get_executor()));
    bool went_well = false;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr problem, bool result) {
        thrown = problem;
        went_well = result;
    });
    context.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return went_well;
}

/// What main does: the program's exit code; an exception becomes a line of text.
template <class Body>
int exit_code(Body body)
{
    try {
        return body() ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}

} // namespace example

#endif
