#include "core/random.hpp"
#include "unit/core/pool_state_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <memory>

using namespace fluxer::auth::test;
using fluxer::auth::core::close_reason;
using fluxer::auth::core::pool_settings;
using fluxer::auth::core::random_source;

namespace {

/// Does at random what the pool's users do, and after each step looks at what must always be so.
class random_use
{
public:
    explicit random_use(std::uint64_t seed)
        : random_(seed)
        , settings_(some_settings())
        , bench_(settings_)
    {}

    void step()
    {
        switch (random_() % 10) {
        case 0:
        case 1:
            begin_call();
            break;
        case 2:
            succeed();
            break;
        case 3:
            if (bench_.dials != 0)
                bench_.dial_fails();
            break;
        case 4:
        case 5:
            end_use();
            break;
        case 6:
            leave();
            break;
        case 7:
            bench_.advance(std::chrono::milliseconds(random_() % 3'000));
            break;
        case 8:
            run_out_of_memory();
            break;
        default:
            if (random_() % 8 == 0)
                bench_.state.grow_to(random_() % 4);
        }
        collect();
        check();
    }

    /// All that was begun ends.
    void finish()
    {
        bench_.failing_dials = 0;
        bench_.failing_arms = 0;
        while (!waiting_.empty()) {
            bench_.state.leave(*waiting_.front());
            waiting_.pop_front();
        }
        while (!in_use_.empty())
            end_use();
        while (bench_.dials != 0)
            bench_.dial_succeeds();
        while (bench_.lost_dials != 0)
            bench_.lost_dial_goes();
        bench_.advance(1h);
        BOOST_REQUIRE(bench_.state.total() == 0U);
        BOOST_REQUIRE(bench_.state.waiting() == 0U);
        BOOST_REQUIRE(bench_.connections.empty());
    }

private:
    pool_settings some_settings()
    {
        pool_settings made;
        made.max_connections = 1 + random_() % 4;
        made.max_connecting = 1 + random_() % 3;
        made.max_waiting = random_() % 7;
        made.max_requests = random_() % 4;
        made.idle_timeout = 5s;
        return made;
    }

    void succeed()
    {
        if (bench_.dials == 0)
            return;
        // It may be gone at once.
        auto const kept = bench_.failing_arms == 0;
        auto& made = bench_.dial_succeeds();
        if (kept)
            made.retire_at = bench_.now + std::chrono::seconds(random_() % 60);
    }

    /// Fault 121: what was lost before goes, or some of what is begun next will be lost.
    void run_out_of_memory()
    {
        bench_.failing_arms = 0;
        if (bench_.lost_dials != 0) {
            bench_.lost_dial_goes();
            bench_.advance(0ms);
            return;
        }
        bench_.failing_dials = random_() % 3;
        bench_.fail_late = random_() % 2 == 0;
        bench_.failing_arms = random_() % 2;
    }

    void begin_call()
    {
        auto const fresh = random_() % 5 == 0;
        if (!fresh) {
            if (auto* const idle = bench_.checkout()) {
                // An idle connection means that nobody stands in the queue who could have taken it.
                BOOST_REQUIRE(std::all_of(
                    waiting_.begin(), waiting_.end(), [](auto const& waiter) { return waiter->fresh; }));
                BOOST_REQUIRE(idle->was_idle);
                use(*idle);
                return;
            }
        }
        auto waiter = std::make_unique<fake_waiter>(fresh);
        auto const full = waiting_.size() >= settings_.max_waiting;
        BOOST_REQUIRE(bench_.state.enqueue(*waiter) == !full);
        if (!full)
            waiting_.push_back(std::move(waiter));
    }

    void use(fake_connection& connection)
    {
        ++connection.uses;
        in_use_.push_back(&connection);
    }

    void end_use()
    {
        if (in_use_.empty())
            return;
        auto const index = static_cast<std::ptrdiff_t>(random_() % in_use_.size());
        auto& connection = *in_use_[static_cast<std::size_t>(index)];
        in_use_.erase(in_use_.begin() + index);
        if (random_() % 4 == 0)
            bench_.state.drop(connection, close_reason::not_reusable);
        else
            bench_.give_back(connection);
    }

    void leave()
    {
        if (waiting_.empty())
            return;
        auto const index = static_cast<std::ptrdiff_t>(random_() % waiting_.size());
        bench_.state.leave(*waiting_[static_cast<std::size_t>(index)]);
        waiting_.erase(waiting_.begin() + index);
    }

    /// Takes what was handed over. Among waiters of a kind, those in front are served first.
    void collect()
    {
        bool plain_waits = false;
        bool fresh_waits = false;
        for (auto const& waiter : waiting_) {
            if (waiter->woken == 0) {
                (waiter->fresh ? fresh_waits : plain_waits) = true;
                continue;
            }
            BOOST_REQUIRE(waiter->woken == 1);
            BOOST_REQUIRE(waiter->failed != (waiter->handed != nullptr));
            BOOST_REQUIRE(!(waiter->fresh ? fresh_waits : plain_waits));
            if (waiter->handed == nullptr)
                continue;
            if (waiter->fresh)
                BOOST_REQUIRE(waiter->connection()->uses == 0U);
            use(*waiter->connection());
        }
        std::erase_if(waiting_, [](auto const& waiter) { return waiter->woken != 0; });
    }

    void check() const
    {
        auto const& state = bench_.state;
        BOOST_REQUIRE(state.total() <= settings_.max_connections);
        BOOST_REQUIRE(state.connecting() <= settings_.max_connecting);
        BOOST_REQUIRE(state.connecting() == bench_.dials + bench_.lost_dials);
        BOOST_REQUIRE(state.waiting() == waiting_.size());
        BOOST_REQUIRE(state.in_use() == in_use_.size());
        BOOST_REQUIRE(state.idle() + state.in_use() == bench_.connections.size());
        BOOST_REQUIRE(state.waiting() <= settings_.max_waiting);
        auto const plain =
            std::any_of(waiting_.begin(), waiting_.end(), [](auto const& waiter) { return !waiter->fresh; });
        BOOST_REQUIRE(!(plain && state.idle() != 0));
        // Whoever waits has something to wait for: nobody is forgotten.
        auto const room = state.total() < settings_.max_connections;
        auto const may_dial = state.connecting() < std::min(settings_.max_connecting, waiting_.size());
        BOOST_REQUIRE(
            !(may_dial && !state.pausing() && (room || (state.idle() != 0 && state.connecting() == 0))));
    }

    random_source random_;
    pool_settings settings_;
    pool_bench bench_;
    std::deque<std::unique_ptr<fake_waiter>> waiting_;
    std::vector<fake_connection*> in_use_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(pool_state_models)

BOOST_DATA_TEST_CASE(random_use_breaks_no_invariant, boost::unit_test::data::xrange(1, 41), seed)
{
    random_use use(static_cast<std::uint64_t>(seed));
    for (int count = 0; count < 4'000; ++count)
        use.step();
    use.finish();
}

BOOST_AUTO_TEST_SUITE_END()
