#include "resolver_script.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::faults {

namespace {

lookup_plan read_lookup(item const& from)
{
    lookup_plan made;
    if (!from.is_object()) {
        made.addresses = from.texts();
        return made;
    }
    members fields(from);
    if (auto const addresses = fields.find("addresses"))
        made.addresses = addresses->texts();
    if (auto const failure = fields.find("failure"))
        made.failure = failure->text();
    made.block = fields.milliseconds("block_ms", made.block);
    made.wait_for = fields.text("wait_for");
    fields.finish();
    return made;
}

} // namespace

std::vector<lookup_plan> read_lookups(members& script, std::string const& server_address)
{
    std::vector<lookup_plan> made;
    if (auto const resolver = script.find("resolver"))
        for (auto const& each : resolver->list())
            made.push_back(read_lookup(each));
    if (made.empty())
        made.push_back({{server_address}, {}, {}, {}});
    return made;
}

scripted_resolver::scripted_resolver(std::vector<lookup_plan> plan, std::shared_ptr<signals> hub)
    : plan_(std::move(plan))
    , hub_(std::move(hub))
{}

std::vector<std::string> scripted_resolver::look_up()
{
    lookup_plan now;
    {
        std::lock_guard const lock(mutex_);
        now = plan_[std::min(lookups_, plan_.size() - 1)];
        ++lookups_;
    }
    if (now.block.count() > 0)
        hub_->pause(now.block);
    if (!now.wait_for.empty())
        hub_->wait(now.wait_for);
    if (now.failure)
        throw std::runtime_error(*now.failure);
    return now.addresses;
}

std::size_t scripted_resolver::lookups() const
{
    std::lock_guard const lock(mutex_);
    return lookups_;
}

} // namespace fluxer::auth::faults
