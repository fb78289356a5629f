#include "client/executor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

namespace fluxer::auth::client_detail {

namespace {

namespace asio = boost::asio;

/// Whether the context was made with the promise that one thread runs it. Asio knows, but has no public way to ask.
template <class Context>
bool promised_to_one_thread(Context& context)
{
    using scheduler = asio::detail::scheduler;
    if constexpr (requires(scheduler & of) { of.concurrency_hint(); })
        return asio::use_service<scheduler>(context).concurrency_hint() == 1;
    else
        return false;
}

bool is_sequential(asio::any_io_executor const& executor)
{
    if (executor.target<asio::strand<asio::any_io_executor>>() != nullptr ||
        executor.target<asio::strand<asio::io_context::executor_type>>() != nullptr ||
        executor.target<asio::strand<asio::thread_pool::executor_type>>() != nullptr)
        return true;
    if (auto const* const plain = executor.target<asio::io_context::executor_type>())
        return promised_to_one_thread(plain->context());
    return false;
}

} // namespace

asio::any_io_executor sequential(asio::any_io_executor executor, threading promise)
{
    if (promise == threading::single_thread || is_sequential(executor))
        return executor;
    return asio::make_strand(executor);
}

} // namespace fluxer::auth::client_detail
