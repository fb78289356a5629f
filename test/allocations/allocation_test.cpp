#include "allocations/failing_new.hpp"
#include "limits/support.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <map>
#include <new>
#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

/// What is lost without a word is waited for until then.
constexpr auto pool_wait = 20s;

constexpr std::string_view silent_target = "/auth/silent";

scripted_server::script serve_json()
{
    return [](peer& with) {
        if (!with.handshake())
            return;
        for (auto request = with.read_request(); !request.empty(); request = with.read_request()) {
            if (request.find(silent_target) != std::string::npos)
                with.wait_for_close();
            else
                with.respond(200, R"({"token":"flx_made_up","user_id":"17"})");
        }
    };
}

/// So that a long request waits more than once, at last with another call behind it in the queue.
scripted_server::script serve_after_a_while()
{
    return [](peer& with) {
        if (!with.handshake() || !with.stall(20ms))
            return;
        while (!with.read_request().empty())
            with.respond(200, "{}");
    };
}

/// Whether each start has its end.
class pairs : public observer
{
public:
    void on_event(event const& what) override
    {
        spared_allocations const mine;
        auto const name = to_string(what.kind);
        auto const kind = name.substr(0, name.rfind('_'));
        auto const whose = what.call != 0 ? what.call : what.connection;
        auto& open = open_
            [std::string(kind) + " of " + (what.call != 0 ? "call " : "connection ") + std::to_string(whose)];
        if (name.ends_with("_start"))
            ++open;
        else if (name.ends_with("_end"))
            --open;
    }

    /// Those that have another number of ends than of starts.
    std::string odd_ones() const
    {
        std::string found;
        for (auto const& [name, open] : open_) {
            if (open != 0)
                found += name + "; ";
        }
        return found;
    }

private:
    std::map<std::string, int> open_;
};

/// What a trial has to tell; the assertions are the main thread's affair.
struct findings
{
    bool failed = false; ///< any allocation
    std::vector<std::string> problems;

    void expect(bool holds, std::string what)
    {
        if (!holds)
            problems.push_back(std::move(what));
    }
};

using work = std::function<asio::awaitable<void>(client&)>;

/// What a client is like before its trial.
struct setting
{
    bool warm = false;
    bool stranded = false;
    bool governed = false; ///< and its server's first address does not answer
};

/// One work of a client during which the allocation number `count` fails.
class trial
{
public:
    trial(scripted_server const& server, setting const& with)
    {
        // Without a lookup's thread, which could post to a strand while it runs: a strand of Asio 1.26 that has more to
        // do at its end allocates in a destructor, which is std::terminate if there is no memory.
        auto made = patient_options(with.stranded ? server.base_url("127.0.0.1") : server.base_url());
        made.limits.pool_wait = pool_wait;
        // So that a place that is lost is missed.
        made.pool.max_connections = 1;
        made.pool.max_waiting = 1;
        made.observer = seen_;
        if (with.governed) {
            made.rate.mode = rate_mode::wait;
            made.resolver = [](std::string const&) {
                return std::vector<std::string>{"127.0.0.2", "127.0.0.1"};
            };
        }
        asio::any_io_executor executor = context_.get_executor();
        if (with.stranded)
            executor = asio::make_strand(context_);
        used_.emplace(executor, std::move(made));
        if (with.warm && !run(context_, used_->warm_up(1)))
            throw std::runtime_error("cannot warm up");
    }

    findings run_with_failure(std::size_t count, work const& of)
    {
        findings found;
        auto begun = of(*used_);
        auto const start = std::chrono::steady_clock::now();
        fail_allocation(count);
        try {
            asio::co_spawn(context_, std::move(begun), [this](std::exception_ptr) { ++ends_; });
            drain();
        } catch (std::bad_alloc const&) {
            // Asio could not begin a wait: it destroys the coroutine that wanted it and throws out of run().
            thrown_ = true;
        }
        found.failed = stop_failing();
        drain();
        found.expect(ends_ <= 1, "ended twice");
        found.expect(std::chrono::steady_clock::now() - start < pool_wait, "was lost without a word");
        found.expect(ends_ == 1 || thrown_, "neither ended nor destroyed by an exception");
        return found;
    }

    /// The client is as good as before.
    void check_works_on(findings& found)
    {
        settle();
        found.expect(at_rest(*used_), "not at rest after it");
        auto const next = run(context_, used_->login_user(login_request("me@example.com", "correct horse")));
        found.expect(
            next.has_value(), "the next call fails: " + (next ? std::string() : next.error().to_string()));
        // A deadline that nothing else comes before.
        auto const late = run(
            context_,
            used_->send(raw_request("GET", std::string(silent_target)), call_options().with_timeout(25ms)));
        found.expect(
            late.has_error() && late.error().code() == errc::timed_out, "the next call's limit is lost");
        settle();
        found.expect(at_rest(*used_), "not at rest after the next calls");
    }

    void check_shuts_down(findings& found)
    {
        run(context_, used_->shutdown(0ms));
        found.expect(seen_->odd_ones().empty(), "without its counterpart: " + seen_->odd_ones());
        found.expect(used_->stats().connections_idle == 0, "idle connections after the end");
    }

    /// With the last handle's end failing. The context takes what is left with it.
    findings end_with_failure(std::size_t count)
    {
        findings found;
        fail_allocation(count);
        used_.reset();
        found.failed = stop_failing();
        context_.restart();
        context_.run_for(10ms);
        return found;
    }

private:
    void drain()
    {
        auto const end = std::chrono::steady_clock::now() + guard;
        while (ends_ == 0 && std::chrono::steady_clock::now() < end) {
            context_.restart();
            context_.run_one_for(20ms);
            if (thrown_ && at_rest(*used_))
                break;
        }
    }

    /// What was begun for nobody in particular ends.
    void settle()
    {
        auto const end = std::chrono::steady_clock::now() + guard;
        while (!at_rest(*used_) && std::chrono::steady_clock::now() < end) {
            context_.restart();
            context_.run_one_for(5ms);
        }
    }

    asio::io_context context_{1};
    std::shared_ptr<pairs> seen_ = std::make_shared<pairs>();
    std::optional<client> used_;
    int ends_ = 0;
    bool thrown_ = false;
};

findings fail_one(scripted_server const& server, setting const& with, std::size_t count, work const& of)
{
    trial now(server, with);
    auto found = now.run_with_failure(count, of);
    now.check_works_on(found);
    now.check_shuts_down(found);
    return found;
}

/// One after the other, each on a thread of its own: neither the library nor Asio has memory put by in it.
template <class Trial>
void fail_each_allocation(Trial one)
{
    scripted_server const server(test_authority().issue(), serve_json());
    for (std::size_t count = 0;; ++count) {
        BOOST_REQUIRE(count < 10'000);
        auto const found = std::async(std::launch::async, [&] { return one(server, count); }).get();
        BOOST_TEST_CONTEXT("allocation " << count)
        {
            for (auto const& problem : found.problems)
                BOOST_ERROR(problem);
            BOOST_TEST(true);
        }
        if (!found.failed) {
            BOOST_TEST_MESSAGE(count << " allocations");
            break;
        }
    }
}

void fail_each_allocation_of(work const& of, setting const& with = {})
{
    fail_each_allocation(
        [&](scripted_server const& server, std::size_t count) { return fail_one(server, with, count, of); });
}

asio::awaitable<void> log_in(client& with)
{
    login_request who("me@example.com", "correct horse");
    static_cast<void>(co_await with.login_user(std::move(who)));
}

/// Its end comes before that of the call which follows: what is left of it must not stand in that one's way.
asio::awaitable<void> wait_a_moment(client& with)
{
    raw_request what("GET", std::string(silent_target));
    call_options options(1ms);
    static_cast<void>(co_await with.send(std::move(what), std::move(options)));
}

asio::awaitable<void> warm_up(client& with)
{
    static_cast<void>(co_await with.warm_up(1));
}

/// Two calls on the client's only connection, during which the allocation number `count` fails.
class crowded_trial
{
public:
    explicit crowded_trial(scripted_server const& server)
        : used_(context_.get_executor(), options_for(server))
    {
        BOOST_REQUIRE(run(context_, used_.warm_up(1)).has_value());
    }

    bool run_with_failure(std::size_t count)
    {
        for (auto const size : {3'000'000U, 0U}) {
            raw_request request("POST", "/x");
            request.body = secret(std::string(size, 'x'));
            asio::co_spawn(
                context_, used_.send(std::move(request)),
                [this](std::exception_ptr, result<raw_response>) { ++ends_; });
        }
        fail_allocation(count);
        auto const end = std::chrono::steady_clock::now() + 10s;
        while (ends_ < 2 && std::chrono::steady_clock::now() < end) {
            try {
                context_.restart();
                context_.run_one_for(20ms);
            } catch (std::bad_alloc const&) {
                ++ends_; // with its coroutine
            }
        }
        return stop_failing();
    }

    int ends() const { return ends_; }

    /// A connection may still be made for who needs it no more.
    bool comes_to_rest()
    {
        auto const end = std::chrono::steady_clock::now() + 10s;
        while (!at_rest(used_) && std::chrono::steady_clock::now() < end) {
            context_.restart();
            context_.run_one_for(20ms);
        }
        return at_rest(used_);
    }

private:
    static client_options options_for(scripted_server const& server)
    {
        auto made = patient_options(server);
        made.pool.max_connections = 1;
        return made;
    }

    asio::io_context context_{1};
    client used_;
    int ends_ = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(allocations, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_first_call_fails)
{
    fail_each_allocation_of(log_in);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_call_with_a_connection_fails)
{
    fail_each_allocation_of(log_in, {.warm = true});
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_first_call_over_a_strand_fails)
{
    fail_each_allocation_of(log_in, {.stranded = true});
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_call_that_times_out_fails)
{
    fail_each_allocation_of(wait_a_moment, {.warm = true});
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_governed_call_to_a_second_address_fails)
{
    fail_each_allocation_of(log_in, {.governed = true});
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_warming_up_fails)
{
    fail_each_allocation_of(warm_up);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_the_last_handles_end_fails)
{
    fail_each_allocation([&](scripted_server const& server, std::size_t count) {
        trial now(server, {.warm = true});
        return now.end_with_failure(count);
    });
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_call_for_which_another_one_waits_fails)
{
    scripted_server const server(test_authority().issue(), serve_after_a_while());
    for (std::size_t count = 0;; ++count) {
        BOOST_REQUIRE(count < 10'000);
        crowded_trial now(server);
        auto const failed = now.run_with_failure(count);
        BOOST_TEST_CONTEXT("allocation " << count)
        {
            // Neither waits for a limit, of which each is an hour.
            BOOST_REQUIRE(now.ends() == 2);
            BOOST_TEST(now.comes_to_rest());
        }
        if (!failed)
            break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
