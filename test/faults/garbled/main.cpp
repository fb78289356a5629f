// Reads fault scripts with something wrong in them. The reader has to take them or to say what is wrong; it stands on
// Asio, which clang 14 does not compile with libstdc++ 12, so that there is no libFuzzer target for it.

#include "script.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::faults {

namespace {

namespace json = boost::json;
using random_numbers = std::mt19937;

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
        return json::string(5'000, 'a');
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
        auto const gone = object->begin() + static_cast<std::ptrdiff_t>(below(object->size(), random));
        auto const name = std::string(gone->key()) + "_";
        auto value = gone->value();
        object->erase(gone);
        if (below(2, random) == 0)
            object->emplace(name, std::move(value));
    }
}

void garble(json::value& script, random_numbers& random)
{
    std::vector<json::value*> places;
    collect(script, places);
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

struct tally
{
    std::size_t taken = 0;
    std::size_t refused = 0;
    std::size_t failed = 0;
};

void read_garbled(json::value script, random_numbers& random, tally& into)
{
    for (auto left = 1 + below(3, random); left != 0; --left)
        garble(script, random);
    auto const text = json::serialize(script);
    try {
        read_script(std::move(script));
        ++into.taken;
    } catch (script_error const&) {
        ++into.refused;
    } catch (std::exception const& other) {
        ++into.failed;
        std::cerr << "FAILED with " << other.what() << ": " << text.substr(0, 2'000) << '\n';
    }
}

int run(std::filesystem::path const& folder, std::size_t times)
{
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    random_numbers random; // NOLINT(cert-msc51-cpp): the same each time
    tally result;
    for (auto const& file : files) {
        auto const script = read_json(file);
        for (std::size_t time = 0; time < times; ++time)
            read_garbled(script, random, result);
    }
    std::cout << files.size() << " scripts, " << result.taken << " garbled ones read, " << result.refused
              << " refused, " << result.failed << " failed" << std::endl;
    // Nothing refused would mean that nothing was garbled.
    return result.failed == 0 && result.taken != 0 && result.refused != 0 ? 0 : 1;
}

} // namespace

} // namespace fluxer::auth::faults

int main(int count, char** words)
{
    std::size_t times = 0;
    std::string_view const number = count == 3 ? words[2] : "";
    auto const parsed = std::from_chars(number.data(), number.data() + number.size(), times);
    if (count != 3 || parsed.ec != std::errc() || times == 0) {
        std::cerr
            << "usage: garbled_scripts DIR TIMES\nReads each script of the folder, garbled so many times.\n";
        return 2;
    }
    try {
        return fluxer::auth::faults::run(words[1], times);
    } catch (std::exception const& problem) {
        std::cerr << "garbled_scripts: " << problem.what() << '\n';
        return 1;
    }
}
