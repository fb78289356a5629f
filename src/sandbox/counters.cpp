#include "sandbox/counters.hpp"

#include "sandbox/routes.hpp"

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

static_assert(counter_set::unknown_operation == known_operations);

std::uint64_t counter_set::begin_request(std::size_t operation)
{
    ++requests_;
    ++by_operation_[std::min(operation, unknown_operation)];
    auto const under_way = ++in_flight_;
    auto most = in_flight_max_.load();
    while (most < under_way && !in_flight_max_.compare_exchange_weak(most, under_way)) {}
    return under_way;
}

sandbox_counters counter_set::read() const
{
    sandbox_counters now;
    now.connections_accepted = connections_accepted;
    now.connections_open = connections_open;
    now.tls_handshakes = tls_handshakes;
    now.tls_resumptions = tls_resumptions;
    now.requests = requests_;
    now.in_flight = in_flight_;
    now.in_flight_max = in_flight_max_;
    now.faults_injected = faults_injected;
    for (std::size_t i = 0; i <= unknown_operation; ++i) {
        auto const name = i < unknown_operation ? operations()[i].id : std::string_view("unknown");
        if (auto const count = by_operation_[i].load(); count > 0)
            now.requests_by_operation.emplace(name, count);
    }
    return now;
}

} // namespace fluxer::auth::sandbox_detail
