// What thousands of calls and waits at once take, without a network: an injected transport answers them. Prints a table
// for docs/performance.md.

#include "support/login.hpp"

#include <fluxer/auth.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <malloc.h>
#include <time.h>

namespace fluxer::auth::bench {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::string_view login_body_of_the_server =
    R"({"user_id":"1130650140672000000","token":"flx_simulated_simulated_simulated_12"})";
constexpr std::string_view pending_body = R"({"status":"pending"})";

raw_response ok(std::string_view body)
{
    raw_response made;
    made.status = 200;
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = secret(body);
    return made;
}

double cpu_seconds()
{
    timespec spent{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

/// In use, not resident: memory of earlier measurements is used again.
std::size_t heap_bytes()
{
    auto const all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

struct measured
{
    double bytes_each = 0;
    double microseconds_each = 0;
};

asio::awaitable<void> log_in(client& with, std::size_t& done)
{
    login_request request{std::string(email), secret(password)};
    auto const answer = co_await with.login_user(std::move(request));
    if (!answer)
        throw std::runtime_error(answer.error().to_string());
    ++done;
}

/// All logins are under way before the first is answered. The second time round, when the memory has been used before.
measured logins(std::size_t count)
{
    asio::io_context context{1};
    auto const stay = asio::make_work_guard(context);
    std::vector<transport_reply> replies;
    replies.reserve(count);
    client_options options("https://simulated.example/v1");
    options.transport = [&](transport_request, transport_reply reply) {
        replies.push_back(std::move(reply));
    };
    client used(context.get_executor(), std::move(options));
    measured found;
    for (auto round = 0; round < 2; ++round) {
        auto const before = heap_bytes();
        auto const begun = cpu_seconds();
        std::size_t done = 0;
        for (std::size_t number = 0; number < count; ++number)
            asio::co_spawn(context, log_in(used, done), asio::detached);
        while (replies.size() < count)
            context.run_one();
        if (round == 0)
            found.bytes_each = static_cast<double>(heap_bytes() - before) / static_cast<double>(count);
        for (auto& reply : replies)
            reply(ok(login_body_of_the_server));
        replies.clear();
        while (done < count)
            context.run_one();
        found.microseconds_each = (cpu_seconds() - begun) * 1e6 / static_cast<double>(count);
    }
    return found;
}

asio::awaitable<void> wait(client& with, milliseconds first_pause, milliseconds interval)
{
    asio::steady_timer begin(co_await asio::this_coro::executor, first_pause);
    co_await begin.async_wait(asio::use_awaitable);
    poll_options options;
    options.interval = interval;
    handoff ticket{secret(handoff_code), timestamp{}};
    co_await wait_for_handoff(with, std::move(ticket), std::move(options));
}

/// Waits for a handoff that nobody approves, each looking every two seconds, spread evenly.
measured waits(std::size_t count, milliseconds duration)
{
    constexpr milliseconds interval{2'000};
    asio::io_context context{1};
    std::size_t polls = 0;
    client_options options("https://simulated.example/v1");
    options.transport = [&](transport_request, transport_reply reply) {
        ++polls;
        reply(ok(pending_body));
    };
    auto const before = heap_bytes();
    client used(context.get_executor(), std::move(options));
    for (std::size_t number = 0; number < count; ++number)
        asio::co_spawn(context, wait(used, interval * number / count, interval), asio::detached);
    context.run_for(interval + interval / 4);
    measured found;
    found.bytes_each = static_cast<double>(heap_bytes() - before) / static_cast<double>(count);
    auto const polls_before = polls;
    auto const begun = cpu_seconds();
    context.run_for(duration);
    found.microseconds_each =
        (cpu_seconds() - begun) * 1e6 / static_cast<double>(std::max<std::size_t>(polls - polls_before, 1));
    return found;
}

void print(std::string_view what, std::size_t count, measured const& found)
{
    std::printf(
        "| %zu %.*s | %.1f KiB | %.1f us |\n", count, static_cast<int>(what.size()), what.data(),
        found.bytes_each / 1024, found.microseconds_each);
    std::fflush(stdout);
}

void run(std::size_t most)
{
    std::cout << "| at once | memory of each | CPU of each login or poll |\n|---|---|---|\n";
    for (std::size_t count = std::min<std::size_t>(most, 1'000); count <= most; count *= 10)
        print("logins", count, logins(count));
    for (std::size_t count = std::min<std::size_t>(most, 1'000); count <= most; count *= 10)
        print("waits", count, waits(count, milliseconds(most < 1'000 ? 200 : 4'000)));
}

} // namespace

} // namespace fluxer::auth::bench

int main(int count, char** words)
{
    std::size_t most = 100'000;
    if (count == 2) {
        std::string_view const text = words[1];
        if (std::from_chars(text.data(), text.data() + text.size(), most).ec != std::errc() || most == 0)
            count = 3;
    }
    if (count > 2) {
        std::cerr << "usage: bench_scale [MOST]   (100000)\n";
        return 2;
    }
    try {
        fluxer::auth::bench::run(most);
        return 0;
    } catch (std::exception const& problem) {
        std::cerr << "bench_scale: " << problem.what() << '\n';
        return 1;
    }
}
