#include "cli/chaos_plan.hpp"

namespace fluxer::auth::cli {

namespace {

constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
constexpr std::uint64_t longest_delay = 40; // ms
constexpr std::uint64_t largest_piece = 32; // bytes; a TLS record's header has five

} // namespace

std::string_view to_string(chaos_kind kind) noexcept
{
    switch (kind) {
    case chaos_kind::refuse:
        return "refuse";
    case chaos_kind::delay:
        return "delay";
    case chaos_kind::split:
        return "split";
    case chaos_kind::reset:
        return "reset";
    case chaos_kind::truncate:
        return "truncate";
    case chaos_kind::black_hole:
        return "black hole";
    }
    return "unknown";
}

std::uint64_t chaos_random::next() noexcept
{
    state_ += golden_ratio;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

std::uint64_t chaos_seed(std::uint64_t seed, std::uint64_t number) noexcept
{
    // Two rounds: streams of neighbouring numbers must not be the same one, a step apart.
    chaos_random numbers(number);
    return chaos_random(seed ^ numbers.next()).next();
}

std::optional<chaos_kind> chaos_plan::draw() noexcept
{
    struct chance
    {
        chaos_kind kind;
        unsigned rate;
    };

    std::array const chances{
        chance{chaos_kind::delay, rates_.delay},           chance{chaos_kind::split, rates_.split},
        chance{chaos_kind::reset, rates_.reset},           chance{chaos_kind::truncate, rates_.truncate},
        chance{chaos_kind::black_hole, rates_.black_hole},
    };
    auto drawn = random_.below(million);
    for (auto const& [kind, rate] : chances) {
        if (drawn < rate)
            return kind;
        drawn -= rate;
    }
    return std::nullopt;
}

chunk_fate chaos_plan::next(std::size_t bytes) noexcept
{
    chunk_fate fate;
    fate.fault = draw();
    if (fate.fault == chaos_kind::delay)
        fate.delay = std::chrono::milliseconds(1 + random_.below(longest_delay));
    else if (fate.fault == chaos_kind::split)
        fate.size = static_cast<std::size_t>(1 + random_.below(largest_piece));
    else if (fate.fault == chaos_kind::truncate)
        fate.size = static_cast<std::size_t>(random_.below(bytes));
    return fate;
}

} // namespace fluxer::auth::cli
