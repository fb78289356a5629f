#include <fluxer/auth/snowflake.hpp>

#include <charconv>
#include <limits>
#include <ostream>
#include <system_error>
#include <utility>

namespace fluxer::auth {

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

std::ostream& operator<<(std::ostream& out, snowflake const& id)
{
    return out << id.text_;
}

} // namespace fluxer::auth
