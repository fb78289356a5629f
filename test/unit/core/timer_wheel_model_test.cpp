#include "core/random.hpp"
#include "core/timer_wheel.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

using fluxer::auth::core::random_source;
using fluxer::auth::core::timer_entry;
using fluxer::auth::core::timer_wheel;
using namespace std::chrono_literals;

namespace {

using time_point = timer_wheel::time_point;

constexpr std::size_t entry_count = 60;
constexpr time_point model_start{12345678us};

/// Drives the wheel and a plain list of deadlines side by side with random operations.
class comparison
{
public:
    explicit comparison(std::uint64_t seed)
        : random_(seed)
    {}

    void step()
    {
        if (below(3) == 0)
            advance();
        else
            change(below(entry_count));
        check_gauges();
    }

private:
    class entry final : public timer_entry
    {
    public:
        entry(comparison& owner, std::size_t number)
            : owner_(owner)
            , number_(number)
        {}

    private:
        void expired() override { owner_.on_expired(number_); }

        comparison& owner_;
        std::size_t number_;
    };

    struct armed
    {
        std::size_t number = 0;
        std::uint64_t tick = 0;
        time_point deadline;
    };

    static std::uint64_t tick_of(time_point deadline)
    {
        return deadline <= model_start
                   ? 0
                   : static_cast<std::uint64_t>(
                         (deadline - model_start + timer_wheel::tick - 1ns) / timer_wheel::tick);
    }

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    std::chrono::nanoseconds some_duration()
    {
        constexpr std::array<std::chrono::nanoseconds, 7> scales{20ms, 300ms, 20s, 20min, 20h, 100h, 1000h};
        auto const scale = static_cast<std::uint64_t>(scales[below(scales.size())].count());
        return std::chrono::nanoseconds(below(scale));
    }

    void change(std::size_t number)
    {
        forget(number);
        if (!entries_[number])
            entries_[number] = std::make_unique<entry>(*this, number);
        auto const choice = below(10);
        if (choice == 0)
            entries_[number].reset();
        else if (choice == 1)
            wheel_.disarm(*entries_[number]);
        else
            arm(number, choice == 2 ? now_ - some_duration() : now_ + some_duration());
    }

    void arm(std::size_t number, time_point deadline)
    {
        wheel_.arm(*entries_[number], deadline);
        auto const present = tick_of(now_ - timer_wheel::tick + 1ns);
        model_.push_back({number, std::max(tick_of(deadline), present), deadline});
    }

    void forget(std::size_t number)
    {
        auto const is_it = [number](armed const& a) { return a.number == number; };
        std::erase_if(model_, is_it);
        std::erase_if(due_, is_it);
    }

    void advance()
    {
        now_ += some_duration();
        auto const target = tick_of(now_ - timer_wheel::tick + 1ns);
        due_.clear();
        std::copy_if(model_.begin(), model_.end(), std::back_inserter(due_), [target](armed const& a) {
            return a.tick <= target;
        });
        std::erase_if(model_, [target](armed const& a) { return a.tick <= target; });
        std::stable_sort(
            due_.begin(), due_.end(), [](armed const& a, armed const& b) { return a.tick < b.tick; });
        auto const before = fired_;
        auto const reported = wheel_.advance(now_);
        BOOST_REQUIRE(reported == fired_ - before);
        BOOST_REQUIRE(due_.empty());
    }

    void on_expired(std::size_t number)
    {
        ++fired_;
        BOOST_REQUIRE(!due_.empty());
        BOOST_REQUIRE(due_.front().number == number);
        BOOST_REQUIRE((due_.front().deadline <= now_));
        due_.erase(due_.begin());
        BOOST_REQUIRE(!entries_[number]->armed());
        if (below(2) == 0)
            change(number);
        else if (!due_.empty() && below(2) == 0)
            change(due_[below(due_.size())].number);
        else
            change(below(entry_count));
    }

    void check_gauges()
    {
        BOOST_REQUIRE(wheel_.size() == model_.size());
        BOOST_REQUIRE(wheel_.empty() == model_.empty());
        auto const wake = wheel_.next_wake();
        BOOST_REQUIRE(wake.has_value() == !model_.empty());
        if (!wake)
            return;
        auto const earliest = std::min_element(
            model_.begin(), model_.end(), [](armed const& a, armed const& b) { return a.tick < b.tick; });
        BOOST_REQUIRE((*wake <= model_start + timer_wheel::tick * static_cast<std::int64_t>(earliest->tick)));
        BOOST_REQUIRE((*wake > now_ || earliest->deadline <= now_));
    }

    random_source random_;
    time_point now_ = model_start;
    timer_wheel wheel_{model_start};
    std::array<std::unique_ptr<entry>, entry_count> entries_;
    std::vector<armed> model_; ///< in the order of arming
    std::vector<armed> due_;   ///< still to fire in the running advance
    std::size_t fired_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(timer_wheel_models)

BOOST_DATA_TEST_CASE(behaves_as_a_sorted_list, boost::unit_test::data::xrange(1, 9), seed)
{
    comparison both(static_cast<std::uint64_t>(seed));
    for (int count = 0; count < 5'000; ++count)
        both.step();
}

BOOST_AUTO_TEST_SUITE_END()
