#include "wire/timestamp.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace fluxer::auth::wire {

namespace {

namespace chrono = std::chrono;

constexpr std::string_view form = "0000-00-00T00:00:00";

int number(std::string_view digits) noexcept
{
    int value = 0;
    for (auto const digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

bool has_form(std::string_view text) noexcept
{
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char character, char expected) {
        return expected == '0' ? core::is_digit(character) : character == expected;
    });
}

// Takes `.600` off the text.
std::optional<milliseconds> take_fraction(std::string_view& text) noexcept
{
    if (!text.starts_with('.'))
        return milliseconds(0);
    text.remove_prefix(1);
    auto const end = std::find_if_not(text.begin(), text.end(), core::is_digit);
    auto const digits = static_cast<std::size_t>(end - text.begin());
    if (digits == 0 || digits > 9)
        return std::nullopt;
    auto fraction = number(text.substr(0, std::min<std::size_t>(digits, 3)));
    for (auto present = digits; present < 3; ++present)
        fraction *= 10;
    text.remove_prefix(digits);
    return milliseconds(fraction);
}

} // namespace

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept
{
    if (!has_form(text.substr(0, form.size())))
        return std::nullopt;
    auto rest = text.substr(form.size());
    auto const fraction = take_fraction(rest);
    if (!fraction || (rest != "Z" && rest != "+00:00"))
        return std::nullopt;
    chrono::year_month_day const date{
        chrono::year(number(text.substr(0, 4))),
        chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
        chrono::day(static_cast<unsigned>(number(text.substr(8, 2))))};
    auto const hour = number(text.substr(11, 2));
    auto const minute = number(text.substr(14, 2));
    auto const second = number(text.substr(17, 2));
    if (!date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) +
           *fraction;
}

} // namespace fluxer::auth::wire
