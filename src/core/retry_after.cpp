#include "core/retry_after.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace fluxer::auth::core {

namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view without_blanks(std::string_view text) noexcept
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes a date apart from its beginning; once something is wrong, everything after it is.
class date_reader
{
public:
    explicit date_reader(std::string_view text) noexcept
        : rest_(text)
    {}

    void skip(std::string_view expected) noexcept
    {
        valid_ = valid_ && rest_.starts_with(expected);
        if (valid_)
            rest_.remove_prefix(expected.size());
    }

    int number(std::size_t digits) noexcept
    {
        valid_ = valid_ && rest_.size() >= digits &&
                 std::all_of(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(digits), is_digit);
        int value = 0;
        for (std::size_t index = 0; valid_ && index < digits; ++index)
            value = value * 10 + (rest_[index] - '0');
        if (valid_)
            rest_.remove_prefix(digits);
        return value;
    }

    // asctime pads the day with a blank.
    int padded_day() noexcept
    {
        if (!rest_.starts_with(' '))
            return number(2);
        rest_.remove_prefix(1);
        return number(1);
    }

    unsigned month() noexcept
    {
        auto const found = std::find(month_names.begin(), month_names.end(), rest_.substr(0, 3));
        valid_ = valid_ && found != month_names.end();
        if (!valid_)
            return 0;
        rest_.remove_prefix(3);
        return static_cast<unsigned>(found - month_names.begin()) + 1;
    }

    chrono::seconds time_of_day() noexcept
    {
        auto const hour = number(2);
        skip(":");
        auto const minute = number(2);
        skip(":");
        auto const second = number(2);
        // 60 is a leap second.
        valid_ = valid_ && hour < 24 && minute < 60 && second <= 60;
        return chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second);
    }

    std::optional<timestamp> finish(int year, unsigned month, int day, chrono::seconds time) const noexcept
    {
        chrono::year_month_day const date{
            chrono::year(year), chrono::month(month), chrono::day(static_cast<unsigned>(day))};
        if (!valid_ || !rest_.empty() || !date.ok())
            return std::nullopt;
        return chrono::sys_days(date) + time;
    }

private:
    std::string_view rest_;
    bool valid_ = true;
};

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<timestamp> parse_fixed_date(std::string_view after_comma) noexcept
{
    date_reader reader(after_comma);
    reader.skip(" ");
    auto const day = reader.number(2);
    reader.skip(" ");
    auto const month = reader.month();
    reader.skip(" ");
    auto const year = reader.number(4);
    reader.skip(" ");
    auto const time = reader.time_of_day();
    reader.skip(" GMT");
    return reader.finish(year, month, day, time);
}

// Sunday, 06-Nov-94 08:49:37 GMT
std::optional<timestamp> parse_rfc850_date(std::string_view after_comma, timestamp now) noexcept
{
    date_reader reader(after_comma);
    reader.skip(" ");
    auto const day = reader.number(2);
    reader.skip("-");
    auto const month = reader.month();
    reader.skip("-");
    auto year = reader.number(2);
    reader.skip(" ");
    auto const time = reader.time_of_day();
    reader.skip(" GMT");
    // More than 50 years ahead means the past century (RFC 9110 5.6.7).
    auto const this_year = static_cast<int>(chrono::year_month_day(chrono::floor<chrono::days>(now)).year());
    year += this_year / 100 * 100;
    if (year > this_year + 50)
        year -= 100;
    return reader.finish(year, month, day, time);
}

// Sun Nov  6 08:49:37 1994
std::optional<timestamp> parse_asctime_date(std::string_view after_weekday) noexcept
{
    date_reader reader(after_weekday);
    reader.skip(" ");
    auto const month = reader.month();
    reader.skip(" ");
    auto const day = reader.padded_day();
    reader.skip(" ");
    auto const time = reader.time_of_day();
    reader.skip(" ");
    auto const year = reader.number(4);
    return reader.finish(year, month, day, time);
}

} // namespace

milliseconds wait_of_seconds(double seconds) noexcept
{
    if (!(seconds > 0))
        return milliseconds(0);
    auto const most = static_cast<double>(longest_retry_after.count());
    // The margin keeps 1.1 s, which is no exact binary number, from becoming 1101 ms.
    auto const wait = std::ceil(seconds * 1000 - 1e-6);
    return milliseconds(static_cast<milliseconds::rep>(std::min(wait, most)));
}

std::optional<double> parse_decimal(std::string_view text) noexcept
{
    auto const digits = text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || !is_digit(digits.front()))
        return std::nullopt;
    double value = 0;
    auto const [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    if (end != digits.data() + digits.size())
        return std::nullopt;
    if (problem != std::errc())
        value = HUGE_VAL;
    return text.starts_with('-') ? -value : value;
}

std::optional<timestamp> parse_http_date(std::string_view text, timestamp now) noexcept
{
    text = without_blanks(text);
    auto const comma = text.find(',');
    if (comma == std::string_view::npos)
        return text.size() < 3 ? std::nullopt : parse_asctime_date(text.substr(3));
    auto const rest = text.substr(comma + 1);
    return comma == 3 ? parse_fixed_date(rest) : parse_rfc850_date(rest, now);
}

std::optional<milliseconds> parse_retry_after(std::string_view text, timestamp now) noexcept
{
    text = without_blanks(text);
    if (auto const seconds = parse_decimal(text))
        return wait_of_seconds(*seconds);
    auto const date = parse_http_date(text, now);
    if (!date)
        return std::nullopt;
    return std::clamp(*date - now, milliseconds(0), longest_retry_after);
}

} // namespace fluxer::auth::core
