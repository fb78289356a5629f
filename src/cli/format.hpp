#ifndef FLUXER_AUTH_CLI_FORMAT_HPP
#define FLUXER_AUTH_CLI_FORMAT_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxer::auth::cli {

/// 1234567 as "1,234,567".
std::string with_separators(std::uint64_t number);

/// A number with a fixed count of decimals, e.g. "98.9".
std::string with_decimals(double number, int decimals);

/// With three significant digits or so: "820 us", "4.31 ms", "1.20 s", "15 min".
std::string duration_text(std::chrono::microseconds duration);

/// E.g. "12.5 MiB".
std::string mebibytes_text(std::uint64_t bytes);

/// 0 of nothing.
constexpr double ratio(std::uint64_t part, std::uint64_t whole) noexcept
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// What a server sent, safe to print on a terminal: control characters become '?'.
std::string printable(std::string_view text);

} // namespace fluxer::auth::cli

#endif
