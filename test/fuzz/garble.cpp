#include "garble.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth::fuzz {

namespace {

namespace json = boost::json;

std::size_t below(std::size_t end, random_numbers& random)
{
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

void collect(json::value& from, std::vector<json::value*>& into)
{
    into.push_back(&from);
    if (auto* const object = from.if_object()) {
        for (auto& member : *object)
            collect(member.value(), into);
    } else if (auto* const array = from.if_array()) {
        for (auto& element : *array)
            collect(element, into);
    }
}

json::value some_value(random_numbers& random)
{
    switch (below(11, random)) {
    case 0:
        return nullptr;
    case 1:
        return below(2, random) == 0;
    case 2:
        return -1;
    case 3:
        return 0;
    case 4:
        return 1e308;
    case 5:
        return std::numeric_limits<std::int64_t>::max();
    case 6:
        return std::numeric_limits<std::uint64_t>::max();
    case 7:
        return "";
    case 8:
        return json::string(1'000, 'a');
    case 9:
        return json::array();
    default:
        return json::object();
    }
}

/// Takes a member or an element away, or gives a member another name.
void thin_out(json::value& where, random_numbers& random)
{
    if (auto* const array = where.if_array(); array != nullptr && !array->empty()) {
        array->erase(array->begin() + static_cast<std::ptrdiff_t>(below(array->size(), random)));
    } else if (auto* const object = where.if_object(); object != nullptr && !object->empty()) {
        auto* const gone = object->begin() + static_cast<std::ptrdiff_t>(below(object->size(), random));
        auto const name = std::string(gone->key()) + "_";
        auto value = gone->value();
        object->erase(gone);
        if (below(2, random) == 0)
            object->emplace(name, std::move(value));
    }
}

} // namespace

void garble(json::value& document, random_numbers& random)
{
    std::vector<json::value*> places;
    collect(document, places);
    auto& place = *places[below(places.size(), random)];
    switch (below(3, random)) {
    case 0:
        place = some_value(random);
        break;
    case 1:
        thin_out(place, random);
        break;
    default: {
        auto const from_elsewhere = *places[below(places.size(), random)];
        place = from_elsewhere;
    }
    }
}

} // namespace fluxer::auth::fuzz
