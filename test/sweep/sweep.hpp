#ifndef FLUXER_AUTH_TEST_SWEEP_SWEEP_HPP
#define FLUXER_AUTH_TEST_SWEEP_SWEEP_HPP

#include "sweep/server.hpp"
#include "sweep/trial.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace fluxer::auth::test {

/// Counts the awaitable's suspension points in runs of their own, then deals each blow at each of them, one trial after
/// the other.
///
/// @param least that many points there are
void sweep(scenario const& what, std::size_t least);

/// The same with all trials of all scenarios at once, for what has pauses by the real clock.
void sweep_together(std::vector<scenario> const& all, std::size_t least);

/// What the scenarios of one server have in common.
scenario scenario_for(sweep_server& server, std::string name);

/// A call of the client, by itself.
void check_next_call(world& in);

/// Has one connection idle.
void warm(world& in);

/// Has another call hold a connection.
void occupy(world& in);

/// Lets that one go, and lets it end.
void let_go(sweep_server& server, world& in);
void await_occupant(world& in);

} // namespace fluxer::auth::test

#endif
