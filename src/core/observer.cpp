#include <fluxer/auth/observer.hpp>

#include <array>
#include <cstddef>

namespace fluxer::auth {

namespace {

constexpr std::array<std::string_view, 22> names{
    "call_start",        "call_end",          "queue_start",     "queue_end",     "attempt_start",
    "attempt_end",       "request_sent",      "first_byte",      "retry",         "retry_refused",
    "throttled",         "resolve_start",     "resolve_end",     "connect_start", "connect_end",
    "proxy_start",       "proxy_end",         "handshake_start", "handshake_end", "connection_open",
    "connection_reused", "connection_closed",
};

static_assert(names.size() == static_cast<std::size_t>(event_kind::connection_closed) + 1);

} // namespace

observer::~observer() = default;

std::string_view to_string(event_kind value) noexcept
{
    auto const index = static_cast<std::size_t>(value);
    return index < names.size() ? names[index] : "unknown";
}

} // namespace fluxer::auth
