#include <fluxer/auth/snowflake.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <ostream>
#include <system_error>
#include <utility>

namespace fluxer::auth {

namespace {

/// Without leading zeros, of any length: such texts are in the order of their lengths first.
bool is_decimal(std::string_view text) noexcept
{
    if (text.empty() || (text.size() > 1 && text.front() == '0'))
        return false;
    return std::all_of(text.begin(), text.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

} // namespace

snowflake::snowflake(std::string text)
    : text_(std::move(text))
{}

snowflake::snowflake(char const* text)
    : text_(text != nullptr ? text : "")
{}

snowflake::snowflake(std::uint64_t number)
    : text_(std::to_string(number))
{}

std::optional<std::uint64_t> snowflake::number() const noexcept
{
    if (text_.size() > 1 && text_.front() == '0')
        return std::nullopt;
    std::uint64_t number = 0;
    auto const* const end = text_.data() + text_.size();
    auto const [stop, problem] = std::from_chars(text_.data(), end, number);
    if (problem != std::errc{} || stop != end)
        return std::nullopt;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return number;
}

std::strong_ordering operator<=>(snowflake const& left, snowflake const& right) noexcept
{
    auto const left_is_number = is_decimal(left.text_);
    auto const right_is_number = is_decimal(right.text_);
    if (left_is_number != right_is_number)
        return left_is_number <=> right_is_number;
    if (left_is_number && left.text_.size() != right.text_.size())
        return left.text_.size() <=> right.text_.size();
    return left.text_ <=> right.text_;
}

std::ostream& operator<<(std::ostream& out, snowflake const& id)
{
    return out << id.text_;
}

} // namespace fluxer::auth
