#ifndef FLUXER_AUTH_BENCH_FLOOR_REQUESTS_HPP
#define FLUXER_AUTH_BENCH_FLOOR_REQUESTS_HPP

#include "support/login.hpp"
#include "support/settings.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::bench::floor {

/// All bytes of a login, made once.
std::string login_request(settings const& how);

/// All bytes of a look at a handoff, made once.
std::string handoff_request(settings const& how);

/// Scans for the two fields and no more. The strings keep their memory from answer to answer.
void read_login(std::string_view body, login_answer& into);

/// Throws if the handoff is not pending.
void read_handoff(std::string_view body);

} // namespace fluxer::auth::bench::floor

#endif
