#include "recording.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

/// Thrown and caught in here only.
struct no_recording : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

json::value const& member(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    if (found == nullptr)
        throw no_recording("`" + std::string(name) + "` is missing");
    return *found;
}

json::object const& object_member(json::object const& object, std::string_view name)
{
    auto const* found = member(object, name).if_object();
    if (found == nullptr)
        throw no_recording("`" + std::string(name) + "` is not an object");
    return *found;
}

std::string text_of(json::value const& value, std::string_view name)
{
    auto const* text = value.if_string();
    if (text == nullptr)
        throw no_recording("`" + std::string(name) + "` is not a string");
    return std::string(view(*text));
}

std::string text_member(json::object const& object, std::string_view name)
{
    return text_of(member(object, name), name);
}

// A field that was sent twice is recorded as an array.
void add_field(header_list& into, std::string_view name, json::value const& value)
{
    if (auto const* several = value.if_array())
        for (auto const& one : *several)
            into.emplace_back(std::string(name), text_of(one, name));
    else
        into.emplace_back(std::string(name), text_of(value, name));
}

header_list read_headers(json::object const& from)
{
    header_list headers;
    for (auto const& [name, value] : object_member(from, "headers"))
        add_field(headers, std::string_view(name.data(), name.size()), value);
    return headers;
}

/// Undoes "xxxx...(20000 bytes)". False: something else than one repeated character was cut off.
bool expand(std::string& text)
{
    constexpr std::string_view end = " bytes)";
    auto const cut = text.rfind("...(");
    if (cut == std::string::npos || !text.ends_with(end))
        return true;
    std::size_t size = 0;
    auto const* const first = text.data() + cut + 4;
    auto const* const last = text.data() + text.size() - end.size();
    if (first >= last || std::from_chars(first, last, size).ptr != last)
        return true;
    if (cut == 0 || text.find_first_not_of(text[0]) != cut)
        return false;
    text.assign(size, text[0]);
    return true;
}

bool expand(header_list& headers)
{
    return std::all_of(headers.begin(), headers.end(), [](header& field) { return expand(field.value); });
}

bool has_replacement(std::string_view text) noexcept
{
    return text.find("\xEF\xBF\xBD") != std::string_view::npos;
}

/// U+FFFD stands for bytes that are not UTF-8 if the length says that other bytes were there.
bool lost_bytes(std::string const& body, header_list const& headers)
{
    auto const* length = find_header(headers, "Content-Length");
    return has_replacement(body) && (length == nullptr || *length != std::to_string(body.size()));
}

recorded_request read_request(json::object const& from)
{
    recorded_request request;
    request.method = text_member(from, "method");
    request.path = text_member(from, "path");
    request.headers = read_headers(from);
    auto const* body = from.if_contains("body");
    if (body != nullptr && !body->is_null())
        request.body = text_of(*body, "body");
    if (!expand(request.headers) || (request.body && !expand(*request.body)))
        request.lost = "the recording abbreviates the request";
    else if (request.body && lost_bytes(*request.body, request.headers))
        request.lost = "the request's body has bytes that are not UTF-8, which the recording does not hold";
    return request;
}

recorded_response read_response(json::object const& from)
{
    recorded_response response;
    auto const* status = member(from, "status").if_int64();
    if (status == nullptr || *status < 100 || *status > 999)
        throw no_recording("`status` is not an HTTP status");
    response.status = static_cast<int>(*status);
    response.headers = read_headers(from);
    auto const* body = from.if_contains("body");
    if (body != nullptr && !body->is_null())
        response.body = text_of(*body, "body");
    auto const* line = from.if_contains("status_line");
    response.status_line = line != nullptr && line->is_string() ? std::string(view(line->get_string()))
                                                                : "HTTP/1.1 " + std::to_string(*status) + " ";
    if (!expand(response.headers) || !expand(response.body))
        response.lost = "the recording abbreviates the answer";
    else if (lost_bytes(response.body, response.headers))
        response.lost = "the answer's body has bytes that are not UTF-8, which the recording does not hold";
    return response;
}

void read_into(recording& into, std::string const& text)
{
    json::error_code problem;
    auto const document = json::parse(text, problem);
    if (problem)
        throw no_recording("it is not JSON");
    auto const* root = document.if_object();
    if (root == nullptr)
        throw no_recording("it is not a JSON object");
    into.operation = text_member(*root, "operation");
    into.request = read_request(object_member(*root, "request"));
    into.response = read_response(object_member(*root, "response"));
}

recording load(fs::path const& file)
{
    recording loaded;
    loaded.name = file.stem().string();
    std::ifstream stream(file, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    try {
        if (!stream.good() && !stream.eof())
            throw no_recording("the file can't be read");
        read_into(loaded, text);
    } catch (no_recording const& problem) {
        loaded.problem = problem.what();
    }
    return loaded;
}

} // namespace

std::vector<recording> load_recordings(fs::path const& folder)
{
    std::error_code problem;
    fs::directory_iterator const entries(folder, problem);
    if (problem)
        throw std::runtime_error("cannot read the folder " + folder.string() + ": " + problem.message());
    std::vector<fs::path> files;
    for (auto const& entry : entries)
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<recording> loaded;
    loaded.reserve(files.size());
    for (auto const& file : files)
        loaded.push_back(load(file));
    return loaded;
}

} // namespace fluxer::auth::conformance
