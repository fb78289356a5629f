#ifndef FLUXER_AUTH_CLI_CHAOS_PLAN_HPP
#define FLUXER_AUTH_CLI_CHAOS_PLAN_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fluxer::auth::cli {

/// What a network may do to a connection.
enum class chaos_kind : std::uint8_t {
    refuse,     ///< reset when it is accepted
    delay,      ///< a chunk comes late
    split,      ///< a chunk comes in small pieces
    reset,      ///< both ends get a TCP reset instead of the chunk
    truncate,   ///< part of a chunk comes, then the orderly end
    black_hole, ///< nothing comes any more, and nothing ends
};

inline constexpr std::size_t chaos_kinds = 6;

std::string_view to_string(chaos_kind kind) noexcept;

/// How often, of a million.
struct chaos_rates
{
    chaos_rates() = default;

    unsigned refuse = 60'000; ///< of connections; the others of chunks, that is of what one read returns
    unsigned delay = 50'000;
    unsigned split = 50'000;
    unsigned reset = 2'000;
    unsigned truncate = 2'000;
    unsigned black_hole = 1'200;
};

/// A small generator whose streams are as good as independent (SplitMix64).
class chaos_random
{
public:
    explicit chaos_random(std::uint64_t seed) noexcept
        : state_(seed)
    {}

    std::uint64_t next() noexcept;

    /// @param end 1 or more
    /// @returns 0 to end - 1
    std::uint64_t below(std::uint64_t end) noexcept { return next() % end; }

private:
    std::uint64_t state_;
};

/// The seed of something that is numbered, so that its course depends on nothing but the run's seed and its number.
std::uint64_t chaos_seed(std::uint64_t seed, std::uint64_t number) noexcept;

/// What becomes of one chunk.
struct chunk_fate
{
    chunk_fate() = default;

    std::optional<chaos_kind> fault;    ///< none: it is passed on as it came
    std::chrono::milliseconds delay{0}; ///< of delay
    std::size_t size = 0;               ///< of split: bytes in a piece; of truncate: bytes that still come
};

/// The fate of one direction of a connection.
class chaos_plan
{
public:
    chaos_plan(chaos_rates const& rates, std::uint64_t seed) noexcept
        : rates_(rates)
        , random_(seed)
    {}

    /// Whether the connection is refused. To be asked once, before all chunks.
    bool refuses() noexcept { return random_.below(million) < rates_.refuse; }

    /// @param bytes of the chunk, 1 or more
    chunk_fate next(std::size_t bytes) noexcept;

private:
    static constexpr std::uint64_t million = 1'000'000;

    std::optional<chaos_kind> draw() noexcept;

    chaos_rates rates_;
    chaos_random random_;
};

} // namespace fluxer::auth::cli

#endif
