#include "cli/operation_recorder.hpp"

#include <numeric>

namespace fluxer::auth::cli {

void operation_recorder::on_event(event const& what)
{
    auto& record = records_[static_cast<std::size_t>(what.operation)];
    if (what.kind == event_kind::call_end) {
        ++record.calls;
        record.errors += what.code ? 1 : 0;
        record.call_times.add(what.duration);
    } else if (what.kind == event_kind::throttled) {
        ++record.throttled;
    } else if (what.kind == event_kind::attempt_end) {
        ++record.requests;
        record.exchange_times.add(what.duration);
        if (what.status == 429) {
            ++record.answers_429;
            late_429_ += what.when >= learnt_ ? 1 : 0;
        }
    }
}

std::uint64_t operation_recorder::throttled() const noexcept
{
    return sum(&operation_record::throttled);
}

std::uint64_t operation_recorder::answers_429() const noexcept
{
    return sum(&operation_record::answers_429);
}

std::uint64_t operation_recorder::sum(std::uint64_t operation_record::*what) const noexcept
{
    return std::accumulate(
        records_.begin(), records_.end(), std::uint64_t{0},
        [what](std::uint64_t so_far, operation_record const& each) { return so_far + each.*what; });
}

} // namespace fluxer::auth::cli
