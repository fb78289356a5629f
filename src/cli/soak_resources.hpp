#ifndef FLUXER_AUTH_CLI_SOAK_RESOURCES_HPP
#define FLUXER_AUTH_CLI_SOAK_RESOURCES_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// What this process holds at one moment.
struct resources
{
    resources() = default;

    std::uint64_t descriptors = 0;
    std::uint64_t client_descriptors = 0; ///< of them the client's; resources_now() does not know how many
    std::uint64_t rss = 0;                ///< bytes of memory in RAM
};

/// Asks the system.
/// @throws std::exception where there is no /proc
resources resources_now();

/// Whether the memory of this build says nothing about leaks: sanitizers keep freed memory, and find leaks themselves.
bool is_memory_instrumented() noexcept;

/// How memory and descriptors develop: the first sample after the warm-up, the last one, and the largest.
class resource_log
{
public:
    /// @param warm_up samples from before are not looked at
    explicit resource_log(std::chrono::steady_clock::duration warm_up)
        : warm_up_(warm_up)
    {}

    /// @param since_start does not get less
    void add(std::chrono::steady_clock::duration since_start, resources const& now);

    /// Whether there is anything from after the warm-up.
    bool has_samples() const noexcept { return first_.has_value(); }

    /// To be asked only if there are samples; the same for the others.
    resources const& first() const { return first_.value(); }

    resources const& last() const noexcept { return last_; }

    resources const& largest() const noexcept { return largest_; }

private:
    std::chrono::steady_clock::duration warm_up_;
    std::optional<resources> first_;
    resources last_;
    resources largest_;
};

/// The first minute; of short runs a quarter.
std::chrono::steady_clock::duration warm_up_of(std::chrono::steady_clock::duration whole) noexcept;

/// Descriptors that the client may have: one for each connection, and while one is made perhaps another for the
/// host's other address; and a few, as the servers' own are counted by others and not at the same moment. How many there are in all says less: the servers close their ends when they come to it.
std::uint64_t most_client_descriptors(std::uint64_t connections) noexcept;

/// How much more memory there may be at the end than after the warm-up: 5 % and 3 MiB. Measured were ups and downs of
/// 1 MiB around 24 MiB, which come from how many connections and buffers there happen to be, and no growth. A leak does
/// not hide there for long: at 4,000 calls and 50 connections a second, 4.2 MiB are less than 13 bytes of each call,
/// or 1 KiB of each connection, after 90 s.
std::uint64_t rss_tolerance(std::uint64_t after_warm_up) noexcept;

/// What is wrong with the development.
/// @param memory whether memory is looked at too
std::vector<std::string> resource_complaints(resource_log const& log, std::uint64_t connections, bool memory);

} // namespace fluxer::auth::cli

#endif
