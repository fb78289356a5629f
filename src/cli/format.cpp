#include "cli/format.hpp"

#include <cstdio>

namespace fluxer::auth::cli {

namespace {

/// Decimals that leave three significant digits of a number below 1000.
int decimals_of(double number)
{
    if (number < 10)
        return 2;
    return number < 100 ? 1 : 0;
}

} // namespace

std::string with_separators(std::uint64_t number)
{
    auto digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string with_decimals(double number, int decimals)
{
    char text[64];
    auto const size = std::snprintf(text, sizeof text, "%.*f", decimals, number);
    return {text, static_cast<std::size_t>(size)};
}

std::string duration_text(std::chrono::microseconds duration)
{
    using namespace std::chrono;
    auto const count = static_cast<double>(duration.count());
    if (duration < 1ms)
        return std::to_string(duration.count()) + " us";
    if (duration < 1s)
        return with_decimals(count / 1e3, decimals_of(count / 1e3)) + " ms";
    if (duration < 2min)
        return with_decimals(count / 1e6, decimals_of(count / 1e6)) + " s";
    return std::to_string(round<minutes>(duration).count()) + " min";
}

std::string mebibytes_text(std::uint64_t bytes)
{
    return with_decimals(static_cast<double>(bytes) / (1024 * 1024), 1) + " MiB";
}

std::string printable(std::string_view text)
{
    std::string safe(text);
    for (auto& byte : safe)
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f)
            byte = '?';
    return safe;
}

} // namespace fluxer::auth::cli
