#include "gauges.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fluxer::auth::faults {

namespace {

struct row
{
    std::string_view name;
    std::uint64_t client_stats::*member;
};

constexpr std::array<row, 19> rows{{
    {"calls_in_flight", &client_stats::calls_in_flight},
    {"calls_waiting", &client_stats::calls_waiting},
    {"connections_idle", &client_stats::connections_idle},
    {"connections_in_use", &client_stats::connections_in_use},
    {"connections_connecting", &client_stats::connections_connecting},
    {"calls_started", &client_stats::calls_started},
    {"calls_succeeded", &client_stats::calls_succeeded},
    {"calls_failed", &client_stats::calls_failed},
    {"calls_cancelled", &client_stats::calls_cancelled},
    {"requests_sent", &client_stats::requests_sent},
    {"retries", &client_stats::retries},
    {"connections_opened", &client_stats::connections_opened},
    {"connections_reused", &client_stats::connections_reused},
    {"connections_closed", &client_stats::connections_closed},
    {"connect_failures", &client_stats::connect_failures},
    {"tls_handshakes", &client_stats::tls_handshakes},
    {"tls_handshakes_resumed", &client_stats::tls_handshakes_resumed},
    {"queue_full", &client_stats::queue_full},
    {"unexpected_bytes", &client_stats::unexpected_bytes},
}};

std::int64_t value_of(client_stats const& seen, std::size_t index)
{
    return static_cast<std::int64_t>(seen.*rows[index].member);
}

} // namespace

gauges::gauges(item const& from)
    : path_(from.path())
{
    members fields(from);
    for (std::size_t index = 0; index < rows.size(); ++index)
        if (auto const found = fields.find(rows[index].name))
            expected_.emplace_back(index, bound(*found));
    fields.finish();
}

bool gauges::hold(client_stats const& seen) const
{
    return std::all_of(expected_.begin(), expected_.end(), [&](auto const& each) {
        return each.second.holds(value_of(seen, each.first));
    });
}

void gauges::check(client_stats const& seen, findings& into) const
{
    for (auto const& [index, expected] : expected_)
        into.check(path_ + "." + std::string(rows[index].name), expected, value_of(seen, index));
}

} // namespace fluxer::auth::faults
