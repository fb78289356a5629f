#ifndef FLUXER_AUTH_CORE_RANDOM_HPP
#define FLUXER_AUTH_CORE_RANDOM_HPP

#include <atomic>
#include <cstdint>
#include <limits>
#include <random>

namespace fluxer::auth::core {

/// splitmix64 (Steele, Lea, Flood 2014): eight bytes of state for jitter and the like. Not for secrets: who sees
/// one number knows all that follow. Satisfies UniformRandomBitGenerator.
class random_source
{
public:
    using result_type = std::uint64_t;

    /// Its numbers have nothing to do with those of any other source of this process.
    random_source()
        : random_source(next_seed())
    {}

    explicit random_source(std::uint64_t seed) noexcept
        : state_(seed)
    {}

    static constexpr result_type min() noexcept { return 0; }

    static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

    result_type operator()() noexcept
    {
        state_ += 0x9E3779B97F4A7C15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31);
    }

private:
    static std::uint64_t seed_of_device()
    {
        std::random_device device;
        return (std::uint64_t{device()} << 32) | device();
    }

    /// The device is asked once: in a virtual machine it takes 70 us, and thousands of waits have a source each.
    static std::uint64_t next_seed()
    {
        static std::atomic<std::uint64_t> seeds{seed_of_device()};
        return random_source(seeds.fetch_add(1, std::memory_order_relaxed))();
    }

    std::uint64_t state_;
};

} // namespace fluxer::auth::core

#endif
