#include "core/timer_wheel.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

using fluxer::auth::core::timer_entry;
using fluxer::auth::core::timer_wheel;
using namespace std::chrono_literals;

namespace {

using time_point = timer_wheel::time_point;

class entry final : public timer_entry
{
public:
    explicit entry(std::function<void()> action)
        : action_(std::move(action))
    {}

private:
    void expired() override
    {
        // The action may destroy this entry.
        auto const action = action_;
        action();
    }

    std::function<void()> action_;
};

struct wheel_fixture
{
    time_point const start = time_point(1000s);
    timer_wheel wheel{start};
    std::vector<int> fired;

    entry recording(int number)
    {
        return entry([this, number] { fired.push_back(number); });
    }
};

using numbers = std::vector<int>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(timer_wheels, wheel_fixture)

BOOST_AUTO_TEST_CASE(an_empty_wheel_wants_no_wake)
{
    BOOST_TEST(wheel.empty());
    BOOST_TEST(!wheel.next_wake().has_value());
    BOOST_TEST(wheel.advance(start + 1h) == 0U);
    BOOST_TEST(wheel.advance(start - 1h) == 0U);
}

BOOST_AUTO_TEST_CASE(never_fires_early)
{
    auto one = recording(1);
    wheel.arm(one, start + 5ms);
    BOOST_TEST(one.armed());
    BOOST_TEST(wheel.size() == 1U);
    BOOST_TEST(wheel.advance(start + 5ms) == 0U);
    BOOST_TEST(wheel.advance(start + 8ms - 1ns) == 0U);
    BOOST_TEST(wheel.advance(start + 8ms) == 1U);
    BOOST_TEST(!one.armed());
    BOOST_TEST(wheel.empty());
    wheel.arm(one, start + 12ms);
    BOOST_TEST((wheel.next_wake() == start + 12ms));
    BOOST_TEST(wheel.advance(start + 12ms) == 1U);
}

BOOST_AUTO_TEST_CASE(fires_in_the_order_of_deadlines_then_of_arming)
{
    auto one = recording(1);
    auto two = recording(2);
    auto three = recording(3);
    auto four = recording(4);
    wheel.arm(one, start + 30s);
    wheel.arm(two, start + 1s);
    wheel.arm(three, start + 30s);
    wheel.arm(four, start + 20min);
    BOOST_TEST(wheel.advance(start + 1h) == 4U);
    BOOST_TEST((fired == numbers{2, 1, 3, 4}));
}

BOOST_AUTO_TEST_CASE(arming_again_moves)
{
    auto one = recording(1);
    wheel.arm(one, start + 1s);
    wheel.arm(one, start + 1min);
    BOOST_TEST(wheel.size() == 1U);
    BOOST_TEST(wheel.advance(start + 2s) == 0U);
    wheel.arm(one, start + 3s);
    BOOST_TEST(wheel.advance(start + 3s) == 1U);
}

BOOST_AUTO_TEST_CASE(disarming_and_destroying_remove)
{
    auto one = recording(1);
    wheel.arm(one, start + 1s);
    wheel.disarm(one);
    wheel.disarm(one);
    {
        auto two = recording(2);
        wheel.arm(two, start + 1s);
    }
    BOOST_TEST(wheel.empty());
    BOOST_TEST(!wheel.next_wake().has_value());
    BOOST_TEST(wheel.advance(start + 1h) == 0U);
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_fires_in_the_next_advance)
{
    wheel.advance(start + 1h);
    auto one = recording(1);
    auto two = recording(2);
    wheel.arm(one, start);
    wheel.arm(two, start - 1h);
    BOOST_TEST((wheel.next_wake().value() <= start + 1h));
    BOOST_TEST(wheel.advance(start + 1h) == 2U);
    BOOST_TEST((fired == numbers{1, 2}));
}

BOOST_AUTO_TEST_CASE(an_entry_that_arms_itself_in_the_past_does_not_spin)
{
    int count = 0;
    std::unique_ptr<entry> self;
    self = std::make_unique<entry>([&] {
        ++count;
        wheel.arm(*self, start);
    });
    wheel.arm(*self, start);
    wheel.advance(start + 1s);
    BOOST_TEST(count == 1);
    wheel.advance(start + 1s);
    BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(an_entry_may_destroy_itself_and_the_next_one)
{
    std::unique_ptr<entry> first;
    auto second = std::make_unique<entry>([this] { fired.push_back(2); });
    auto third = recording(3);
    first = std::make_unique<entry>([&] {
        fired.push_back(1);
        first.reset();
        second.reset();
    });
    wheel.arm(*first, start + 1s);
    wheel.arm(*second, start + 1s);
    wheel.arm(third, start + 1s);
    BOOST_TEST(wheel.advance(start + 1s) == 2U);
    BOOST_TEST((fired == numbers{1, 3}));
    BOOST_TEST(wheel.empty());
}

BOOST_AUTO_TEST_CASE(an_entry_may_advance_the_wheel)
{
    auto second = recording(2);
    entry first([&] {
        fired.push_back(1);
        wheel.advance(start + 2s);
    });
    auto third = recording(3);
    wheel.arm(first, start + 1s);
    wheel.arm(third, start + 1s);
    wheel.arm(second, start + 2s);
    wheel.advance(start + 1s);
    BOOST_TEST((fired == numbers{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(what_is_behind_a_throwing_entry_fires_later)
{
    entry first([] { throw std::runtime_error("of the test"); });
    auto second = recording(2);
    wheel.arm(first, start + 1s);
    wheel.arm(second, start + 1s);
    BOOST_CHECK_THROW(wheel.advance(start + 1s), std::runtime_error);
    BOOST_TEST(wheel.size() == 1U);
    BOOST_TEST(wheel.advance(start + 1s) == 1U);
    BOOST_TEST((fired == numbers{2}));
}

BOOST_AUTO_TEST_CASE(long_deadlines_take_few_wakes_and_are_exact)
{
    for (auto const wait :
         {std::chrono::milliseconds(24h), std::chrono::milliseconds(26h + 1234ms),
          std::chrono::milliseconds(24h * 365 * 20)}) {
        timer_wheel other{start};
        time_point fired_at;
        time_point now = start;
        entry far([&] { fired_at = now; });
        other.arm(far, start + wait);
        int wakes = 0;
        while (auto const wake = other.next_wake()) {
            now = *wake;
            other.advance(now);
            ++wakes;
        }
        BOOST_TEST((fired_at >= start + wait && fired_at < start + wait + timer_wheel::tick));
        BOOST_TEST(wakes <= 7);
    }
}

BOOST_AUTO_TEST_CASE(no_deadline_is_too_far)
{
    auto one = recording(1);
    wheel.arm(one, time_point::max());
    BOOST_TEST(wheel.advance(start + 24h * 365 * 100) == 0U);
    BOOST_TEST(one.armed());
    BOOST_TEST((wheel.next_wake().value() > start + 24h * 365 * 100));
}

BOOST_AUTO_TEST_CASE(a_wheel_that_ends_disarms)
{
    auto one = recording(1);
    {
        timer_wheel other{start};
        other.arm(one, start + 1s);
        wheel.arm(one, start + 1s);
        BOOST_TEST(other.empty());
        other.arm(one, start + 1s);
    }
    BOOST_TEST(!one.armed());
}

BOOST_AUTO_TEST_SUITE_END()
