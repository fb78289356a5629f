#include "stage.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace json = boost::json;

/// A connection's "tls" replaces members of the server's.
json::object merged(std::optional<item> const& general, std::optional<item> const& own)
{
    json::object all;
    for (auto const& each : {general, own}) {
        if (!each)
            continue;
        if (!each->is_object())
            each->fail("must be an object");
        for (auto const& [key, value] : each->value().get_object())
            all[key] = value;
    }
    return all;
}

std::shared_ptr<test::server_tls const> make_tls(
    std::optional<item> const& general, std::optional<item> const& own, identities& with)
{
    json::value const all(merged(general, own));
    item const described(all, own ? own->path() : "$.server.tls");
    try {
        return std::make_shared<test::server_tls>(with.tls(described));
    } catch (script_error const&) {
        throw;
    } catch (std::exception const& e) {
        described.fail(e.what());
    }
}

std::size_t read_times(item const& from)
{
    if (from.value().is_string()) {
        from.choice({"any"});
        return std::numeric_limits<std::size_t>::max();
    }
    return from.size();
}

class plan_reader
{
public:
    plan_reader(std::optional<item> tls, identities& with)
        : tls_(std::move(tls))
        , with_(with)
    {}

    connection_plan read(item const& from)
    {
        connection_plan made;
        made.path = from.path();
        members fields(from);
        if (auto const times = fields.find("times"))
            made.times = read_times(*times);
        made.address = fields.text("address");
        made.steps = read_steps(fields.need("steps"));
        auto const plain = fields.flag("plain");
        auto const own = fields.find("tls");
        auto const refuse_resumption = fields.flag("refuse_resumption");
        fields.finish();
        if (plain && own)
            own->fail("a plain connection has no TLS");
        if (!plain)
            made.tls = own || refuse_resumption ? make_tls(tls_, own, with_) : shared();
        return made;
    }

private:
    // Connections without settings of their own share one cache of sessions.
    std::shared_ptr<test::server_tls const> shared()
    {
        if (!shared_)
            shared_ = make_tls(tls_, std::nullopt, with_);
        return shared_;
    }

    std::optional<item> tls_;
    identities& with_;
    std::shared_ptr<test::server_tls const> shared_;
};

} // namespace

server_plan read_server(members& script, identities& with)
{
    server_plan made;
    std::optional<item> tls;
    if (auto const server = script.find("server")) {
        members fields(*server);
        if (auto const addresses = fields.find("addresses"))
            made.addresses = addresses->texts();
        if (auto const holes = fields.find("black_holes"))
            made.black_holes = holes->texts();
        made.listening = fields.flag("listening", true);
        tls = fields.find("tls");
        fields.finish();
        if (made.addresses.empty())
            server->fail("needs an address");
    }
    plan_reader reader(tls, with);
    if (auto const connections = script.find("connections"))
        for (auto const& each : connections->list())
            made.connections.push_back(reader.read(each));
    return made;
}

stage::stage(server_plan const& plan, signals& hub)
    : plan_(plan)
    , hub_(hub)
    , used_(plan.connections.size(), 0)
{
    server_ = std::make_unique<test::scripted_server>(
        plan_.addresses, [this](test::peer const& to) { return assign(to); },
        [this](test::peer& with) { serve(with); });
    port_ = server_->port();
    if (!plan_.listening)
        server_->refuse_connections();
    for (auto const& address : plan_.black_holes)
        holes_.push_back(std::make_unique<test::black_hole>(server_->port(), address));
}

std::shared_ptr<test::server_tls const> stage::assign(test::peer const& to)
{
    std::lock_guard const lock(mutex_);
    auto const index = to.index();
    records_.resize(std::max(records_.size(), index + 1));
    assigned_.resize(records_.size());
    ++serving_;
    for (std::size_t at = 0; at < plan_.connections.size(); ++at) {
        auto const& plan = plan_.connections[at];
        if (used_[at] >= plan.times || (!plan.address.empty() && plan.address != to.address()))
            continue;
        ++used_[at];
        assigned_[index] = &plan;
        records_[index].assigned = true;
        return plan.tls;
    }
    problems_.push_back(
        "connection " + std::to_string(index) + " to " + to.address() +
        ": no entry of $.connections is left for it");
    return nullptr;
}

void stage::serve(test::peer& with)
{
    auto const index = with.index();
    connection_plan const* plan = nullptr;
    {
        std::lock_guard const lock(mutex_);
        plan = assigned_[index];
    }
    if (plan != nullptr) {
        actor on{with, hub_, port_, [&](std::string what) { report(index, what); }};
        auto const begun = plan->tls == nullptr || plan->steps.has_handshake || with.handshake();
        if (begun)
            plan->steps.run(on);
        // Held until the client goes: whatever it still says is counted.
        with.wait_for_close();
    }
    connection_record seen;
    seen.assigned = plan != nullptr;
    seen.ended = true;
    seen.handshaken = with.secured();
    seen.resumed = with.resumed();
    seen.said_close_notify = with.said_close_notify();
    seen.requests = with.requests();
    seen.bytes_after_close = with.bytes_after_close();
    seen.hello = with.hello();
    with.close();
    std::lock_guard const lock(mutex_);
    records_[index] = seen;
    --serving_;
    changed_.notify_all();
}

void stage::report(std::size_t index, std::string const& what)
{
    std::lock_guard const lock(mutex_);
    problems_.push_back("connection " + std::to_string(index) + ": " + what);
}

bool stage::wait_for_ends(std::chrono::milliseconds limit)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return serving_ == 0; });
}

void stage::close()
{
    server_.reset();
    holes_.clear();
}

std::vector<connection_record> stage::records() const
{
    std::lock_guard const lock(mutex_);
    return records_;
}

std::vector<std::string> stage::problems() const
{
    std::lock_guard const lock(mutex_);
    return problems_;
}

} // namespace fluxer::auth::faults
