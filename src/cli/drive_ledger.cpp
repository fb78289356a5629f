#include "cli/drive_ledger.hpp"

#include <tuple>
#include <utility>

namespace fluxer::auth::cli {

flow_failure::flow_failure(error const& why, std::string_view end)
    : operation(auth::to_string(why.operation()))
    , reason(end.empty() ? why.code().message() : std::string(end))
    , phase(auth::to_string(why.phase()))
    , example(why.to_string())
{}

flow_failure::flow_failure(std::string operation_, std::string reason_)
    : operation(std::move(operation_))
    , reason(std::move(reason_))
{}

std::strong_ordering operator<=>(flow_failure const& left, flow_failure const& right)
{
    return std::tie(left.operation, left.reason, left.phase) <=>
           std::tie(right.operation, right.reason, right.phase);
}

void drive_ledger::start(flow_kind kind)
{
    ++counts_[index(kind)].started;
}

void drive_ledger::complete(flow_kind kind, flow_times const& when)
{
    ++counts_[index(kind)].completed;
    service_[index(kind)].add(when.ended - when.started);
    latency_[index(kind)].add(when.ended - when.due);
    delays_.add(when.started - when.due);
}

void drive_ledger::fail(flow_kind kind, flow_failure why)
{
    ++counts_[index(kind)].failed;
    ++failures_[{kind, std::move(why)}];
}

void drive_ledger::cancel(flow_kind kind)
{
    ++counts_[index(kind)].cancelled;
}

drive_ledger::counts drive_ledger::total() const noexcept
{
    counts sum;
    for (auto const& each : counts_) {
        sum.started += each.started;
        sum.completed += each.completed;
        sum.failed += each.failed;
        sum.cancelled += each.cancelled;
    }
    return sum;
}

} // namespace fluxer::auth::cli
