#include "body_reader.hpp"

#include "text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace fluxer::auth::conformance {

namespace json = boost::json;

json::value const* body_reader::find(std::string_view name)
{
    known_.push_back(name);
    return body_.if_contains(name);
}

json::value const* body_reader::need(std::string_view name)
{
    auto const* member = find(name);
    if (member == nullptr)
        fail(name, "is missing");
    return member;
}

void body_reader::fail(std::string_view name, std::string_view what)
{
    if (problem_.empty())
        problem_ = "`" + std::string(name) + "` " + std::string(what);
}

std::string body_reader::text(std::string_view name)
{
    need(name);
    return optional_text(name).value_or(std::string());
}

std::optional<std::string> body_reader::optional_text(std::string_view name)
{
    auto const* member = find(name);
    if (member == nullptr)
        return std::nullopt;
    if (auto const* found = member->if_string())
        return std::string(view(*found));
    fail(name, "is not a string");
    return std::nullopt;
}

std::optional<std::string> body_reader::nullable_text(std::string_view name)
{
    auto const* member = find(name);
    return member != nullptr && member->is_null() ? std::nullopt : optional_text(name);
}

bool body_reader::flag(std::string_view name)
{
    auto const* member = need(name);
    auto const* found = member == nullptr ? nullptr : member->if_bool();
    if (found == nullptr)
        fail(name, "is not a boolean");
    return found != nullptr && *found;
}

std::vector<std::string> body_reader::texts(std::string_view name)
{
    auto const* member = need(name);
    auto const* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr) {
        fail(name, "is not an array");
        return {};
    }
    std::vector<std::string> read;
    for (auto const& item : *list)
        if (auto const* found = item.if_string())
            read.emplace_back(view(*found));
        else
            fail(name, "has an item that is not a string");
    return read;
}

json::value body_reader::value(std::string_view name)
{
    auto const* member = need(name);
    return member == nullptr ? json::value() : *member;
}

std::optional<json::value> body_reader::optional_value(std::string_view name)
{
    auto const* member = find(name);
    return member == nullptr ? std::nullopt : std::optional<json::value>(*member);
}

std::string body_reader::problem() const
{
    if (!problem_.empty())
        return problem_;
    for (auto const& entry : body_) {
        std::string_view const name(entry.key().data(), entry.key().size());
        if (std::find(known_.begin(), known_.end(), name) == known_.end())
            return "the operation has no member `" + std::string(name) + "`";
    }
    return {};
}

} // namespace fluxer::auth::conformance
