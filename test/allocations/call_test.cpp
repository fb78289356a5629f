#include "allocations/failing_new.hpp"
#include "allocations/trial.hpp"

#include <boost/test/unit_test.hpp>

#include <new>
#include <string>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

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

asio::awaitable<void> log_in(client& with)
{
    login_request who("me@example.com", "correct horse");
    auto const session = co_await with.login_user(std::move(who));
    static_cast<void>(session.value());
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
    fail_each_allocation(serve_sessions(), [&](scripted_server const& server, std::size_t count) {
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
