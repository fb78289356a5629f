#ifndef FLUXER_AUTH_TEST_UNIT_CORE_POOL_STATE_SUPPORT_HPP
#define FLUXER_AUTH_TEST_UNIT_CORE_POOL_STATE_SUPPORT_HPP

#include "core/pool_state.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace fluxer::auth::test {

using namespace std::chrono_literals;

class fake_connection final : public core::pooled
{
public:
    explicit fake_connection(int number_)
        : number(number_)
    {
        retire_at = core::time_point::max();
    }

    int number;
};

class fake_waiter final : public core::pool_waiter
{
public:
    explicit fake_waiter(bool wants_fresh = false) { fresh = wants_fresh; }

    fake_connection* connection() const { return static_cast<fake_connection*>(handed); }

    int woken = 0;
};

/// A pool_state whose dials end when the test says so, on a clock that the test moves.
class pool_bench : private core::pool_driver
{
public:
    explicit pool_bench(core::pool_settings settings)
        : state(settings, *this)
    {}

    void advance(std::chrono::milliseconds by)
    {
        now += by;
        wheel.advance(now);
    }

    /// The oldest dial has come to something.
    fake_connection& dial_succeeds()
    {
        --dials;
        auto& made = *connections.emplace_back(std::make_unique<fake_connection>(++last_number));
        state.dial_succeeded(made, now);
        return made;
    }

    void dial_fails()
    {
        --dials;
        state.dial_failed();
    }

    fake_connection* checkout() { return static_cast<fake_connection*>(state.checkout(now)); }

    void give_back(fake_connection& used) { state.give_back(used, now); }

    /// As the pool does it: first the state, then the connection goes.
    void abandon(fake_connection& used)
    {
        state.forget(used);
        erase(used);
    }

    struct discarded_connection
    {
        int number = 0;
        core::close_reason why{};
    };

    /// A dial that threw after it had begun is given back only now.
    void lost_dial_goes()
    {
        --lost_dials;
        state.dial_abandoned();
    }

    core::time_point now{std::chrono::hours(1)};
    core::timer_wheel wheel{now};
    std::size_t dials = 0;
    std::size_t failing_dials = 0; ///< so many of the next ones throw
    bool fail_late = false;        ///< they have begun then, and are lost_dials for a while
    std::size_t lost_dials = 0;
    std::size_t dials_over_at_once = 0; ///< so many of the next ones fail before they have begun
    std::size_t deepest_dial = 0;       ///< how many of those began within each other
    std::size_t failing_arms = 0;       ///< so many of the next idle timeouts cannot be armed
    int last_number = 0;
    std::chrono::milliseconds dial_pause{0};
    unsigned failures_in_a_row = 0;
    std::vector<core::pool_waiter*> woken;
    std::vector<discarded_connection> discarded;
    std::list<std::unique_ptr<fake_connection>> connections;
    core::pool_state state;

private:
    std::size_t depth_ = 0;

    void start_dial() override
    {
        if (dials_over_at_once != 0) {
            --dials_over_at_once;
            deepest_dial = std::max(deepest_dial, ++depth_);
            state.dial_failed();
            --depth_;
            return;
        }
        if (failing_dials == 0) {
            ++dials;
            return;
        }
        --failing_dials;
        if (fail_late)
            ++lost_dials;
        else
            state.dial_abandoned();
        throw std::bad_alloc();
    }

    void wake(core::pool_waiter& waiter) override
    {
        ++static_cast<fake_waiter&>(waiter).woken;
        woken.push_back(&waiter);
    }

    void discard(core::pooled& connection, core::close_reason why) override
    {
        auto& gone = static_cast<fake_connection&>(connection);
        discarded.push_back({gone.number, why});
        erase(gone);
    }

    void arm(core::timer_entry& entry, core::time_point when) override
    {
        if (failing_arms != 0) {
            --failing_arms;
            throw std::bad_alloc();
        }
        wheel.arm(entry, when);
    }

    bool arm_dial_pause(core::timer_entry& entry, unsigned failures) override
    {
        failures_in_a_row = failures;
        if (dial_pause > 0ms)
            wheel.arm(entry, now + dial_pause);
        return dial_pause > 0ms;
    }

    void erase(fake_connection& gone)
    {
        connections.remove_if([&gone](auto const& known) { return known.get() == &gone; });
    }
};

} // namespace fluxer::auth::test

#endif
