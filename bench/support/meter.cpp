#include "support/meter.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace fluxer::auth::bench {

namespace {

std::chrono::nanoseconds nanoseconds_of(double seconds)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

} // namespace

meter::meter(settings const& of)
    : length_(nanoseconds_of(of.seconds))
    , earliest_(clock::now() + nanoseconds_of(of.warm_up))
    // All connections have been made by then, and used.
    , least_(2 * of.in_flight)
{
    // More than any peer answers: the vector is not to grow while time is taken.
    constexpr double most_per_second = 200'000;
    nanoseconds_.reserve(static_cast<std::size_t>(of.seconds * most_per_second) + 1'000);
}

bool meter::answered(clock::time_point begin)
{
    auto const now = clock::now();
    switch (stage_) {
    case stage::warming:
        if (++answers_ >= least_ && now >= earliest_) {
            stage_ = stage::measuring;
            start_ = take_snapshot(now);
            end_time_ = now + length_;
        }
        return true;
    case stage::measuring: {
        auto const took = std::chrono::nanoseconds(now - begin).count();
        constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
        nanoseconds_.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(took, 0, most)));
        if (now < end_time_)
            return true;
        end_ = take_snapshot(now);
        stage_ = stage::over;
        return false;
    }
    case stage::over:
        break;
    }
    return false;
}

meter::snapshot meter::take_snapshot(clock::time_point now)
{
    return {now, used_cpu(), count_allocations()};
}

boost::json::object meter::latencies() const
{
    static constexpr std::array percents{0.0,  10.0, 25.0, 50.0, 75.0,  90.0,  95.0,
                                         97.5, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0};
    auto sorted = nanoseconds_;
    std::ranges::sort(sorted);
    boost::json::array curve;
    for (auto const percent : percents) {
        auto const last = static_cast<double>(sorted.size() - 1);
        auto const rank = static_cast<std::size_t>(percent / 100 * last + 0.5);
        curve.push_back({percent, static_cast<double>(sorted[rank]) / 1e3});
    }
    return {{"latency_us", std::move(curve)}};
}

boost::json::object meter::result() const
{
    if (stage_ != stage::over || nanoseconds_.empty())
        throw std::runtime_error("the measuring did not come to its end");
    auto made = latencies();
    auto const requests = static_cast<double>(nanoseconds_.size());
    made["requests"] = nanoseconds_.size();
    made["cpu_user"] = end_.cpu.user - start_.cpu.user;
    made["cpu_sys"] = end_.cpu.system - start_.cpu.system;
    made["wall"] = std::chrono::duration<double>(end_.when - start_.when).count();
    if (start_.heap && end_.heap) {
        made["allocations"] = static_cast<double>(end_.heap->own - start_.heap->own) / requests;
        made["allocations_of_openssl"] =
            static_cast<double>(end_.heap->openssl - start_.heap->openssl) / requests;
    }
    return made;
}

} // namespace fluxer::auth::bench
