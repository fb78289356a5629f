#include "item.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace fluxer::auth::faults {

namespace {

std::string_view view_of(boost::json::string_view text)
{
    return {text.data(), text.size()};
}

} // namespace

void item::fail(std::string const& problem) const
{
    throw script_error(path_ + ": " + problem);
}

std::string item::text() const
{
    auto const* text = value_->if_string();
    if (text == nullptr)
        fail("must be a string");
    return std::string(text->data(), text->size());
}

bool item::flag() const
{
    if (!value_->is_bool())
        fail("must be true or false");
    return value_->get_bool();
}

std::int64_t item::integer(std::int64_t least, std::int64_t most) const
{
    auto const* number = value_->if_int64();
    if (number == nullptr)
        fail("must be a whole number");
    if (*number < least || *number > most)
        fail("must be from " + std::to_string(least) + " to " + std::to_string(most));
    return *number;
}

std::chrono::milliseconds item::milliseconds() const
{
    constexpr std::int64_t week = 7LL * 24 * 3600 * 1000;
    return std::chrono::milliseconds(integer(-week, week));
}

std::size_t item::size() const
{
    return static_cast<std::size_t>(integer(0, std::int64_t(1) << 40));
}

std::vector<item> item::list() const
{
    auto const* array = value_->if_array();
    if (array == nullptr)
        fail("must be a list");
    std::vector<item> items;
    for (auto const& value : *array)
        items.emplace_back(value, path_ + "[" + std::to_string(items.size()) + "]");
    return items;
}

std::vector<std::string> item::texts() const
{
    if (value_->is_string())
        return {text()};
    std::vector<std::string> all;
    for (auto const& one : list())
        all.push_back(one.text());
    return all;
}

std::size_t item::choice(std::vector<std::string_view> const& words) const
{
    auto const word = text();
    auto const found = std::find(words.begin(), words.end(), word);
    if (found != words.end())
        return static_cast<std::size_t>(found - words.begin());
    std::string known;
    for (auto const& each : words)
        known += (known.empty() ? "" : ", ") + std::string(each);
    fail("'" + word + "' is none of: " + known);
}

members::members(item of)
    : of_(std::move(of))
    , object_(of_.value().if_object())
{
    if (object_ == nullptr)
        of_.fail("must be an object");
}

std::optional<item> members::find(std::string_view name)
{
    known_.emplace_back(name);
    auto const* value = object_->if_contains(name);
    if (value == nullptr)
        return std::nullopt;
    return item(*value, of_.path() + "." + std::string(name));
}

item members::need(std::string_view name)
{
    auto found = find(name);
    if (!found)
        of_.fail("'" + std::string(name) + "' is missing");
    return *std::move(found);
}

std::string members::text(std::string_view name, std::string absent)
{
    auto const found = find(name);
    return found ? found->text() : std::move(absent);
}

bool members::flag(std::string_view name, bool absent)
{
    auto const found = find(name);
    return found ? found->flag() : absent;
}

std::int64_t members::integer(std::string_view name, std::int64_t absent, std::int64_t least)
{
    auto const found = find(name);
    return found ? found->integer(least) : absent;
}

std::int64_t members::seconds_from_now(std::string_view name, std::int64_t absent)
{
    constexpr std::int64_t century = 100LL * 365 * 24 * 3600;
    auto const found = find(name);
    return found ? found->integer(-century, century) : absent;
}

std::chrono::milliseconds members::milliseconds(std::string_view name, std::chrono::milliseconds absent)
{
    auto const found = find(name);
    return found ? found->milliseconds() : absent;
}

bool members::asked(std::string_view name) const noexcept
{
    return std::find(known_.begin(), known_.end(), name) != known_.end();
}

item members::only()
{
    std::optional<item> found;
    for (auto const& [key, value] : *object_) {
        if (asked(view_of(key)))
            continue;
        if (found)
            of_.fail("must have one key, but has '" + std::string(view_of(key)) + "' too");
        found.emplace(value, of_.path() + "." + std::string(view_of(key)));
    }
    if (!found)
        of_.fail("is empty");
    known_.push_back(found->path().substr(of_.path().size() + 1));
    return *std::move(found);
}

void members::finish() const
{
    for (auto const& [key, value] : *object_)
        if (!asked(view_of(key)))
            of_.fail("unknown key '" + std::string(view_of(key)) + "'");
}

} // namespace fluxer::auth::faults
