#include "wire/decode.hpp"

#include "wire/timestamp.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace fluxer::auth::wire {

namespace json = boost::json;

bool read_value(json::value const& from, std::string& into)
{
    auto const* text = from.if_string();
    if (text != nullptr)
        into.assign(text->data(), text->size());
    return text != nullptr;
}

bool read_value(json::value const& from, secret& into)
{
    auto const* text = from.if_string();
    if (text != nullptr)
        into = secret(std::string_view(text->data(), text->size()));
    return text != nullptr;
}

bool read_value(json::value const& from, snowflake& into)
{
    if (auto const* text = from.if_string())
        into = snowflake(std::string(text->data(), text->size()));
    else if (auto const* number = from.if_uint64())
        into = snowflake(std::to_string(*number));
    else if (auto const* small = from.if_int64(); small != nullptr && *small >= 0)
        into = snowflake(std::to_string(*small));
    else
        return false;
    return true;
}

bool read_value(json::value const& from, bool& into)
{
    auto const* value = from.if_bool();
    if (value != nullptr)
        into = *value;
    return value != nullptr;
}

bool read_value(json::value const& from, std::uint32_t& into)
{
    auto const* number = from.if_int64(); // whatever fits in it is of this kind
    auto const fits = number != nullptr && std::in_range<std::uint32_t>(*number);
    if (fits)
        into = static_cast<std::uint32_t>(*number);
    return fits;
}

bool read_value(json::value const& from, timestamp& into)
{
    auto const* text = from.if_string();
    auto const time = text == nullptr ? std::nullopt : parse_timestamp({text->data(), text->size()});
    if (time)
        into = *time;
    return time.has_value();
}

bool read_value(json::value const& from, std::vector<std::string>& into)
{
    // More than anybody has of anything; each takes ten times the memory that it takes in JSON.
    constexpr std::size_t most = 1'000;
    auto const* list = from.if_array();
    if (list == nullptr || list->size() > most)
        return false;
    into.clear();
    for (auto const& item : *list)
        if (auto const* text = item.if_string())
            into.emplace_back(text->data(), text->size());
    return true;
}

bool is_empty_or_json(std::string_view body, std::string& problem)
{
    if (body.empty())
        return true;
    json_document const document(body);
    if (document.root() != nullptr)
        return !is_error(*document.root(), problem);
    problem = "the body is not JSON";
    return false;
}

bool is_error(json::value const& answer, std::string& problem)
{
    auto const* object = answer.if_object();
    if (object == nullptr || !has_string(*object, "code") || !has_string(*object, "message"))
        return false;
    problem = "an error came with a status of success";
    return true;
}

std::string member_problem(std::string_view name, std::string_view what)
{
    std::string problem("`");
    problem += name;
    problem += "` ";
    problem += what;
    return problem;
}

} // namespace fluxer::auth::wire
