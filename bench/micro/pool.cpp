#include "unit/core/pool_state_support.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace fluxer::auth;

core::pool_settings settings_for(std::size_t connections)
{
    core::pool_settings made;
    made.max_connections = connections;
    made.max_connecting = connections;
    return made;
}

/// A connection is lent and comes back, timers included.
void lease_idle(benchmark::State& state)
{
    auto const connections = static_cast<std::size_t>(state.range(0));
    test::pool_bench pool(settings_for(connections));
    pool.state.grow_to(connections);
    while (pool.dials > 0)
        pool.dial_succeeds();
    for ([[maybe_unused]] auto const turn : state)
        pool.give_back(*pool.checkout());
}

BENCHMARK(lease_idle)->Arg(1)->Arg(64)->Arg(1024);

/// The only connection goes from waiter to waiter.
void hand_over(benchmark::State& state)
{
    test::pool_bench pool(settings_for(1));
    test::fake_waiter waiter;
    pool.state.enqueue(waiter);
    pool.dial_succeeds();
    for ([[maybe_unused]] auto const turn : state) {
        test::fake_waiter next;
        pool.state.enqueue(next);
        pool.give_back(*waiter.connection());
        waiter.handed = next.handed;
        pool.woken.clear();
    }
}

BENCHMARK(hand_over);

} // namespace
