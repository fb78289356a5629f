#include "script.hpp"

#include <boost/json/parse.hpp>

#include <fluxer/auth/observer.hpp>

#include <fstream>
#include <iterator>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds longest_limit = std::chrono::minutes(10);

std::optional<bound> read_bound(members& fields, std::string_view name)
{
    std::optional<bound> made;
    if (auto const found = fields.find(name))
        made.emplace(*found);
    return made;
}

bool is_event(std::string const& name)
{
    for (std::uint8_t index = 0; index <= static_cast<std::uint8_t>(event_kind::connection_closed); ++index)
        if (to_string(static_cast<event_kind>(index)) == name)
            return true;
    return false;
}

void read_events(item const& from, final_expectation& into)
{
    members each(from);
    for (auto const& [key, value] : from.value().get_object()) {
        std::string const name(key.data(), key.size());
        if (name == "comment")
            continue;
        if (!is_event(name))
            from.fail("there is no event '" + name + "'");
        into.events.emplace_back(name, bound(each.need(name)));
    }
}

void read_details(item const& from, final_expectation& into)
{
    members each(from);
    for (auto const& [key, value] : from.value().get_object()) {
        std::string const name(key.data(), key.size());
        if (name == "comment")
            continue;
        if (!is_event(name))
            from.fail("there is no event '" + name + "'");
        into.details.emplace_back(name, each.need(name).text());
    }
}

void read_server_expectation(item const& from, final_expectation& into)
{
    members fields(from);
    into.connections = read_bound(fields, "connections");
    into.handshakes = read_bound(fields, "handshakes");
    into.handshakes_resumed = read_bound(fields, "handshakes_resumed");
    into.requests = read_bound(fields, "requests");
    into.bytes_after_close = read_bound(fields, "bytes_after_close");
    into.close_notifies = read_bound(fields, "close_notifies");
    if (auto const list = fields.find("requests_per_connection")) {
        into.requests_per_connection.emplace();
        for (auto const& each : list->list())
            into.requests_per_connection->emplace_back(each);
    }
    if (auto const name = fields.find("server_name"))
        into.server_name = name->value().is_null() ? std::nullopt : std::optional(name->text());
    if (auto const protocols = fields.find("protocols"))
        into.protocols = protocols->text();
    fields.finish();
}

final_expectation read_expectation(members& from)
{
    final_expectation made;
    auto const expected = from.find("expect");
    if (!expected)
        return made;
    members fields(*expected);
    if (auto const server = fields.find("server"))
        read_server_expectation(*server, made);
    made.lookups = read_bound(fields, "lookups");
    if (auto const stats = fields.find("stats"))
        made.stats = gauges(*stats);
    if (auto const events = fields.find("events"))
        read_events(*events, made);
    if (auto const details = fields.find("details"))
        read_details(*details, made);
    made.retry_pause = read_bound(fields, "retry_pause_ms");
    if (auto const refused = fields.find("client_refused"))
        made.client_refused = refused->text();
    fields.finish();
    return made;
}

item root_of(json::value const& text)
{
    return item(text, "$");
}

} // namespace

json::value read_json(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw script_error("cannot be opened");
    std::string const text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    boost::system::error_code problem;
    auto made = json::parse(text, problem);
    if (problem)
        throw script_error("is not JSON: " + problem.message());
    return made;
}

script_header read_header(json::value const& text)
{
    script_header made;
    members fields(root_of(text));
    made.skip = fields.text("skip");
    made.limit = fields.milliseconds("limit_ms", made.limit);
    if (made.limit.count() < 1 || made.limit > longest_limit)
        root_of(text).fail("'limit_ms' must be from 1 to " + std::to_string(longest_limit.count()));
    return made;
}

script read_script(json::value text)
{
    script made;
    made.text = std::move(text);
    members fields(root_of(made.text));
    made.title = fields.need("title").text();
    static_cast<void>(fields.text("source"));
    made.skip = fields.text("skip");
    made.limit = fields.milliseconds("limit_ms", made.limit);
    if (auto const needs = fields.find("needs")) {
        made.needs = needs->texts();
        for (auto const& each : made.needs)
            if (each != "ipv6" && each != "idn" && each != "no_idn")
                needs->fail("'" + each + "' is not known");
    }
    made.keys = std::make_unique<identities>();
    made.client = read_client(fields, *made.keys);
    made.server = read_server(fields, *made.keys);
    made.lookups = read_lookups(fields, made.server.addresses.front());
    made.system = read_system_faults(fields);
    made.calls = read_actions(fields.need("calls"));
    made.expected = read_expectation(fields);
    fields.finish();
    return made;
}

} // namespace fluxer::auth::faults
