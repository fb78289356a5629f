#include "member_check.hpp"

#include "text.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <chrono>
#include <cstdio>

namespace fluxer::auth::conformance {

namespace json = boost::json;

namespace {

/// The form that format_timestamp() has, from any fraction that the server may write.
std::string with_milliseconds(std::string text)
{
    if (!text.ends_with('Z'))
        return text;
    text.pop_back();
    auto const dot = text.find('.');
    auto fraction = dot == std::string::npos ? std::string() : text.substr(dot + 1);
    fraction.resize(3, '0');
    return text.substr(0, dot) + "." + fraction + "Z";
}

} // namespace

std::string format_timestamp(timestamp when)
{
    namespace chrono = std::chrono;
    auto const day = chrono::floor<chrono::days>(when);
    chrono::year_month_day const date(day);
    chrono::hh_mm_ss const time(when - day);
    std::array<char, 64> text{};
    auto const length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

void member_check::expect(bool holds, std::string_view name)
{
    found_.expect(holds, place_of(name));
}

std::optional<std::string> member_check::expected_text(std::string_view name) const
{
    auto const* member = expected_.if_contains(name);
    if (member == nullptr)
        return std::nullopt;
    if (auto const* found = member->if_string())
        return std::string(view(*found));
    // Ids may be numbers on newer servers; they are text all the same.
    if (auto const* number = member->if_int64())
        return std::to_string(*number);
    return std::nullopt;
}

void member_check::text(std::string_view name, std::string_view actual)
{
    expect(expected_text(name).value_or(std::string()) == actual, name);
}

void member_check::optional_text(std::string_view name, std::optional<std::string> const& actual)
{
    expect(expected_text(name) == actual, name);
}

void member_check::flag(std::string_view name, bool actual, bool otherwise)
{
    auto const* member = expected_.if_contains(name);
    auto const* value = member == nullptr ? nullptr : member->if_bool();
    expect((value == nullptr ? otherwise : *value) == actual, name);
}

void member_check::time(std::string_view name, std::optional<timestamp> actual)
{
    auto const expected = expected_text(name);
    if (!expected || !actual)
        return expect(expected.has_value() == actual.has_value(), name);
    expect(with_milliseconds(*expected) == format_timestamp(*actual), name);
}

void member_check::texts(std::string_view name, std::vector<std::string> const& actual)
{
    json::array items;
    for (auto const& item : actual)
        items.emplace_back(item);
    auto const* member = expected_.if_contains(name);
    expect(member == nullptr ? actual.empty() : *member == json::value(items), name);
}

json::object const* member_check::nested(std::string_view name, bool decoded)
{
    auto const* member = expected_.if_contains(name);
    auto const* object = member == nullptr ? nullptr : member->if_object();
    bool const is_absent = member == nullptr || member->is_null();
    expect(decoded ? object != nullptr : is_absent, name);
    return decoded ? object : nullptr;
}

} // namespace fluxer::auth::conformance
