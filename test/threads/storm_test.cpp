#include "core/random.hpp"
#include "limits/support.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;

namespace {

/// Answers at once, late, in two parts or not at all, in turn.
void serve_in_turn(peer& with)
{
    if (!with.handshake())
        return;
    for (unsigned turn = 0; !with.read_request().empty(); ++turn) {
        switch (turn % 4) {
        case 0:
        case 1:
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
            break;
        case 2:
            with.stall(1ms);
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{");
            with.send("}");
            break;
        default:
            if (with.index() % 3 == 0)
                return;
            with.stall(2ms);
            with.send("HTTP/1.1 204 No Content\r\n\r\n");
        }
    }
}

/// Threads that run a context until the test is over.
class running
{
public:
    explicit running(int threads, int hint)
        : context(hint)
        , work_(asio::make_work_guard(context))
    {
        for (int count = 0; count < threads; ++count)
            threads_.emplace_back([this] { context.run(); });
    }

    ~running()
    {
        work_.reset();
        for (auto& thread : threads_)
            thread.join();
    }

    asio::io_context context;

private:
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::vector<std::thread> threads_;
};

struct tally
{
    std::atomic<unsigned> begun{0};
    std::atomic<unsigned> ended{0};
    std::atomic<unsigned> succeeded{0};
    std::atomic<unsigned> thrown{0};
    std::atomic<unsigned> ended_twice{0};
    std::atomic<unsigned> callers{0};
};

/// Makes one call after the other on its own strand: some have a millisecond, some are cancelled at a random moment.
class caller : public std::enable_shared_from_this<caller>
{
public:
    caller(asio::any_io_executor const& on, client with, tally& counts, std::uint64_t seed, unsigned calls)
        : strand_(asio::make_strand(on))
        , with_(std::move(with))
        , counts_(counts)
        , random_(seed)
        , timer_(strand_)
        , left_(calls)
    {
        ++counts_.callers;
    }

    ~caller() { --counts_.callers; }

    void start()
    {
        asio::post(strand_, [self = shared_from_this()] { self->next(); });
    }

private:
    static asio::awaitable<void> call(client with, call_options options, bool& good)
    {
        raw_request request("GET", "/auth/x");
        request.repeatable = true;
        auto outcome = co_await with.send(std::move(request), std::move(options));
        good = outcome.has_value();
    }

    void next()
    {
        if (left_-- == 0)
            return;
        ++counts_.begun;
        auto const number = ++number_;
        good_ = false;
        call_options options;
        options.timeout = random_() % 3 == 0 ? 1ms : milliseconds(60'000);
        asio::co_spawn(
            strand_, call(with_, std::move(options), good_),
            asio::bind_cancellation_slot(
                signal_.slot(),
                asio::bind_executor(strand_, [self = shared_from_this(), number](std::exception_ptr thrown) {
                    self->ended(number, thrown);
                })));
        if (random_() % 2 == 0)
            cancel_later(number);
    }

    void cancel_later(unsigned number)
    {
        timer_.expires_after(std::chrono::microseconds(random_() % 3'000));
        timer_.async_wait(asio::bind_executor(
            strand_, [self = shared_from_this(), number](boost::system::error_code const& ec) {
                constexpr asio::cancellation_type types[] = {
                    asio::cancellation_type::terminal, asio::cancellation_type::partial,
                    asio::cancellation_type::total};
                if (!ec && self->number_ == number && self->last_ended_ != number)
                    self->signal_.emit(types[self->random_() % 3]);
            }));
    }

    void ended(unsigned number, std::exception_ptr const& thrown)
    {
        if (last_ended_ == number)
            ++counts_.ended_twice;
        last_ended_ = number;
        ++counts_.ended;
        counts_.succeeded += good_ ? 1U : 0U;
        // Asio refuses to await in a coroutine that was cancelled before it began.
        counts_.thrown += thrown ? 1U : 0U;
        timer_.cancel();
        // Handles are copied and destroyed wherever callers run.
        auto copy = with_;
        with_ = std::move(copy);
        asio::post(strand_, [self = shared_from_this()] { self->next(); });
    }

    asio::strand<asio::any_io_executor> strand_;
    client with_;
    tally& counts_;
    core::random_source random_;
    asio::cancellation_signal signal_;
    asio::steady_timer timer_;
    unsigned left_;
    unsigned number_ = 0;
    unsigned last_ended_ = 0;
    bool good_ = false;
};

constexpr unsigned callers_per_executor = 4;
constexpr unsigned calls_per_caller = 60;

client_options storm_options(scripted_server const& server)
{
    auto options = patient_options(server);
    options.limits.resolve = options.limits.connect = options.limits.tls = 20s;
    options.pool.max_connections = 6;
    options.resolver_cache = 1h;
    return options;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(storms, descriptor_baseline)

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_122_callers_of_all_kinds,
    data::make({"io_context", "strand", "thread_pool", "one thread"}), kind)
{
    std::string const where = kind;
    scripted_server const server(test_authority().issue(), serve_in_turn);
    tally counts;
    {
        asio::thread_pool pool(2);
        running many(4, BOOST_ASIO_CONCURRENCY_HINT_DEFAULT);
        running one(1, 1);
        asio::any_io_executor executor = many.context.get_executor();
        if (where == "strand")
            executor = asio::make_strand(many.context);
        if (where == "thread_pool")
            executor = pool.get_executor();
        if (where == "one thread")
            executor = one.context.get_executor();
        std::optional<client> used(std::in_place, executor, storm_options(server));

        std::uint64_t seed = 1;
        for (unsigned count = 0; count < callers_per_executor; ++count) {
            for (asio::any_io_executor const& on :
                 {asio::any_io_executor(many.context.get_executor()),
                  asio::any_io_executor(pool.get_executor()),
                  asio::any_io_executor(one.context.get_executor()), used->get_executor()})
                std::make_shared<caller>(on, *used, counts, seed++, calls_per_caller)->start();
        }
        constexpr auto calls = callers_per_executor * 4 * calls_per_caller;
        auto const end = std::chrono::steady_clock::now() + 4 * guard;
        for (unsigned turn = 0; counts.ended < calls && std::chrono::steady_clock::now() < end; ++turn) {
            std::this_thread::sleep_for(5ms);
            BOOST_TEST(used->stats().calls_in_flight <= callers_per_executor * 4);
            auto const copy = *used;
            if (turn % 10 == 0)
                used->cancel();
        }
        BOOST_TEST(counts.ended == calls);
        while (counts.callers != 0 && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(1ms);
        BOOST_TEST(counts.callers == 0U);
        while (!at_rest(*used) && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(1ms);
        BOOST_TEST(at_rest(*used));
        auto const now = used->stats();
        BOOST_TEST(now.calls_started == now.calls_succeeded + now.calls_failed + now.calls_cancelled);
        BOOST_TEST(now.calls_succeeded == counts.succeeded.load());
        BOOST_TEST(now.connections_idle <= 6U);
        used.reset();
        pool.join();
    }
    BOOST_TEST(counts.begun == counts.ended);
    BOOST_TEST(counts.ended_twice == 0U);
    BOOST_TEST(counts.succeeded > 0U);
    BOOST_TEST(sockets_to(server.port()) == 0U);
}

BOOST_AUTO_TEST_CASE(fault_122_clients_come_and_go)
{
    scripted_server const server(test_authority().issue(), serve_in_turn);
    tally counts;
    {
        running many(4, BOOST_ASIO_CONCURRENCY_HINT_DEFAULT);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            // The callers hold the last handles, and let go of them on whatever thread they end.
            client const used(many.context.get_executor(), storm_options(server));
            std::make_shared<caller>(many.context.get_executor(), used, counts, seed, 5U)->start();
        }
    }
    BOOST_TEST(counts.begun == 100U);
    BOOST_TEST(counts.ended == 100U);
    BOOST_TEST(counts.ended_twice == 0U);
    BOOST_TEST(sockets_to(server.port()) == 0U);
}

// The socket becomes readable on one thread while the cancellation already waits on the client's strand: the call
// was cancelled, and nothing may touch the closed descriptor's number.
BOOST_AUTO_TEST_CASE(fault_103_122_a_cancellation_that_comes_together_with_the_answer)
{
    std::atomic<bool> go{false};
    std::atomic<bool> sent{false};
    scripted_server const server(test_authority().issue(), [&](peer& with) {
        if (!with.handshake())
            return;
        static_cast<void>(with.read_request());
        with.send("HTTP/1.1 204 No Content\r\n\r\n");
        static_cast<void>(with.read_request());
        while (!go)
            with.stall(1ms);
        with.send("HTTP/1.1 204 No Content\r\n\r\n");
        sent = true;
        with.wait_for_close();
    });
    running two(2, BOOST_ASIO_CONCURRENCY_HINT_DEFAULT);
    client used(two.context.get_executor(), patient_options(server));
    // With the first answer the tickets of the handshake are taken in, which make the socket readable too.
    pending<result<raw_response>> first(used.get_executor(), used.send(raw_request("POST", "/x")));
    while (server.requests() == 0 || !at_rest(used))
        std::this_thread::sleep_for(1ms);
    pending<result<raw_response>> call(used.get_executor(), used.send(raw_request("POST", "/x")));
    while (server.requests() < 2)
        std::this_thread::sleep_for(1ms);
    std::atomic<bool> over{false};
    asio::post(used.get_executor(), [&] {
        used.cancel();
        go = true;
        while (!sent)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(50ms);
        over = true;
    });
    auto const end = std::chrono::steady_clock::now() + guard;
    while ((!over || !at_rest(used)) && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(1ms);
    auto const now = used.stats();
    BOOST_TEST(now.calls_cancelled == 1U);
    BOOST_TEST(now.calls_succeeded == 1U);
    BOOST_TEST(now.calls_failed == 0U);
    BOOST_TEST(now.retries == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
