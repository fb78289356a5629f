#ifndef FLUXER_AUTH_TEST_LIMITS_SUPPORT_HPP
#define FLUXER_AUTH_TEST_LIMITS_SUPPORT_HPP

#include "scripted/black_hole.hpp"
#include "scripted/server.hpp"

#include <fluxer/auth/client.hpp>
#include <fluxer/auth/observer.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxer::auth::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Waiting for something that has to come takes at most this long. No test depends on anything being faster.
constexpr auto guard = std::chrono::seconds(60);

/// The CA of all tests; making a key takes time.
authority const& test_authority();

/// Trusts the test authority; every limit is an hour, so that only what a test shortens can fire.
client_options patient_options(std::string base_url);
client_options patient_options(scripted_server const& server);

std::size_t open_descriptors();

/// How many of this process's sockets are connected to the port of 127.0.0.1: a client's, since a server's have it on
/// their side.
std::size_t sockets_to(unsigned short port);

/// Descriptors open before and after a test are the same.
struct descriptor_baseline
{
    descriptor_baseline();
    descriptor_baseline(descriptor_baseline const&) = delete;
    descriptor_baseline& operator=(descriptor_baseline const&) = delete;
    ~descriptor_baseline();

    std::size_t before;
};

constexpr std::string_view no_content = "HTTP/1.1 204 No Content\r\n\r\n";

/// Holds a server up.
void wait_for(std::atomic<bool> const& flag);

/// Answers each request with no_content.
void serve_no_content(peer& with);

/// A request that may be repeated.
raw_request get();

/// An answer for an injected transport.
raw_response made(int status, std::string body = {});

/// Runs the context until the condition holds; throws after the guard's time.
template <class Condition>
void run_until(asio::io_context& context, Condition condition)
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("what the test waits for does not happen");
        context.restart();
        context.run_one_for(10ms);
    }
}

/// A call that runs beside the test.
template <class T>
class pending
{
public:
    pending(asio::any_io_executor const& executor, asio::awaitable<T> work)
        : state_(std::make_shared<state>())
    {
        asio::co_spawn(
            executor, collect(state_, std::move(work)),
            asio::bind_cancellation_slot(state_->signal.slot(), [kept = state_](std::exception_ptr thrown) {
                kept->thrown = thrown;
                ++kept->ends;
            }));
    }

    pending(asio::io_context& context, asio::awaitable<T> work)
        : pending(asio::any_io_executor(context.get_executor()), std::move(work))
    {}

    void cancel(asio::cancellation_type type)
    {
        // Asio leaves the slot as it was when the coroutine ends.
        if (!done())
            state_->signal.emit(type);
    }

    bool done() const { return state_->ends > 0; }

    int ends() const { return state_->ends; }

    T get(asio::io_context& context)
    {
        run_until(context, [this] { return done(); });
        if (state_->thrown)
            std::rethrow_exception(state_->thrown);
        return *std::move(state_->value);
    }

private:
    struct state
    {
        asio::cancellation_signal signal;
        std::optional<T> value;
        std::exception_ptr thrown;
        int ends = 0;
    };

    static asio::awaitable<void> collect(std::shared_ptr<state> into, asio::awaitable<T> work)
    {
        auto got = co_await std::move(work);
        into->value.emplace(std::move(got));
    }

    std::shared_ptr<state> state_;
};

template <class T>
T run(asio::io_context& context, asio::awaitable<T> work)
{
    pending<T> call(context, std::move(work));
    return call.get(context);
}

void run(asio::io_context& context, asio::awaitable<void> work);

/// Does something within an event, on the client's executor: within the one of that number of its kind, or all.
class event_hook final : public observer
{
public:
    event_hook(event_kind kind, int number, std::function<void()> then)
        : kind_(kind)
        , number_(number)
        , then_(std::move(then))
    {}

    void on_event(event const& what) override
    {
        if (what.kind != kind_)
            return;
        ++seen_;
        if (number_ == 0 || seen_ == number_)
            then_();
    }

private:
    event_kind kind_;
    int number_;
    int seen_ = 0;
    std::function<void()> then_;
};

/// Nothing is in flight, waiting, in use or being made.
bool at_rest(client const& used);

} // namespace fluxer::auth::test

#endif
