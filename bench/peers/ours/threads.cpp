#include "peers/ours/use.hpp"

#include "support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace fluxer::auth::bench::ours {

namespace {

constexpr std::size_t thread_count = 2;

/// What the threads have done. The requests of a thread are counted by that thread alone.
struct alignas(64) counter
{
    std::atomic<std::uint64_t> requests{0};
};

/// Runs callers on two threads and takes the figures from a third, which sleeps meanwhile.
class program
{
public:
    explicit program(settings const& how)
        : how_(how)
        , counters_(how.in_flight)
    {}

    template <class Executor>
    void add_caller(Executor const& on, client& with)
    {
        start(on, keep_asking(with, counters_[callers_++]));
    }

    /// @param contexts one for each thread; the same one may be there twice
    boost::json::object measure(std::vector<asio::io_context*> const& contexts)
    {
        std::vector<std::thread> threads;
        for (auto* const context : contexts)
            threads.emplace_back([this, context] { run(*context); });
        sleep(how_.warm_up);
        auto const cpu_before = used_cpu();
        auto const answered_before = answered();
        auto const begin = std::chrono::steady_clock::now();
        sleep(how_.seconds);
        auto const cpu_after = used_cpu();
        auto const answered_after = answered();
        auto const end = std::chrono::steady_clock::now();
        stopped_ = true;
        for (auto& thread : threads)
            thread.join();
        if (failed_)
            std::rethrow_exception(failed_);
        return {
            {"requests", answered_after - answered_before},
            {"cpu_user", cpu_after.user - cpu_before.user},
            {"cpu_sys", cpu_after.system - cpu_before.system},
            {"wall", std::chrono::duration<double>(end - begin).count()}};
    }

private:
    static void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

    asio::awaitable<void> keep_asking(client& with, counter& count)
    {
        while (!stopped_) {
            co_await log_in(with);
            count.requests.fetch_add(1, std::memory_order_relaxed);
        }
    }

    void run(asio::io_context& context)
    try {
        context.run();
    } catch (std::exception const&) {
        std::lock_guard const lock(mutex_);
        failed_ = std::current_exception();
        stopped_ = true;
    }

    std::uint64_t answered() const
    {
        std::uint64_t sum = 0;
        for (auto const& one : counters_)
            sum += one.requests.load(std::memory_order_relaxed);
        return sum;
    }

    settings const& how_;
    std::vector<counter> counters_;
    std::size_t callers_ = 0;
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::exception_ptr failed_;
};

/// Two threads run one context, as in a server; each caller has its strand, and they share a client that has its own.
boost::json::object shared_client(settings const& how)
{
    asio::io_context context{static_cast<int>(thread_count)};
    client used(context.get_executor(), make_options(how));
    program work(how);
    for (std::size_t count = 0; count < how.in_flight; ++count)
        work.add_caller(asio::make_strand(context), used);
    return work.measure({&context, &context});
}

/// Each thread runs a context of its own, with a client and half the callers.
boost::json::object client_per_thread(settings const& how)
{
    auto half = how;
    half.in_flight = how.in_flight / thread_count;
    asio::io_context first{1};
    asio::io_context second{1};
    client first_used(first.get_executor(), make_options(half));
    client second_used(second.get_executor(), make_options(half));
    program work(how);
    for (std::size_t count = 0; count < half.in_flight; ++count) {
        work.add_caller(first.get_executor(), first_used);
        work.add_caller(second.get_executor(), second_used);
    }
    return work.measure({&first, &second});
}

} // namespace

boost::json::object threads(settings const& how)
{
    return how.mode == mode::shared_client ? shared_client(how) : client_per_thread(how);
}

} // namespace fluxer::auth::bench::ours
