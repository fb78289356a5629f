#include "allocations/failing_new.hpp"
#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <new>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

scripted_server::script serve_json()
{
    return [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.respond(200, R"({"token":"flx_made_up","user_id":"17"})");
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

/// One call during which the allocation number `count` fails.
class trial
{
public:
    trial(scripted_server const& server, bool warm)
        : used_(context_.get_executor(), options_for(server))
    {
        if (warm)
            BOOST_REQUIRE(run(context_, used_.warm_up(1)).has_value());
    }

    /// Whether any allocation failed.
    bool run_with_failure(std::size_t count)
    {
        auto call = used_.login_user(login_request("me@example.com", "correct horse"));
        fail_allocation(count);
        try {
            asio::co_spawn(
                context_, std::move(call), [this](std::exception_ptr, result<login_result>) { ++ends_; });
            drain();
        } catch (std::bad_alloc const&) {
            // Asio could not begin a wait: it destroys the coroutine that wanted it and throws out of run().
            thrown_ = true;
        }
        auto const failed = stop_failing();
        drain();
        return failed;
    }

    /// The client is as good as before.
    void check_works_on()
    {
        auto const next = run(context_, used_.login_user(login_request("me@example.com", "correct horse")));
        BOOST_TEST(next.has_value(), next.error());
        BOOST_TEST(at_rest(used_));
    }

    /// The call neither ended nor was destroyed by an exception.
    bool lost() const { return ends_ == 0 && !thrown_; }

    int ends() const { return ends_; }

private:
    static client_options options_for(scripted_server const& server)
    {
        auto made = patient_options(server);
        // A connection that cannot be made for want of memory is waited for until then.
        made.limits.pool_wait = 300ms;
        return made;
    }

    void drain()
    {
        auto const end = std::chrono::steady_clock::now() + (thrown_ ? 500ms : 5'000ms);
        while (ends_ == 0 && std::chrono::steady_clock::now() < end) {
            context_.restart();
            context_.run_one_for(20ms);
        }
    }

    asio::io_context context_{1};
    client used_;
    int ends_ = 0;
    bool thrown_ = false;
};

void fail_each_allocation(bool warm)
{
    scripted_server const server(test_authority().issue(), serve_json());
    for (std::size_t count = 0;; ++count) {
        BOOST_REQUIRE(count < 10'000);
        trial now(server, warm);
        BOOST_TEST_CONTEXT("allocation " << count)
        {
            auto const failed = now.run_with_failure(count);
            BOOST_TEST(now.ends() <= 1);
            BOOST_TEST(!now.lost());
            now.check_works_on();
            if (!failed)
                break;
        }
    }
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

    bool is_at_rest() const { return at_rest(used_); }

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
    fail_each_allocation(false);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_call_with_a_connection_fails)
{
    fail_each_allocation(true);
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
            BOOST_TEST(now.is_at_rest());
        }
        if (!failed)
            break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
