#include "steps.hpp"

#include "request_expectation.hpp"
#include "values.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace fluxer::auth::faults {

namespace {

using std::chrono::milliseconds;

struct pieces
{
    std::string bytes;
    std::vector<std::size_t> offsets; ///< where one piece ends and the next begins
    milliseconds pause{0};
};

/// A value, or an object with "bytes" that also tells how they are cut.
pieces read_pieces(item const& from)
{
    pieces made;
    if (!from.is_object() || !from.value().get_object().contains("bytes")) {
        made.bytes = bytes_of(from);
        return made;
    }
    members fields(from);
    made.bytes = bytes_of(fields.need("bytes"));
    made.pause = fields.milliseconds("pause_ms", milliseconds(0));
    if (auto const offsets = fields.find("split_at"))
        for (auto const& each : offsets->list())
            made.offsets.push_back(each.size());
    if (auto const every = fields.find("split_every")) {
        auto const size = static_cast<std::size_t>(every->integer(1));
        for (auto at = size; at < made.bytes.size(); at += size)
            made.offsets.push_back(at);
    }
    fields.finish();
    if (!std::is_sorted(made.offsets.begin(), made.offsets.end()))
        from.fail("the offsets must rise");
    return made;
}

template <class Send>
bool send_pieces(actor& on, pieces const& what, Send send)
{
    auto const bytes = on.placed(what.bytes);
    std::string_view const all(bytes);
    std::size_t at = 0;
    for (auto const offset : what.offsets) {
        auto const end = std::min(offset, all.size());
        if (!send(all.substr(at, end - at)))
            return false;
        at = end;
        if (what.pause.count() > 0 && !on.hub.pause(what.pause))
            return false;
    }
    return send(all.substr(at));
}

step read_send(item const& from)
{
    return [what = read_pieces(from)](actor& on) {
        return send_pieces(on, what, [&](std::string_view bytes) { return on.with.send(bytes); });
    };
}

step read_send_plain(item const& from)
{
    return [what = read_pieces(from)](actor& on) {
        return send_pieces(on, what, [&](std::string_view bytes) { return on.with.send_plain(bytes); });
    };
}

step read_respond(item const& from)
{
    return [bytes = response_of(from)](actor& on) { return on.with.send(on.placed(bytes)); };
}

step read_serve(item const& from)
{
    return [bytes = response_of(from)](actor& on) {
        auto const answer = on.placed(bytes);
        while (!on.with.read_request().empty())
            if (!on.with.send(answer))
                break;
        return true;
    };
}

bool serve(actor& on)
{
    while (!on.with.read_request().empty())
        if (!on.with.send("HTTP/1.1 204 No Content\r\n\r\n"))
            break;
    return true;
}

step read_expect(item const& from)
{
    auto const wanted = std::make_shared<request_expectation>(from);
    return [wanted](actor& on) {
        auto const request = on.with.read_request();
        if (request.empty()) {
            if (!wanted->optional())
                on.report(wanted->path() + ": the client sent no such request");
            return false;
        }
        wanted->check(request, on.report);
        return true;
    };
}

bool expect_any(actor& on)
{
    if (!on.with.read_request().empty())
        return true;
    on.report("the client did not send a request that a step expects");
    return false;
}

step read_handshake(item const& from)
{
    auto const wanted = from.choice({"ok", "fails", "any"});
    return [wanted, path = from.path()](actor& on) {
        auto const good = on.with.handshake();
        if (wanted == 0 && !good)
            on.report(path + ": the handshake failed");
        if (wanted == 1 && good)
            on.report(path + ": the handshake did not fail");
        return good == (wanted != 1);
    };
}

step read_partial_handshake(item const& from)
{
    members fields(from);
    auto const bytes = static_cast<std::size_t>(fields.integer("bytes", 0));
    auto const records = static_cast<std::size_t>(fields.integer("records", 0));
    fields.finish();
    return [=](actor& on) { return on.with.partial_handshake(bytes, records); };
}

step read_bytes(item const& from)
{
    return [count = from.size(), path = from.path()](actor& on) {
        if (on.with.read_bytes(count))
            return true;
        on.report(
            path + ": expected " + std::to_string(count) + " bytes, seen " +
            std::to_string(on.with.unread().size()));
        return false;
    };
}

step read_pause(item const& from)
{
    return [time = from.milliseconds()](actor& on) { return on.hub.pause(time); };
}

step read_wait_for(item const& from)
{
    return [names = from.texts()](actor& on) {
        return std::all_of(
            names.begin(), names.end(), [&](std::string const& name) { return on.hub.wait(name); });
    };
}

step read_signal(item const& from)
{
    return [name = from.text()](actor& on) {
        on.hub.give(name);
        return true;
    };
}

step read_tickets(item const& from)
{
    return [count = from.size()](actor& on) { return on.with.send_tickets(count); };
}

step read_pace(item const& from)
{
    members fields(from);
    auto const bytes = fields.need("bytes").size();
    auto const pause = fields.milliseconds("pause_ms", milliseconds(0));
    fields.finish();
    return [=](actor& on) {
        on.with.set_pace(bytes, pause);
        return true;
    };
}

step read_wait_for_close(item const& from)
{
    members fields(from);
    auto const limit = fields.need("within_ms").milliseconds();
    fields.finish();
    return [limit, path = from.path()](actor& on) {
        if (on.with.wait_for_close(limit))
            return true;
        if (!on.hub.finished())
            on.report(path + ": the client did not close the connection");
        return false;
    };
}

step read_repeat(item const& from)
{
    members fields(from);
    auto const times = fields.need("times").size();
    auto const inner = read_steps(fields.need("steps"));
    fields.finish();
    return [times, inner](actor& on) {
        for (std::size_t count = 0; count < times; ++count)
            if (!inner.run(on))
                return false;
        return true;
    };
}

struct worded_step
{
    std::string_view name;
    bool (*run)(actor&);
    bool is_handshake = false;
};

constexpr std::array<worded_step, 12> worded_steps{{
    {"handshake", [](actor& on) { return on.with.handshake(); }, true},
    {"expect", expect_any},
    {"serve", serve},
    {"stall",
     [](actor& on) {
         on.hub.wait("");
         return true;
     }},
    {"close_notify",
     [](actor& on) {
         on.with.close_notify();
         return true;
     }},
    {"half_close",
     [](actor& on) {
         on.with.half_close();
         return true;
     }},
    {"reset",
     [](actor& on) {
         on.with.reset();
         return true;
     }},
    {"close",
     [](actor& on) {
         on.with.close();
         return true;
     }},
    {"wait_for_close",
     [](actor& on) {
         on.with.wait_for_close();
         return true;
     }},
    {"renegotiate", [](actor& on) { return on.with.renegotiate(); }},
    {"new_keys", [](actor& on) { return on.with.update_keys(); }},
    {"no_handshake", [](actor&) { return true; }, true},
}};

struct keyed_step
{
    std::string_view name;
    step (*read)(item const&);
    bool is_handshake = false;
};

constexpr std::array<keyed_step, 15> keyed_steps{{
    {"handshake", read_handshake, true},
    {"partial_handshake", read_partial_handshake, true},
    {"expect", read_expect},
    {"read_bytes", read_bytes},
    {"send", read_send},
    {"send_plain", read_send_plain},
    {"respond", read_respond},
    {"serve", read_serve},
    {"pause_ms", read_pause},
    {"wait_for", read_wait_for},
    {"signal", read_signal},
    {"tickets", read_tickets},
    {"pace", read_pace},
    {"wait_for_close", read_wait_for_close},
    {"repeat", read_repeat},
}};

void add_worded(item const& from, step_list& into)
{
    auto const name = from.text();
    for (auto const& row : worded_steps) {
        if (row.name != name)
            continue;
        into.steps.emplace_back(row.run);
        into.has_handshake = into.has_handshake || row.is_handshake;
        return;
    }
    from.fail("there is no step '" + name + "' without arguments");
}

void add_keyed(item const& from, step_list& into)
{
    members fields(from);
    auto const argument = fields.only();
    auto const name = std::string_view(argument.path()).substr(from.path().size() + 1);
    for (auto const& row : keyed_steps) {
        if (row.name != name)
            continue;
        into.steps.push_back(row.read(argument));
        into.has_handshake = into.has_handshake || row.is_handshake;
        return;
    }
    from.fail("there is no step '" + std::string(name) + "' with an argument");
}

} // namespace

std::string actor::placed(std::string bytes) const
{
    constexpr std::string_view mark = "{port}";
    for (auto at = bytes.find(mark); at != std::string::npos; at = bytes.find(mark, at))
        bytes.replace(at, mark.size(), std::to_string(port));
    return bytes;
}

bool step_list::run(actor& on) const
{
    return std::all_of(steps.begin(), steps.end(), [&](step const& each) { return each(on); });
}

step_list read_steps(item const& from)
{
    step_list made;
    for (auto const& each : from.list()) {
        if (each.value().is_string())
            add_worded(each, made);
        else
            add_keyed(each, made);
    }
    return made;
}

} // namespace fluxer::auth::faults
