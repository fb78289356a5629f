#include "cli/soak_resources.hpp"

#include "cli/format.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace fluxer::auth::cli {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

std::uint64_t count_descriptors()
{
    std::uint64_t count = 0;
    for ([[maybe_unused]] auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count - 1; // the iteration's own
}

std::uint64_t read_rss()
{
    std::ifstream in("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    in >> size >> resident;
    if (!in)
        throw std::runtime_error("cannot read /proc/self/statm");
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

resources resources_now()
{
    resources now;
    now.descriptors = count_descriptors();
    now.rss = read_rss();
    return now;
}

bool is_memory_instrumented() noexcept
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

void resource_log::add(std::chrono::steady_clock::duration since_start, resources const& now)
{
    if (since_start < warm_up_)
        return;
    if (!first_)
        first_ = now;
    last_ = now;
    largest_.descriptors = std::max(largest_.descriptors, now.descriptors);
    largest_.client_descriptors = std::max(largest_.client_descriptors, now.client_descriptors);
    largest_.rss = std::max(largest_.rss, now.rss);
}

std::chrono::steady_clock::duration warm_up_of(std::chrono::steady_clock::duration whole) noexcept
{
    return std::min<std::chrono::steady_clock::duration>(std::chrono::minutes(1), whole / 4);
}

std::uint64_t most_client_descriptors(std::uint64_t connections) noexcept
{
    constexpr std::uint64_t between_two_counts = 8;
    return 2 * connections + between_two_counts;
}

std::uint64_t rss_tolerance(std::uint64_t after_warm_up) noexcept
{
    return after_warm_up / 20 + 3 * mebibyte;
}

std::vector<std::string> resource_complaints(resource_log const& log, std::uint64_t connections, bool memory)
{
    std::vector<std::string> complaints;
    if (!log.has_samples())
        return complaints;
    auto const most = most_client_descriptors(connections);
    auto const held = log.largest().client_descriptors;
    if (held > most)
        complaints.push_back(
            "the client had " + with_separators(held) + " descriptors, more than " + with_separators(most));
    auto const first = log.first().rss;
    if (memory && log.last().rss > first + rss_tolerance(first))
        complaints.push_back(
            "memory grew from " + mebibytes_text(first) + " after the warm-up to " +
            mebibytes_text(log.last().rss) + ", by more than " + mebibytes_text(rss_tolerance(first)));
    return complaints;
}

} // namespace fluxer::auth::cli
