#include "sweep/server.hpp"

#include <utility>

namespace fluxer::auth::test {

namespace {

std::string id_of(std::string_view request)
{
    constexpr std::string_view name = "X-Request-ID: ";
    auto const at = request.find(name);
    if (at == std::string_view::npos)
        return {};
    auto const value = request.substr(at + name.size());
    return std::string(value.substr(0, value.find("\r\n")));
}

} // namespace

int ledger::count(std::string const& id)
{
    std::lock_guard const lock(mutex_);
    return ++seen_[id];
}

int ledger::times(std::string const& id) const
{
    std::lock_guard const lock(mutex_);
    auto const found = seen_.find(id);
    return found == seen_.end() ? 0 : found->second;
}

sweep_server::sweep_server(server_manners manners)
    : manners_(std::move(manners))
    , server_(
          std::make_unique<scripted_server>(test_authority().issue(), [this](peer& with) { serve(with); }))
{}

void sweep_server::let_go(std::string const& id, int times)
{
    std::lock_guard const lock(mutex_);
    let_go_[id] = times;
}

int sweep_server::released(std::string const& id) const
{
    std::lock_guard const lock(mutex_);
    auto const found = let_go_.find(id);
    return found == let_go_.end() ? 0 : found->second;
}

bool sweep_server::await_release(peer& with, std::string const& id, int times) const
{
    while (released(id) < times) {
        if (with.wait_for_close(std::chrono::milliseconds(1)) || !with.stall(std::chrono::milliseconds(0)))
            return false;
    }
    return true;
}

void sweep_server::serve(peer& with)
{
    if (manners_.proxy) {
        if (with.read_request().empty())
            return;
        with.send_plain("HTTP/1.1 200 OK\r\n\r\n");
    }
    if (!with.handshake())
        return;
    if (manners_.pace > 0)
        with.set_pace(manners_.pace, std::chrono::milliseconds(1));
    for (auto request = with.read_request(); !request.empty(); request = with.read_request()) {
        if (!answer(with, request))
            return;
    }
}

bool sweep_server::answer(peer& with, std::string const& request)
{
    auto const id = id_of(request);
    auto const times = received.count(id);
    if (!id.empty() && !await_release(with, id, times))
        return false;
    if (request.find("/hold ") != std::string::npos || request.find("/next ") != std::string::npos)
        return with.send(no_content);
    if (times == 1 && manners_.loses_first)
        return false;
    if (times == 1 && manners_.refuses_first)
        return with.send("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n");
    return manners_.answer.empty() ? with.send(no_content) : with.respond(200, manners_.answer);
}

} // namespace fluxer::auth::test
