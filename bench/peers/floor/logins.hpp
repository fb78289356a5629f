#ifndef FLUXER_AUTH_BENCH_FLOOR_LOGINS_HPP
#define FLUXER_AUTH_BENCH_FLOOR_LOGINS_HPP

#include "support/settings.hpp"

#include <boost/json/object.hpp>

namespace fluxer::auth::bench::floor {

/// Logins over connections that stay.
boost::json::object keep_alive(settings const& how);

/// A new connection for each login.
boost::json::object new_connections(settings const& how);

/// Memory of connections that do nothing.
boost::json::object idle(settings const& how);

/// Looks at a handoff by many pollers.
boost::json::object poll(settings const& how);

} // namespace fluxer::auth::bench::floor

#endif
